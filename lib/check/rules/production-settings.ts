import { readConfigFile } from '../../application/source/config-file';
import { entriesOf } from '../../application/source/members';
import { textOf, type Value, valuesOf } from '../../application/source/value';
import type { CheckedApplication } from '../sources/checked-application';
import { configFiles } from './configuration-rules';
import { falseWithout } from './without-variables';

/** A setting in config/ that applies to production. */
export interface ProductionSetting {
  readonly file: string;
  readonly line: number | undefined;
  /** Name such as `session.secureCookie`. */
  readonly name: string;
  readonly value: Value;
  /** The variable without which the value is false, as in `process.env.COOKIE_SECURE === 'true'`. */
  readonly needs: string | undefined;
}

/**
 * Returns the settings in sections of config/production, and those of config/default that production does not
 * override.
 */
export function productionSettings(
  application: CheckedApplication,
  sections: RegExp,
  keys: RegExp,
): ProductionSetting[] {
  const files = configFiles(application);
  const found = new Map<string, ProductionSetting>();
  // The file of the environment overrides the defaults.
  for (const file of [files.get('production'), files.get('default')]) {
    if (!file) continue;
    const { evaluator, value: root } = readConfigFile(application.directory, file);
    for (const [section, inner] of namedIn(root)) {
      if (!sections.test(section)) continue;
      for (const [key, value, line] of namedIn(evaluator.operand(inner))) {
        const name = `${section}.${key}`;
        if (keys.test(key) && !found.has(name))
          found.set(name, {
            file,
            line,
            name,
            value: evaluator.operand(value),
            needs: 'node' in value ? falseWithout(evaluator, value.node) : undefined,
          });
      }
    }
    function namedIn(value: Value) {
      return valuesOf(value).flatMap((each) =>
        each.kind === 'object'
          ? entriesOf(evaluator, each).map(({ name, value: operand }) => {
              const line = 'node' in operand ? operand.node.loc?.start.line : undefined;
              return [textOf(name) ?? '', operand, line] as const;
            })
          : [],
      );
    }
  }
  return [...found.values()];
}
