import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { defaultProvider } from '../../../constructs/handler/environment-credentials';

afterEach(() => vi.unstubAllEnvs());

test("the credentials are those of the function's environment", async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  expect(await defaultProvider()()).toEqual({
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  });
});

test('no bundle contains another credential provider', () => {
  const bundles = join(__dirname, '../../../bundles');
  for (const name of readdirSync(bundles))
    for (const file of readdirSync(join(bundles, name)))
      if (file === 'index.js')
        expect([name, readFileSync(join(bundles, name, file), 'utf8').includes('sso_start_url')]).toEqual([
          name,
          false,
        ]);
});
