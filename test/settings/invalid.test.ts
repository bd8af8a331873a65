import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError, ENVIRONMENTS, type EnvironmentName, settingsOf } from '../../config';
import { allowed, leaves, type SchemaNode } from '../../config/describe';
import { SEED } from './run';

/** More with `INVALID=1000 npx vitest run test/settings/invalid.test.ts`. */
const RUNS = Number(process.env['INVALID'] ?? 250);

/** A value that a node never takes. */
function wrongFor(node: SchemaNode): fc.Arbitrary<unknown> {
  const bounds = [
    node.minimum === undefined ? [] : node.minimum - 1,
    node.maximum === undefined ? [] : node.maximum + 1,
  ].flat();
  const ofOtherTypes: unknown[] =
    node.type === 'string' || node.anyOf?.some(({ type }) => type === 'string')
      ? [-1, true, [], { a: 1 }]
      : node.type === 'array' || node.anyOf?.some(({ items }) => items)
        ? ['text', -1, true, { a: 1 }, [Number.NaN], Array(5_000).fill(0)]
        : node.type === 'object'
          ? ['text', 5, [1], true]
          : ['many', {}, [], Number.NaN, Number.POSITIVE_INFINITY, '\u0000', '🎈'.repeat(10_000), ...bounds];
  return fc.constantFrom(null, () => 1, Symbol.for('s'), ...ofOtherTypes);
}

const breakages = fc.uniqueArray(
  fc.constantFrom(...leaves()).chain(([path, node]) => wrongFor(node).map((value) => ({ path, value }))),
  { minLength: 1, maxLength: 5, selector: ({ path }) => path.join('.') },
);
const unknowns = fc.array(
  fc.constantFrom(
    ['zzz'],
    ['server', 'cpus'],
    ['client', 'domain', 'names'],
    ['escalation', 'teir'],
    ['database', 'constructor'],
  ),
  { maxLength: 2 },
);

function settingAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) target[key] = value;
  else {
    if (!Object.hasOwn(target, key)) target[key] = {};
    settingAt(target[key] as Record<string, unknown>, rest, value);
  }
}

function refusal(environment: EnvironmentName, settings: object): { message: string; told: string[] } {
  try {
    settingsOf(environment, { [environment]: settings });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      message: error.message,
      told: [...error.message.matchAll(/^ {2}(\S+): /gm)].map(([, path]) => path!),
    };
  }
  throw new Error('these settings were accepted');
}

