// @framework Framework 5.3
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllEnvs());

async function configured(variables: Record<string, string>) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return (await import('../config')).default;
}

const secret = 'a secret of at least 32 characters';

test('production trusts the proxy, keeps cookies to HTTPS and honours PORT', async () => {
  const config = await configured({ NODE_ENV: 'production', PORT: '3000', SESSION_SECRET: secret });
  expect(config).toMatchObject({
    environment: 'production',
    server: { port: 3000, host: '0.0.0.0', trustProxy: true },
    session: { secret, secureCookie: true },
    logging: { format: 'json' },
  });
});

test.each(['production', 'development'])(
  'the pool of %s is as large as db.ts has it',
  async (environment) => {
    const config = await configured({ NODE_ENV: environment, SESSION_SECRET: secret });
    const [, production, other] = readFileSync('server/db.ts', 'utf8').match(/isProd \? (\d+) : (\d+)/) ?? [];
    expect(String(config.database.poolSize)).toBe(environment === 'production' ? production : other);
  },
);

test('production listens on 8080 by default', async () => {
  const config = await configured({ NODE_ENV: 'production', PORT: '', SESSION_SECRET: secret });
  expect(config.server.port).toBe(8080);
});

test('staging is production by another name', async () => {
  const config = await configured({ NODE_ENV: 'production', APP_ENV: 'staging', SESSION_SECRET: secret });
  expect(config).toMatchObject({ environment: 'staging', session: { secureCookie: true } });
});

test('fails in production without a session secret', async () => {
  await expect(configured({ NODE_ENV: 'production', SESSION_SECRET: '' })).rejects.toThrow(
    'SESSION_SECRET must be set',
  );
});

test('fails with production settings and no secret, whatever the environment is called', async () => {
  const variables = { NODE_ENV: 'production', APP_ENV: 'development', SESSION_SECRET: '' };
  await expect(configured(variables)).rejects.toThrow('SESSION_SECRET must be set');
});

test('fails with an unknown environment, naming those there are', async () => {
  await expect(configured({ NODE_ENV: 'prod' })).rejects.toThrow('development, test, staging, production');
});
