import { textOf, valuesOf } from '../../application/source/value';
import type { Rule } from '../rule';
import { productionSettings } from './production-settings';

const detailed = /^(debug|trace|verbose|silly|all)$/i;

export const logLevelDetailed: Rule = {
  rule: 'log-level-detailed',
  asks: 'Production logs less detail than development.',
  section: '10.2',
  severity: 'note',
  why: 'lines for developers may contain personal data, and logs are paid for by their size',
  fix: ['set the level of production to info'],
  example: "// config/production.ts\nlogging: { level: 'info', format: 'json' },",
  find(application) {
    return productionSettings(application, /^(log|logs|logging|logger)$/i, /^(level|logLevel)$/)
      .filter(({ value }) => valuesOf(value).every((each) => detailed.test(textOf(each) ?? '')))
      .map(({ file, line, name }) => ({ file, line, what: `${name} is a level for developers` }));
  },
};
