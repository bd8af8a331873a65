import type { Rule } from '../rule';
import { importRules } from './import-rules';

/** All rules, in the order of the framework's sections. */
export const rules: readonly Rule[] = [...importRules];
