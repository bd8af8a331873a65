import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError, ENVIRONMENTS, environmentName, loadSettings } from '../../config';
import { allowed, type SchemaNode, schemaNode } from '../../config/describe';

let folder: string;
const configure = (source: string) => writeFileSync(join(folder, 'framework53.config.ts'), source);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.each(ENVIRONMENTS)('an application without configuration has all settings of %s', (environment) => {
  expect(loadSettings(environment, folder).region).toBe('us-east-1');
});

test('application values override defaults, and environment values override application values', () => {
  configure(`export default {
    default: { region: 'eu-west-1', server: { cpu: 2048, memory: 4096 } },
    production: { server: { cpu: 4096, memory: 8192 } },
  }`);
  expect(loadSettings('staging', folder).server.cpu).toBe(2048);
  expect(loadSettings('production', folder).server.cpu).toBe(4096);
  expect(loadSettings('production', folder).region).toBe('eu-west-1');
});

test('settings that are not mentioned keep their defaults', () => {
  configure('export default { production: { server: { minimumTasks: 3 } } }');
  expect(loadSettings('production', folder).server).toMatchObject({ minimumTasks: 3, cpu: 1024 });
});

test('lists are replaced, not merged', () => {
  configure(`export default {
    default: { client: { corsOrigins: ['https://a.example', 'https://b.example'] } },
    test: { client: { corsOrigins: ['https://c.example'] } },
  }`);
  expect(loadSettings('test', folder).client.corsOrigins).toEqual(['https://c.example']);
});

test('the configuration may be TypeScript and import a module of the application', () => {
  writeFileSync(join(folder, 'regions.ts'), "export const home: string = 'eu-north-1';");
  configure("import { home } from './regions'; export default { default: { region: home as string } }");
  expect(loadSettings('test', folder).region).toBe('eu-north-1');
});

