import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { TrialValues } from '../../lib/init/trial-values';
import { madeUpValue } from '../../lib/rehearsal/core/made-up-value';
import { refusalOfValue } from '../../lib/rehearsal/core/refusal-of-value';

/** Gives a value, and better values for the errors of a check, until the check accepts one. */
function accepted(name: string, check: (value: string) => string | undefined): string | undefined {
  let value = madeUpValue(name);
  for (let attempt = 0; attempt < 4; attempt++) {
    const output = check(value);
    if (output === undefined) return value;
    const said = refusalOfValue(name, value, output.split('\n'));
    if (said === undefined) return undefined;
    value = madeUpValue(name, said);
  }
  return undefined;
}

const schemas: Record<string, z.ZodType> = {
  'a prefix': z.string().startsWith('sk_'),
  'a prefix and a length': z.string().startsWith('pat-').min(40),
  'a URL': z.url(),
  'a scheme': z.string().startsWith('mongodb://'),
  'an address': z.email(),
  'a uuid': z.uuid(),
  'exactly 32 characters': z.string().length(32),
  'at least 100 characters': z.string().min(100),
  'at most 16 characters': z.string().max(16),
  'a number': z.coerce.number(),
  'a port': z.coerce.number().int().min(1024).max(65535),
  'a small number': z.coerce.number().positive().max(5),
  'one of a list': z.enum(['eu-central', 'us-east']),
  'true or false': z.enum(['true', 'false']),
  'a pattern': z.string().regex(/^[0-9a-f]{64}$/),
  'a pattern of parts': z.string().regex(/^(live|test)_[A-Z]{3}\d{4}-\w+$/),
  base64: z.base64(),
  'a date': z.iso.datetime(),
};
const printers: Record<string, (error: z.ZodError) => string> = {
  message: (error) => `ZodError: ${error.message}\n    at parse (file:///app/dist/index.js:1:1)`,
  prettified: (error) => `Error: invalid environment\n${z.prettifyError(error)}`,
  flattened: (error) => inspect(z.flattenError(error), { depth: 9 }),
  inspected: (error) => `Invalid environment variables: ${inspect(error.issues, { depth: 9 })}`,
  summarised: (error) => error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
};

describe.each(Object.entries(schemas))('a schema that wants %s', (_, schema) => {
  test.each(Object.entries(printers))('accepts a value made for the error, %s', (__, print) => {
    const object = z.object({ OTHER_KEY: z.string().min(99), ACME_KEY: schema, LAST_KEY: z.email() });
    const value = accepted('ACME_KEY', (ACME_KEY) => {
      const { error } = object.safeParse({ OTHER_KEY: 'x', ACME_KEY, LAST_KEY: 'x' });
      return error?.issues.some(({ path }) => path[0] === 'ACME_KEY') ? print(error) : undefined;
    });
    expect(schema.safeParse(value).error?.issues).toBeUndefined();
  });
});

