import { readConfigFile, setting } from '../../application/source/config-file';
import { entriesOf } from '../../application/source/members';
import type { Node } from '../../application/source/syntax';
import type { Value } from '../../application/source/value';
import type { Found } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { documentedVariables } from './configuration-rules';
import { isSecretName } from './secret-names';

/** Finds values that Vite's configuration takes from the environment: `define`, and prefixes of other variables. */
export function ofConfiguration(application: CheckedApplication): Found[] {
  const file = application.client.viteConfig;
  const text = file && application.text(file);
  if (!text) return [];
  const everything =
    /['"`]?(import\.meta|process)\.env['"`]?\s*:\s*(JSON\.stringify\(\s*)?(process\.env\b(?!\.)|\{\s*\.\.\.\s*process\.env)/;
  const secrets = [
    ...['DATABASE_URL', 'DB_PASSWORD', 'SESSION_SECRET', 'SECRET_KEY', 'JWT_SECRET', 'AUTH_SECRET'],
    ...[...(documentedVariables(application)?.names.keys() ?? [])].filter(isSecretName),
  ];
  const named = /\b(?:process\.env|\w*env)(?:\.|\[['"`])([A-Z][A-Z0-9_]*)/g;
  const ofLines = text.split('\n').flatMap((line, index): Found[] => {
    const place = { file, line: index + 1 };
    if (/^\s*(\/\/|\*)/.test(line)) return [];
    if (everything.test(line))
      return [{ ...place, what: 'the whole environment becomes part of the client' }];
    const prefixes = /envPrefix\s*:\s*(\[[^\]]*\]|['"`][^'"`]*['"`])/.exec(line)?.[1] ?? '';
    const wrong = [...prefixes.matchAll(/['"`]([^'"`]*)['"`]/g)]
      .map(([, prefix = '']) => prefix)
      .find(
        (prefix) => secrets.some((name) => name.startsWith(prefix)) || /^(API|STRIPE|AWS)_?$/.test(prefix),
      );
    if (wrong !== undefined)
      return [{ ...place, what: `envPrefix '${wrong}' makes variables of the server part of the client` }];
    if (!/JSON\.stringify|define|['"`]\s*:/.test(line)) return [];
    return [...new Set([...line.matchAll(named)].map(([, name = '']) => name))]
      .filter(isSecretName)
      .map((name) => ({ ...place, what: `${name} becomes part of the client` }));
  });
  const told = new Set(ofLines.map(({ what }) => what));
  return [...ofLines, ...ofDefine(application, file, text).filter(({ what }) => !told.has(what))];
}

/** Returns the variables whose values `define` contains, on one line or on several, directly or through constants. */
function ofDefine(application: CheckedApplication, file: string, text: string): Found[] {
  const config = readConfigFile(application.directory, file);
  const { evaluator } = config;
  const names = new Set<string>();
  const note = (value: Value, depth = 0): void => {
    if (value.kind === 'variable') names.add(value.name);
    if (value.kind === 'either') for (const each of value.values) note(each, depth);
    if (depth > 2) return;
    if (value.kind === 'made' && /JSON\.stringify/.test(value.by) && value.node.type === 'CallExpression')
      for (const each of value.node.arguments) note(evaluator.value(each as Node), depth + 1);
    if (value.kind === 'object')
      for (const { value: operand } of entriesOf(evaluator, value))
        note(evaluator.operand(operand), depth + 1);
  };
  note(setting(config, 'define'));
  const lines = text.split('\n');
  return [...names].filter(isSecretName).map((name) => ({
    file,
    line: lines.findIndex((line) => line.includes(name)) + 1 || undefined,
    what: `${name} becomes part of the client`,
  }));
}