test('invalid settings are reported at once, each once, with the allowed values', {
  timeout: 600_000,
}, () => {
  fc.assert(
    fc.property(fc.constantFrom(...ENVIRONMENTS), breakages, unknowns, (environment, broken, extra) => {
      const settings = {};
      for (const path of extra) settingAt(settings, path, 1);
      for (const { path, value } of broken) settingAt(settings, path, value);
      const { message, told } = refusal(environment, settings);
      expect(told.length).toBe(new Set(told).size);
      for (const { path } of broken) {
        const at = path.join('.');
        expect(
          told.some((each) => `${each}.`.startsWith(`${at}.`)),
          `${at} in ${message}`,
        ).toBe(true);
      }
      for (const line of message.split('\n').slice(1)) {
        expect(line).toMatch(/allowed: |is not a setting; allowed here: /);
        expect(line.length).toBeLessThan(1500);
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test('contradictions are reported together with invalid values', () => {
  const { told } = refusal('production', {
    region: 'us-west-1',
    account: '000000000001',
    network: { availabilityZones: 3, natGateways: 3 },
    server: {
      cpu: 256,
      memory: 4096,
      minimumTasks: 50,
      maximumTasks: 10,
      requestTimeout: 50,
      stickySessionMinutes: 5,
    },
    database: {
      minimumCapacity: 0,
      poolSize: 200,
      backupWindow: '04:00-04:10',
      restore: { identifier: 'a', cluster: 'a' },
      engineVersion: '16.1',
    },
    client: {
      domain: {
        name: 'shop.example.com',
        zone: { id: 'Z1', name: 'example.org' },
        certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/x',
      },
    },
    verification: { checks: Array(20).fill({ path: `/${'x'.repeat(300)}` }) },
    monitoring: {
      businessMetrics: [
        { name: 'A', event: 'a' },
        { name: 'A', event: 'a' },
      ],
    },
    delivery: { promoteFrom: 'production' },
    application: {
      name: 'user',
      secrets: { PORT: 'generated', LOG_LEVEL: 'provided', BOTH: 'generated' },
      environment: { BOTH: 'x', DATABASE_URL: 'x' },
    },
  });
  expect(told.sort()).toEqual([
    'application.environment.BOTH',
    'application.environment.DATABASE_URL',
    'application.name',
    'application.secrets.LOG_LEVEL',
    'application.secrets.PORT',
    'client.domain.certificateArn',
    'client.domain.zone.name',
    'database.backupWindow',
    'database.engineVersion',
    'database.minimumCapacity',
    'database.restore.identifier',
    'delivery.promoteFrom',
    'monitoring.businessMetrics.1.name',
    'network.availabilityZones',
    'server.deregistrationDelay',
    'server.maximumTasks',
    'server.memory',
    'server.stickySessionMinutes',
    'verification.checks',
  ]);
});

test('too few connections are reported with the calculation and three remedies', () => {
  const { message, told } = refusal('production', {
    database: { poolSize: 200 },
    server: { maximumTasks: 100 },
  });
  expect(told).toEqual(['database.poolSize']);
  expect(message).toMatch(/the server needs 40000: 100 tasks × 2 during a release × a pool of 200/);
  expect(message).toMatch(/Either use a smaller pool.*Either use a larger database/);
});

test('a possible secret is not printed', () => {
  const { message } = refusal('test', {
    application: {
      environment: { DATABASE_URL: 'postgres://u:hunter2@db' },
      secrets: { STRIPE_KEY: 'sk_live_hunter2' },
    },
  } as object);
  expect(message).not.toContain('hunter2');
});

test('no text of a setting shows a regular expression to people', () => {
  const textsOf = (node: SchemaNode, path: string): string[] => {
    const { items, additionalProperties, propertyNames, properties = {}, anyOf = [] } = node;
    const children = [
      ...[items, additionalProperties || undefined, propertyNames, ...anyOf].map(
        (child) => [child, '*'] as const,
      ),
      ...Object.entries(properties).map(([key, child]) => [child, key] as const),
    ];
    return [
      ...(node.properties ? [] : [`${path}: ${allowed(node)}`]),
      ...children.flatMap(([child, key]) => (child ? textsOf(child, `${path}.${key}`) : [])),
    ];
  };
  const texts = leaves().flatMap(([path, node]) => textsOf(node, path.join('.')));
  expect(texts.length).toBeGreaterThan(150);
  expect(texts.filter((text) => /text like|[\^\\]|\(\?/.test(text))).toEqual([]);
});

test('the wrong name of an entry is told as such, with an example', () => {
  const wrong = {
    application: { secrets: { 'a b': 'provided' }, environment: { 'A=B': 'x', A: '\u0000' } },
    client: { permissionsPolicy: { 'a b': [] }, contentSecurityPolicy: { sources: { 'a b': [] } } },
    verification: { checks: [{ path: '/', headers: { 'a b': 'x' } }] },
  };
  const refused = () => settingsOf('test', { test: wrong as never });
  expect(refused).toThrow(ConfigError);
  try {
    refused();
  } catch (error) {
    const lines = (error as Error).message.split('\n').slice(1);
    expect(lines.filter((line) => line.includes('is not an allowed name; allowed: a '))).toHaveLength(5);
    expect(lines.filter((line) => line.includes('without the character U+0000'))).toHaveLength(1);
    expect(lines).toHaveLength(6);
  }
});
