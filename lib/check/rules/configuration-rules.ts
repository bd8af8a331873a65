import { posix } from 'node:path';
import { exampleFiles, ofOtherHosts } from '../../application/decisions/variables';
import { readConfigFile } from '../../application/source/config-file';
import { entriesOf } from '../../application/source/members';
import { textOf, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { wrongSelections } from './config-selection';
import { envFilesDiffer } from './env-files-rule';
import { withoutComments } from './shutdown';

const environments = ['development', 'test', 'staging', 'production'];
const ending = /\.([cm]?[jt]s|json)$/;

/** Matches variables that the platform or a tool sets, so that nobody documents them. */
const setByOthers =
  /^(NODE_ENV|NODE_\w+|PORT|HOST|HOSTNAME|CI|TZ|HOME|PATH|PWD|USER|TMPDIR|DEBUG|VITEST\w*|JEST\w*|npm_\w+|AWS_\w+|ECS_\w+|FRAMEWORK53_\w+|MODE|DEV|PROD|SSR|BASE_URL|LOG_LEVEL|APP_ENV)$/;

const configFilesMissing: Rule = {
  rule: 'config-files-missing',
  asks: 'config/ has a file with defaults and a file for each environment.',
  section: '5.1',
  severity: 'warning',
  why: 'an environment without a file gets the settings of another one',
  fix: ['add the missing files; a file for an environment without differences exports an empty object'],
  example: "// config/staging.ts\nexport { default } from './production';",
  find(application) {
    const files = configFiles(application);
    if (files.size === 0)
      return [{ file: 'config', what: 'there is no folder config/ with a file for each environment' }];
    const missing = ['default', ...environments].filter((name) => !files.has(name));
    return missing.length ? [{ file: 'config', what: `there is no file for ${missing.join(', ')}` }] : [];
  },
};

const configKeysDiffer: Rule = {
  rule: 'config-keys-differ',
  asks: 'Each key of an environment also has a default.',
  section: '5.1',
  severity: 'warning',
  why: 'in the other environments, code that reads the key gets undefined',
  fix: ['add the key to config/default, or correct its name'],
  example: 'export default { server: { port: 8080 }, database: { poolSize: 20 } };',
  find(application) {
    const files = configFiles(application);
    const base = files.has('default') ? keysOf(application, files.get('default')!) : undefined;
    if (!base || base.size === 0) return [];
    return environments.flatMap((name): Found[] => {
      const file = files.get(name);
      const keys = file ? keysOf(application, file) : undefined;
      return [...(keys ?? [])]
        .filter(([key]) => !base.has(key))
        .map(([key, line]) => ({
          file: file!,
          line,
          what: `the key ${key} has no default in ${files.get('default')}`,
        }));
    });
  },
};

const configServiceMissing: Rule = {
  rule: 'config-service-missing',
  asks: 'config/index selects the file of the environment and imports every such file.',
  section: '5.3',
  severity: 'warning',
  why: 'the settings of an environment have no effect if nothing imports them',
  fix: ['import the file in config/index and select it by NODE_ENV'],
  example:
    "const config = { ...defaultConfig, ...(process.env.NODE_ENV === 'production' ? production : {}) };",
  async find(application) {
    const files = configFiles(application);
    if (files.size === 0) return [];
    const index = application.files.find(({ file }) => /^config\/index\.[cm]?[jt]s$/.test(file))?.file;
    if (!index)
      return [{ file: 'config', what: 'there is no config/index that selects the file of the environment' }];
    const text = application.text(index) ?? '';
    // `import(`./${environment}`)` may import any of them.
    if (/(import|require)\(\s*[^'")]*[`+]/.test(text)) return [];
    const { imports } = await application.imports();
    const reached = new Set([index]);
    for (const file of reached)
      for (const edge of imports.get(file) ?? []) if (edge.file) reached.add(edge.file);
    const unused = environments.filter((name) => files.has(name) && !reached.has(files.get(name)!));
    if (unused.length > 0)
      return [
        { file: index, what: `the module does not use ${unused.map((name) => files.get(name)).join(', ')}` },
      ];
    const named = new Set(files.values());
    const asks = [...reached].some(
      (file) => !named.has(file) && environmentRead.test(withoutComments(application.text(file) ?? '')),
    );
    return asks
      ? wrongSelections(application, index, files)
      : [{ file: index, what: 'the module does not read NODE_ENV, so all environments get the same file' }];
  },
};

/** Matches code that reads the name of the environment. */
const environmentRead =
  /\bprocess\.env\b|\bimport\.meta\.env\b|\benv\.[A-Z]|\bargv\b|\{[^}]*\b(env|[A-Z_]*ENV)\b[^}]*\}\s*(=|from\b)/;

/** Sections of the configuration in A.1, each with the keys that also count as the section. */
const sections: Readonly<Record<string, RegExp>> = {
  server: /^(server|app|http|port|host)$/i,
  database: /^(database|db|postgres\w*|pg|databaseUrl|connectionString)$/i,
  cache: /^(cache|caching|\w*Ttl)$/i,
  logging: /^(logging|log|logger|logLevel)$/i,
};

const configSectionMissing: Rule = {
  rule: 'config-section-missing',
  asks: 'The configuration has the sections server, database, cache and logging, as in A.1.',
  section: '5.1',
  severity: 'note',
  why: 'settings elsewhere in the code cannot differ between environments',
  fix: ['add the section to config/default, and read the value from there'],
  example: 'export default { database: { poolSize: 20 }, cache: { ttl: 3600, checkPeriod: 600 } };',
  find(application) {
    const files = configFiles(application);
    const [file] = [files.get('default'), files.get('production')].filter((each) => each !== undefined);
    if (!file) return [];
    const keys = [...files.values()].map((each) => keysOf(application, each));
    // A generated configuration may have any section.
    if (keys.some((each, index) => each === undefined && [...files.values()][index] === file)) return [];
    const names = new Set(keys.flatMap((each) => [...(each?.keys() ?? [])].flatMap((key) => key.split('.'))));
    const usesDatabase = (application.server()?.reading.pools.length ?? 0) > 0;
    const missing = Object.entries(sections)
      .filter(([name]) => name !== 'database' || usesDatabase)
      .filter(([, pattern]) => ![...names].some((name) => pattern.test(name)))
      .map(([name]) => name);
    return missing.length > 0
      ? [{ file, line: 1, what: `the configuration has no section ${missing.join(', ')}` }]
      : [];
  },
};

const variableUndocumented: Rule = {
  rule: 'variable-undocumented',
  asks: 'Every variable that the code reads is documented in .env.example.',
  section: '5.2',
  severity: 'warning',
  why: 'a person who sets up an environment does not know the variable',
  fix: ['add the name to .env.example without a value, and explain the value in a comment'],
  example: '# Signs the session cookie: at least 32 random characters.\nSESSION_SECRET=',
  find(application) {
    const documented = documentedVariables(application);
    const found = undocumented(application, documented?.names);
    if (documented || found.length === 0)
      return found.map(({ name, file, line }) => ({
        file,
        line,
        what: `${name} is read here but not documented`,
      }));
    const names = found.map(({ name }) => name).join(', ');
    return [{ file: '.env.example', what: `there is no .env.example; the code reads ${names}` }];
  },
};

const variableUnread: Rule = {
  rule: 'variable-unread',
  asks: 'Every variable in .env.example is read somewhere.',
  section: '5.2',
  severity: 'note',
  why: 'people look for a value that nothing uses',
  fix: ['remove the variable from .env.example'],
  example: '# .env.example\nDATABASE_URL=',
  find(application) {
    const documented = documentedVariables(application);
    if (!documented) return [];
    const texts = application.files
      .filter(
        ({ file, size }) =>
          size < 1_000_000 && /\.([cm]?[jt]sx?|json|ya?ml|sh|html|toml)$|Dockerfile/.test(file),
      )
      .map(({ file }) => application.text(file) ?? '');
    return [...documented.names]
      .filter(([name]) => !setByOthers.test(name) && !/^PG[A-Z]+$|_URL_UNPOOLED$/.test(name))
      .filter(([name]) => !texts.some((text) => text.includes(name)))
      .map(([name, line]) => ({ file: documented.file, line, what: `nothing reads ${name}` }));
  },
};

/** A variable that the code reads, with the place. */
export interface ReadVariable {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** Returns the undocumented variables that the code reads. */
export function undocumented(
  application: CheckedApplication,
  documented: ReadonlyMap<string, number> = new Map(),
): ReadVariable[] {
  const read = new Map<string, ReadVariable>();
  for (const { name, place } of application.server()?.reading.variables ?? []) {
    const [, file, line] = /^(.*):(\d+)$/.exec(place) ?? [];
    if (file && !read.has(name)) read.set(name, { name, file, line: Number(line) });
  }
  for (const file of application.modules('client'))
    (application.text(file) ?? '').split('\n').forEach((text, index) => {
      for (const [, name] of text.matchAll(/\bimport\.meta\.env\??\.([A-Z][A-Z0-9_]+)/g))
        if (!read.has(name!)) read.set(name!, { name: name!, file, line: index + 1 });
    });
  return [...read.values()]
    .filter(({ name }) => !documented.has(name) && !setByOthers.test(name) && !ofOtherHosts.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Returns the names in .env.example with their lines. Commented names also count. In a workspace, the files of all
 * packages count.
 */
export function documentedVariables(
  application: CheckedApplication,
): { file: string; names: ReadonlyMap<string, number> } | undefined {
  const { server, client, folders } = application.workspace;
  const files = [...new Set(['.', ...folders, server, client])].flatMap(
    (folder) =>
      exampleFiles.map((each) => posix.join(folder, each)).find((each) => application.has(each)) ?? [],
  );
  const [file] = files;
  if (file === undefined) return undefined;
  const names = new Map<string, number>();
  for (const each of files)
    (application.text(each) ?? '').split('\n').forEach((line, index) => {
      const name = /^\s*#?\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/.exec(line)?.[1];
      if (name) names.set(name, index + 1);
    });
  return { file, names };
}

/** Returns the files in config/, by environment or `default`. */
export function configFiles(application: CheckedApplication): ReadonlyMap<string, string> {
  const names = ['default', ...environments];
  return new Map(
    application.files.flatMap(({ file }): [string, string][] => {
      const name = /^config\/([\w-]+)\.[\w.]+$/.exec(file)?.[1];
      return name && names.includes(name) && ending.test(file) ? [[name, file]] : [];
    }),
  );
}

/**
 * Returns the keys of a configuration file as `section.key`, with their lines; undefined for a generated
 * configuration.
 */
function keysOf(application: CheckedApplication, file: string): ReadonlyMap<string, number> | undefined {
  const { evaluator, value } = readConfigFile(application.directory, file);
  const [object] = valuesOf(value);
  if (object?.kind !== 'object' || object.node.properties.some(({ type }) => type === 'SpreadElement'))
    return undefined;
  const keys = new Map<string, number>();
  for (const { name, value: operand } of entriesOf(evaluator, object)) {
    const section = textOf(name);
    if (!section) continue;
    const inner = evaluator.operand(operand);
    const line = 'node' in operand ? (operand.node.loc?.start.line ?? 1) : 1;
    if (inner.kind !== 'object') keys.set(section, line);
    else
      for (const { name: key, value: part } of entriesOf(evaluator, inner))
        keys.set(
          `${section}.${textOf(key) ?? ''}`,
          'node' in part ? (part.node.loc?.start.line ?? line) : line,
        );
  }
  return keys;
}

export const configurationRules: readonly Rule[] = [
  configFilesMissing,
  variableUndocumented,
  variableUnread,
  configKeysDiffer,
  configServiceMissing,
  configSectionMissing,
  envFilesDiffer,
];
