import { expect, test } from 'vitest';
import { check, type Files, places } from './support';

const client = (code: string, more: Files = {}): Files => ({
  'client/src/main.tsx': `import './session';\n`,
  'client/src/session.ts': code,
  ...more,
});

test.each([
  ['a text', "export const keep = (token: string) => localStorage.setItem('token', token);"],
  ['window', "export const keep = (value: string) => window.localStorage.setItem('auth_token', value);"],
  ['a property', 'export const keep = (value: string) => { localStorage.accessToken = value; };'],
  ['a computed name', "export const keep = (value: string) => { globalThis.localStorage['jwt'] = value; };"],
  ['a constant', "const KEY = 'shop.refreshToken'; export const keep = (v) => localStorage.setItem(KEY, v);"],
  [
    'a list of keys',
    "const KEYS = { a: 'idToken' }; export const keep = (v) => localStorage.setItem(KEYS.a, v);",
  ],
  [
    'another name',
    "const store = window.localStorage; export const keep = (v) => store.setItem('password', v);",
  ],
  [
    'a constant of another module',
    "import { TOKEN_KEY } from './keys'; export const keep = (v) => localStorage.setItem(TOKEN_KEY, v);",
  ],
  [
    'a helper',
    "const save = (key, value) => localStorage.setItem(key, JSON.stringify(value)); export const keep = (v) => save('sessionToken', v);",
  ],
  [
    'a method of a helper',
    "const store = { set(key, value) { localStorage.setItem(`shop:${key}`, value); } }; export const keep = (v) => store.set('a', v); export const all = (v) => localStorage.setItem(`${v}_token`, v);",
  ],
  ['a hook', "export const useToken = () => useLocalStorage('token', null);"],
])('a token in the storage of the browser: %s', async (_, code) => {
  expect(await places('token-in-storage', client(code))).toEqual(['client/src/session.ts:1']);
});

test('a token in sessionStorage is a note, and a password is a warning', async () => {
  const severities = async (key: string) =>
    (await check(client(`export const keep = (v) => sessionStorage.setItem('${key}', v);`))).findings
      .filter(({ rule }) => rule === 'token-in-storage')
      .map(({ severity, what }) => `${severity}: ${what}`);
  expect(await severities('token')).toEqual(['note: the client keeps token in sessionStorage']);
  expect(await severities('userPassword')).toEqual([
    'warning: the client keeps userPassword in sessionStorage',
  ]);
});

test.each([
  ['other keys', ['theme', 'csrfToken', 'xsrf-token', 'sidebar', 'tokenCount', 'max_tokens', 'cart_token']],
  ['states', ['showPassword', 'passwordResetRequired', 'rememberPassword', 'tokenExpiresAt', 'hasToken']],
  ['tokens of devices and guests', ['fcmToken', 'pushToken', 'guest_token', 'selectedToken', 'designTokens']],
])('no token in the storage of the browser: %s', async (_, keys) => {
  const lines = keys.map((key) => `export const a = (v) => localStorage.setItem('${key}', v);`);
  expect(await places('token-in-storage', client(lines.join('\n')))).toEqual([]);
});

test.each([
  ['a token that is read and removed', "localStorage.getItem('token'); localStorage.removeItem('token');"],
  ['a text of the code', "localStorage.setItem('token', 'none'); localStorage.token = '';"],
  ['a store that is no storage of the browser', "const m = new Map(); m.set('token', v); memory.token = v;"],
  [
    'the theme beside a token',
    "const token = v; localStorage.setItem('theme', 'dark'); fetch('/', { token });",
  ],
  [
    'a helper that gets other keys',
    "const save = (key, value) => localStorage.setItem(key, value); save('theme', v); api.send('token', v);",
  ],
])('the client keeps no token: %s', async (_, code) => {
  expect(await places('token-in-storage', client(`export function f(v) { ${code} }`))).toEqual([]);
});

test('modules that the client does not load do not count', async () => {
  const code = "export const keep = (v) => localStorage.setItem('token', v);";
  expect(await places('token-in-storage', { 'packages/auth/session.ts': code })).toEqual([]);
  expect(
    await places('token-in-storage', {
      'client/src/main.tsx': "import { keep } from '../../shared/session';\nkeep(1);",
      'shared/session.ts': code,
    }),
  ).toEqual(['shared/session.ts:1']);
});