const failing = (environment: 'test' | 'production' = 'production') => {
  try {
    loadSettings(environment, folder);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('was accepted');
};

test('fails with every invalid value, the allowed values, and the place', () => {
  configure(`export default {
    default: { server: { cpu: 300, cpus: 1 } },
    production: { database: { maximumCapacity: 'much' }, client: { corsOrigins: ['example.com'] } },
  }`);
  const message = failing();
  const file = join(folder, 'framework53.config.ts');
  expect(message).toContain('4 settings of production cannot be used');
  expect(message).toContain(
    `server.cpu: is 300; allowed: 256, 512, 1024, 2048, 4096, 8192, 16384 CPU units (1024 = 1 vCPU) (${file}, default)`,
  );
  expect(message).toContain('server.cpus: is not a setting; allowed here: cpu, memory');
  expect(message).toContain(
    `database.maximumCapacity: is "much"; allowed: 1 to 256 in steps of 0.5 ACU (${file}, production)`,
  );
  expect(message).toContain(
    'client.corsOrigins.0: is "example.com"; allowed: an origin such as https://example.com',
  );
});

test('fails on an invalid check, and names the invalid part', () => {
  configure(`export default { default: { verification: { checks: [
    { path: 'api/health', status: 99, body: '(', p95ms: 3 },
  ] } } }`);
  const message = failing();
  expect(message).toContain('checks.0.path: is "api/health"; allowed: a path such as /api/entries');
  expect(message).toContain('checks.0.status: is 99; allowed: 100 to 599');
  expect(message).toContain('checks.0.body: is "("; allowed: a regular expression of up to 500 characters');
  expect(message).toContain(
    'checks.0.p95ms: is not a setting; allowed here: path, status, headers, body, p95Ms',
  );
});

test('fails with the message of the application section', () => {
  configure("export default { default: { application: { name: 'My Shop' } } }");
  expect(failing()).toContain('application.name: is "My Shop"; allowed: lower-case letters');
});

test('does not print possible secrets in the place of their origin', () => {
  configure("export default { default: { application: { secrets: { MAIL_KEY: 'sk_live_1' } } } }");
  const message = failing();
  expect(message).toContain(
    'application.secrets.MAIL_KEY: is a string (not shown, as it may be a secret); allowed: generated, provided',
  );
  expect(message).not.toContain('sk_live_1');
});

test('fails on a domain without certificate or hosted zone', () => {
  configure("export default { production: { client: { domain: { name: 'shop.example.com' } } } }");
  expect(failing()).toMatch(/client\.domain: .*'zone', which creates a certificate, or .*'certificateArn'/);
});

test('fails on an unknown environment', () => {
  configure('export default { prod: {} }');
  expect(failing()).toContain(
    "'prod' is not an environment; allowed: default, development, test, staging, production",
  );
  expect(() => environmentName('prod')).toThrow("there is no environment 'prod'; allowed: development");
});

test('fails on a file that does not compile, throws, or exports nothing', () => {
  configure('export default {');
  expect(failing()).toMatch(/cannot be compiled:[\s\S]*Expected identifier but found end of file/);
  configure("throw new Error('no network')");
  expect(failing()).toContain('cannot be run: no network');
  configure('export const settings = {}');
  expect(failing()).toContain('must have its settings as the default export');
});

test.each([
  ['export default () => ({})', 'must have its settings as the default export'],
  ['export default []', 'must have its settings as the default export'],
  ['export default { production: null, test: 5 }', 'test is 5, production is null; allowed: an object'],
  ['throw null', 'cannot be run: null'],
  ['export default { production: { server: { cpu: 10n } } }', 'server.cpu: is 10n; allowed: 256'],
  ['const self = {}; self.self = self; export default { production: { region: self } }', 'region: is <ref'],
])('fails with a plain message on %s', (source, message) => {
  configure(source);
  expect(failing()).toContain(message);
});

test('a business metric has one source, and fails with two or with a namespace of AWS', () => {
  const metric = (source: string) =>
    configure(
      `export default { production: { monitoring: { businessMetrics: [{ name: 'Orders', ${source} }] } } }`,
    );
  metric("embedded: { namespace: 'Shop/Orders', dimensions: { currency: 'EUR' }, statistic: 'p95' }");
  expect(loadSettings('production', folder).monitoring.businessMetrics).toHaveLength(1);
  metric("embedded: { namespace: 'Shop' }, event: 'order.made'");
  expect(failing()).toContain("exactly one of 'event', 'pattern' and 'embedded'");
  metric("embedded: { namespace: 'AWS/ECS' }");
  expect(failing()).toContain('a namespace such as Shop/Orders');
});

test("a policy's sources are origins, schemes, keywords and hashes", () => {
  const sources = (...each: string[]) =>
    configure(
      `export default { default: { client: { contentSecurityPolicy: { sources: { 'style-src': ${JSON.stringify(each)} } } } } };`,
    );
  const good = [
    "'unsafe-inline'",
    "'wasm-unsafe-eval'",
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    'https://fonts.example.com',
    'https://*.example.com:8443',
    'wss://example.com',
    'https:',
    'blob:',
  ];
  sources(...good);
  expect(loadSettings('test', folder).client.contentSecurityPolicy.sources['style-src']).toEqual(good);
  for (const bad of ['unsafe-inline', "'unsafe'", 'https://a.example; script-src *', "'self' *", '']) {
    sources(bad);
    expect(() => loadSettings('test', folder), bad).toThrow(/a keyword or hash in single quotes/);
  }
});

test('the allowed values of every setting are said in words', () => {
  const nodes = (node: SchemaNode): SchemaNode[] => [
    node,
    ...[
      ...Object.values(node.properties ?? {}),
      ...(node.items ? [node.items] : []),
      ...(node.anyOf ?? []),
      ...(node.additionalProperties ? [node.additionalProperties] : []),
    ].flatMap(nodes),
  ];
  const said = nodes(schemaNode([])!).map(allowed);
  expect(said.filter((words) => /undefined|null|NaN|^$/.test(words))).toEqual([]);
  expect(allowed({ type: 'number', exclusiveMinimum: 0 })).toBe('a number above 0');
  expect(allowed({ type: 'integer', minimum: 3 })).toBe('a number of at least 3');
  expect(allowed({ type: 'number' })).toBe('a number');
});
