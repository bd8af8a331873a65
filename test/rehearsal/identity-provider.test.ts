import { afterEach, expect, test, vi } from 'vitest';
import { standInForIdentityProviders } from '../../lib/rehearsal/runtime/identity-provider';

afterEach(() => vi.unstubAllGlobals());

/** A `fetch` function for which all connections fail. */
function offline(code: string): { fetch: typeof fetch; told: string[] } {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  });
  const told: string[] = [];
  standInForIdentityProviders((host) => told.push(host));
  return { fetch: globalThis.fetch, told };
}

test.each([
  ['https://login.example.com/oidc/.well-known/openid-configuration', 'https://login.example.com/oidc'],
  ['https://login.example.com/.well-known/openid-configuration', 'https://login.example.com'],
  ['https://login.example.com/.well-known/oauth-authorization-server/t', 'https://login.example.com/t'],
])('an unreachable provider is simulated at %s', async (url, issuer) => {
  const { fetch, told } = offline('ENOTFOUND');
  const answer = await (await fetch(new URL(url))).json();
  expect(answer).toMatchObject({ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` });
  await fetch(new Request(url));
  expect(told).toEqual(['login.example.com']);
});

test.each([
  ['ENOTFOUND', 'https://api.example.com/v1/models'],
  ['ETIMEDOUT', 'https://login.example.com/.well-known/openid-configuration'],
])('%s at %s remains an error', async (code, url) => {
  const { fetch, told } = offline(code);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(told).toEqual([]);
});
