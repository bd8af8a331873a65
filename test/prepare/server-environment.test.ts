import { expect, test } from 'vitest';
import { type EnvironmentName, loadSettings } from '../../config';
import { environmentExample, serverVariables } from '../../lib/prepare/server-environment';
import { release } from '../support/environment';

const settings = loadSettings('staging', '/nonexistent');
const options = { environment: 'staging', settings, release } as const;
const values = (given: Parameters<typeof serverVariables>[0]) =>
  Object.fromEntries(serverVariables(given).map(({ name, value }) => [name, value]));

test('the server gets the environment name and the pool size of the budget', () => {
  expect(values(options)).toEqual({
    NODE_ENV: 'production',
    APP_ENV: 'staging',
    LOG_LEVEL: 'info',
    DATABASE_POOL_SIZE: '20',
    DATABASE_IDLE_TIMEOUT_MS: '30000',
    DATABASE_CONNECT_TIMEOUT_MS: '5000',
  });
});

test('with a pausing database, the connection timeout covers its resumption', () => {
  const development = { ...options, settings: loadSettings('development', '/nonexistent') };
  expect(values(development)).toMatchObject({
    DATABASE_CONNECT_TIMEOUT_MS: '45000',
    FRAMEWORK53_LEAST_CONNECT_TIMEOUT_MS: '45000',
  });
  const { database } = development.settings;
  const fixed = { ...development.settings, database: { ...database, instanceClass: 'r8g.large' } };
  expect(values({ ...development, settings: fixed })).toMatchObject({ DATABASE_CONNECT_TIMEOUT_MS: '5000' });
});

test('the image shows the environment on pages of the server, outside production', () => {
  const shown = ({
    monitoring = settings.monitoring,
    environment = 'staging' as EnvironmentName,
    ...change
  }) => {
    const { server, client } = change as { server?: object; client?: object };
    const changed = {
      ...release,
      server: { ...release.server, rendersPages: true, ...server },
      client: { ...release.client, ...client },
    };
    return values({ environment, settings: { ...settings, monitoring }, release: changed })[
      'FRAMEWORK53_SHOWN_ENVIRONMENT'
    ];
  };
  const monitoring = { ...settings.monitoring, rumPercent: 10 };
  expect(shown({})).toBe('staging');
  expect(shown({ environment: 'production' })).toBeUndefined();
  expect(shown({ server: { rendersPages: undefined } })).toBeUndefined();
  expect(shown({ client: { readsEnvironment: true } })).toBeUndefined();
  // The bucket then has the script of the monitoring. With `/*`, the image answers the request for the script.
  expect(shown({ monitoring })).toBeUndefined();
  expect(shown({ monitoring, server: { paths: ['/*'] } })).toBe('staging');
});

test("the application's own value wins", () => {
  const own = { ...settings, application: { environment: { LOG_LEVEL: 'trace', REGION: 'eu' } } };
  expect(values({ ...options, settings: own })).toMatchObject({ LOG_LEVEL: 'trace', REGION: 'eu' });
});

test('the example names every variable once, and no secret has a value', () => {
  const text = environmentExample(options);
  const names = [...text.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining(['DATABASE_URL', 'PGUSER', 'PGPASSWORD', 'PORT', 'SESSION_SECRET', 'STRIPE_KEY']),
  );
  expect(text).toMatch(/^SESSION_SECRET=$/m);
  expect(text).toContain('framework53 secrets set STRIPE_KEY --env staging');
});
