import { alarmFacts } from './alarms';
import { edgeFacts } from './edge';
import type { Fact } from './fact';
import { logFacts } from './logs';
import { rdsFacts } from './rds';

/** Add a fact here, and each template is checked against it. */
export const FACTS: readonly Fact[] = [...alarmFacts, ...edgeFacts, ...logFacts, ...rdsFacts];