const words: [said: string, isRight: (value: string) => boolean][] = [
  ['STRIPE_KEY must start with sk_', (value) => value.startsWith('sk_')],
  ['ACME_KEY must start with "whsec_" or "whtest_".', (value) => /^whsec_./.test(value)],
  ['ACME_KEY must be 64 hex characters', (value) => /^[0-9a-f]{64}$/.test(value)],
  ['ACME_KEY must be a 32-byte hex string', (value) => /^[0-9a-f]{64}$/.test(value)],
  ['ACME_KEY must be 32 bytes (64 hexadecimal characters)', (value) => /^[0-9a-f]{64}$/.test(value)],
  ['ACME_KEY must be 32 bytes, base64 encoded', (value) => Buffer.from(value, 'base64').length === 32],
  ['ACME_KEY: expected a 256-bit key in hex', (value) => /^[0-9a-f]{64}$/.test(value)],
  ['ACME_KEY must be exactly 32 characters long', (value) => value.length === 32],
  ['ACME_KEY has to be a valid URL', (value) => URL.canParse(value)],
  ['ACME_KEY should be an amqp:// address', (value) => value.startsWith('amqp://')],
  ['ACME_KEY is not a valid email address', (value) => /^[^@]+@[^@]+\.\w+$/.test(value)],
  ['ACME_KEY must be a number between 3 and 9', (value) => Number(value) >= 3 && Number(value) <= 9],
  ['ACME_KEY is not a number', (value) => Number(value) > 0],
  ['ACME_KEY must be "true" or "false"', (value) => value === 'true'],
  ['ACME_KEY must be one of: sandbox, live', (value) => value === 'sandbox'],
  ['Invalid value for ACME_KEY, not in choices [sandbox,live]', (value) => value === 'sandbox'],
  ['"ACME_KEY" must be one of [sandbox, live]', (value) => value === 'sandbox'],
  ['ACME_KEY must be a UUID', (value) => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(value)],
  ['ACME_KEY must be valid JSON', (value) => value === '{}'],
];
test.each(words)('%s', (said, isRight) => {
  const name = /\w+_KEY/.exec(said)![0];
  expect(accepted(name, (value) => (isRight(value) ? undefined : `Error: ${said}`))).toBeDefined();
});

test('an error that names only the value is about its variable', () => {
  const output = (value: string) => {
    try {
      new URL(value);
      return undefined;
    } catch (error) {
      return inspect(error);
    }
  };
  expect(accepted('ACME_KEY', output)).toBe('https://app.example.com');
});

test('the source line that Node.js prints, and other variables, are not about a variable', () => {
  const lines = [
    '/app/dist/index.js:3',
    '  if (!process.env.ACME_KEY) throw new Error("API_ACME_KEY must be a URL");',
    'Error: API_ACME_KEY must be a URL',
    '    at ACME_KEY (file:///app/dist/index.js:3:9)',
  ];
  expect(refusalOfValue('ACME_KEY', madeUpValue('ACME_KEY'), lines)).toBeUndefined();
  expect(refusalOfValue('API_ACME_KEY', madeUpValue('API_ACME_KEY'), lines)).toBe('Error:  must be a URL');
});

describe('values of a trial', () => {
  const secrets = [
    { name: 'SESSION_SECRET', kind: 'generated' } as const,
    { name: 'ACME_KEY', kind: 'provided' } as const,
  ];
  const names = ['SESSION_SECRET', 'ACME_KEY'];

  test('become better until they fit, and tell which generated secrets the server refuses', () => {
    const values = new TrialValues({}, secrets);
    expect(values.of('SESSION_SECRET')).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(values.improve(names, ['Error: SESSION_SECRET must be 32 hex characters'])).toBe(true);
    expect(values.of('SESSION_SECRET')).toMatch(/^[0-9a-f]{32}$/);
    expect(values.improve(names, ['Error: ACME_KEY must start with ak_'])).toBe(true);
    expect(values.unusual()).toEqual([{ name: 'SESSION_SECRET', said: 'must be 32 hex characters' }]);
    // The same words again show that no better value is known.
    expect(values.improve(names, ['Error: ACME_KEY must start with ak_'])).toBe(false);
    expect(values.refused()).toEqual([{ name: 'ACME_KEY', said: 'must start with ak_' }]);
    expect(values.improve(names, ['Error: something else'])).toBe(false);
    expect(values.refused()).toEqual([]);
  });

  test('are those of the user, which never change and never appear in a message', () => {
    const values = new TrialValues({ ACME_KEY: 'ak_real-value' }, secrets);
    expect(values.improve(names, ['Error: ACME_KEY ak_real-value must start with bk_'])).toBe(false);
    expect(values.of('ACME_KEY')).toBe('ak_real-value');
    expect(values.refused()).toEqual([{ name: 'ACME_KEY', said: 'must start with bk_' }]);
  });
});
