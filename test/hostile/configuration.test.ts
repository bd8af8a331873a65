import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, loadSettings } from '../../config';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function refusal(source: string | Buffer): string {
  writeFileSync(join(folder, 'framework53.config.ts'), source);
  try {
    loadSettings('test', folder);
  } catch (error) {
    // Anything else would reach people as a stack trace.
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
  throw new Error('was accepted');
}

const deep = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

const CONFIGURATIONS: Readonly<Record<string, readonly [source: string | Buffer, told: RegExp]>> = {
  'a key __proto__': [
    'export default { default: JSON.parse(\'{ "__proto__": { "polluted": true } }\') }',
    /__proto__: is not a setting/,
  ],
  'a key __proto__ of a group': [
    'export default { default: { server: JSON.parse(\'{ "__proto__": { "cpu": 1 } }\') } }',
    /server\.__proto__: is not a setting/,
  ],
  'a key __proto__ beside the environments': [
    'export default JSON.parse(\'{ "__proto__": {} }\')',
    /'__proto__' is not an environment/,
  ],
  'a key __proto__ of a record': [
    'export default { default: { application: { environment: JSON.parse(\'{ "__proto__": "canary" }\') } } }',
    /application\.environment\.__proto__: is a string \(not shown.*allowed: another name/,
  ],
  'a key __proto__ of records in a list': [
    "export default { test: { verification: { checks: [{ path: '/', headers: { ['__proto__']: 'x' } }] } } }",
    /verification\.checks\.0\.headers\.__proto__: is "x"; allowed: another name/,
  ],
  'a key __proto__ that is written out': [
    "export default { default: { application: { environment: { __proto__: 'canary', A: 'b' } } } }",
    /has a key __proto__, which JavaScript drops/,
  ],
  'a path with a character that ends texts': [
    "export default { default: { application: { server: { entry: 'a\\0b' } } } }",
    /application\.server\.entry: is "a\\u0000b"; allowed: a path inside the application/,
  ],
  'a text of nothing but spaces': [
    "export default { test: { monitoring: { businessMetrics: [{ name: 'Paid', event: 'paid', alarm: { meaning: ' ', action: 'Look', severity: 'page', above: 1, minutes: 5 } }] } } }",
    /monitoring\.businessMetrics\.0\.alarm\.meaning: is " "; allowed: a text of 1 to 200 characters/,
  ],
  'an end of the process': ['process.exit(0); export default {}', /cannot be run: it ends the process/],
  'a key constructor': [
    'export default { default: { constructor: { prototype: { polluted: 1 } } } }',
    /constructor: is not a setting/,
  ],
  'an object in itself': [
    'const a: any = {}; a.server = a; export default { default: a }',
    /server\.server: is not a setting/,
  ],
  'a list in itself': [
    'const a: any[] = []; a.push(a); export default { default: { client: { corsOrigins: a } } }',
    /client\.corsOrigins\.0: /,
  ],
  'an error of its own': ["throw new Error('no')", /cannot be run: no$/],
  'an error without a message': ['throw undefined', /cannot be run: undefined$/],
  'an error whose text is code': ['throw { toString() { throw 1 } }', /cannot be run: /],
  'a getter that throws': [
    "export default { get default() { throw new Error('mine') } }",
    /cannot be run: mine|mine/,
  ],
  'a getter of a setting that throws': [
    "export default { default: { get region() { throw new Error('mine') } } }",
    /mine/,
  ],
  'no export': ['export const a = 1', /must have its settings as the default export/],
  'a function': ['export default () => ({})', /must have its settings as the default export/],
  'a class': ['export default class {}', /must have its settings as the default export/],
  'a promise': [
    'export default Promise.resolve({})',
    /must have its settings as the default export|no environment|an object/,
  ],
  'a list': ['export default []', /must have its settings as the default export/],
  'code that is none': ['export default {', /cannot be compiled/],
  'bytes that are no text': [
    Buffer.from([0xff, 0xfe, 0, 0xd8]),
    /cannot be compiled|cannot be run|must export/,
  ],
  'a module that is missing': ["import x from './nowhere'; export default x", /cannot be compiled/],
  'a package that is missing': ["import x from 'no-such-package'; export default x", /cannot be run/],
  'deep lists': [
    `export default { default: { client: { corsOrigins: ${deep(500, '[', ']')} } } }`,
    /client\.corsOrigins\.0: /,
  ],
  'deep groups': [
    `export default { default: { server: ${deep(300, '{ a: ', '')}1${' }'.repeat(300)} } }`,
    /server\.a: is not a setting/,
  ],
  'a text without end': [
    "export default { default: { region: 'x'.repeat(20_000_000) } }",
    /region: is "x{150,250}…; allowed/,
  ],
  'a list without end': [
    "export default { default: { client: { corsOrigins: Array(20_000).fill('x') } } }",
    /has 19990 more such items/,
  ],
  'line breaks and escapes in a value': [
    "export default { default: { region: 'a\\n\\u001b[31mb' } }",
    /region: is "a\\n\\u001b\[31mb"; allowed/,
  ],
};

describe('a hostile configuration is refused in a few plain lines', () => {
  test.each(Object.entries(CONFIGURATIONS))('%s', (_, [source, told]) => {
    const message = refusal(source);
    expect(message).toMatch(told);
    expect(message.length).toBeLessThan(8000);
    expect(message).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test('a configuration that is not a file is reported', () => {
  symlinkSync(folder, join(folder, 'framework53.config.ts'));
  expect(() => loadSettings('test', folder)).toThrow(ConfigError);
  expect(existsSync(join(folder, 'framework53.config.js'))).toBe(false);
});
