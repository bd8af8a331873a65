import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DatabaseRolesProperties } from '../../../constructs/database/database-roles.properties';
import { type AwsService, loadBundle, startAwsService, useAwsService } from '../../support/aws-service';
import { askCustomResource } from '../../support/cloudformation';
import { type DataApiEmulation, emulateDataApi } from '../../support/data-api';
import { emulateSecretsManager } from '../../support/secrets-manager';
import { MASTER, type PostgresServer, startPostgres } from './postgres-server';

/** The very bundle that is deployed, against a real PostgreSQL behind the Data API. */
type Bundle = { handler: Parameters<typeof askCustomResource>[0] };

const secrets = new Map<string, { username: string; password: string }>();
const properties: DatabaseRolesProperties = {
  ClusterArn: 'arn:cluster',
  ClusterResourceId: 'cluster-1',
  MasterSecretArn: 'arn:master',
  DatabaseName: 'guestbook',
  ApplicationRole: 'application',
  LoginASecretArn: 'arn:a',
  LoginBSecretArn: 'arn:b',
  ActiveSecretArn: 'arn:active',
  OwnerSecretArn: 'arn:owner',
  ReaderSecretArn: 'arn:reader',
  OperatorSecretArn: 'arn:operator',
  Revision: '1',
};
let postgres: PostgresServer;
let service: AwsService;
let dataApi: DataApiEmulation;
let restoreEnvironment: () => void;
let printed: string[];
let bundle: Bundle;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.createDatabase('guestbook');
  const secret = (arn: string) => secrets.get(arn)!;
  dataApi = emulateDataApi({ host: postgres.host, port: postgres.port, secret });
  service = await startAwsService({ ...dataApi.operations, ...emulateSecretsManager(secrets) });
  restoreEnvironment = useAwsService(service, ['RDS_DATA', 'SECRETS_MANAGER']);
  bundle = loadBundle<Bundle>('database-roles');
}, 60_000);
afterAll(async () => {
  restoreEnvironment();
  await service.stop();
  await dataApi.stop();
  await postgres.stop();
});

beforeEach(() => {
  const login = (arn: string, username: string) =>
    secrets.set(arn, { username, password: `generated-${arn}` });
  secrets.set('arn:master', MASTER);
  login('arn:a', 'guestbook_application_a');
  login('arn:b', 'guestbook_application_b');
  login('arn:active', 'guestbook_application_a');
  login('arn:owner', 'guestbook_owner');
  login('arn:reader', 'guestbook_reader');
  login('arn:operator', 'guestbook_operator');
  dataApi.reset();
  printed = [];
  for (const method of ['log', 'error', 'warn'] as const)
    vi.spyOn(console, method).mockImplementation((...parts) => void printed.push(parts.join(' ')));
});
afterEach(() => vi.restoreAllMocks());

const ask = (event: object = {}, options?: object) =>
  askCustomResource(
    bundle.handler,
    { RequestType: 'Create', ResourceProperties: properties, ...event },
    options,
  );
const as = (arn: string, sql: string) => postgres.query(secrets.get(arn)!, 'guestbook', sql);

test('create continues if the answer to CREATE ROLE is lost', async () => {
  dataApi.loseAnswer(/^CREATE ROLE "guestbook_owner"/);
  expect(await ask()).toMatchObject({ Status: 'SUCCESS' });
  await as('arn:owner', 'SELECT 1');
});

test.each(['SecretsErrorException', 'InvalidResourceStateException'])(
  'create waits while the Data API answers %s',
  async (error) => {
    dataApi.failNext(error);
    expect(await ask()).toMatchObject({ Status: 'SUCCESS' });
  },
);

describe('create', () => {
  test('creates roles that log in with the passwords of their secrets', async () => {
    expect(await ask()).toMatchObject({ Status: 'SUCCESS' });
    await as('arn:owner', 'CREATE TABLE IF NOT EXISTS entry (id serial)');
    await as('arn:a', 'INSERT INTO entry DEFAULT VALUES');
    await as('arn:b', 'INSERT INTO entry DEFAULT VALUES');
    await as('arn:reader', 'SELECT * FROM entry');
  });
  test('creates an operator that sees and ends sessions of the server, and cannot read rows', async () => {
    await ask();
    await as('arn:owner', 'CREATE TABLE IF NOT EXISTS entry (id serial)');
    const busy = as('arn:a', 'SELECT pg_sleep(60)');
    busy.catch(() => {});
    const sessions = () =>
      as(
        'arn:operator',
        "SELECT pid FROM pg_stat_activity WHERE usename = 'guestbook_application_a' AND query LIKE '%pg_sleep%'",
      ) as Promise<{ pid: number }[]>;
    await vi.waitFor(async () => expect(await sessions()).toHaveLength(1));
    const [{ pid } = { pid: 0 }] = await sessions();
    await as('arn:operator', `SELECT pg_terminate_backend(${pid})`);
    await expect(busy).rejects.toThrow('terminating connection');
    await expect(as('arn:operator', 'SELECT * FROM entry')).rejects.toThrow('permission denied');
    await expect(
      as('arn:reader', `SELECT pg_terminate_backend(${pid})`).then(() =>
        as('arn:reader', 'CREATE TABLE x ()'),
      ),
    ).rejects.toThrow();
  });
  test('skips the operator if the master user may not grant the rights', async () => {
    await postgres.withoutOperatorRights(async () => {
      expect(await ask()).toMatchObject({ Status: 'SUCCESS' });
    });
  });
  test('makes the first login the active one, with its current password', async () => {
    await ask();
    const { password } = secrets.get('arn:a')!;
    expect(secrets.get('arn:active')).toEqual({
      username: 'guestbook_application_a',
      password,
      periods: [{ username: 'guestbook_application_a', from: expect.any(String) }],
    });
  });
  test('returns the ARNs of the secrets, so that their users wait for the roles', async () => {
    expect((await ask()).Data).toEqual({
      ActiveSecretArn: 'arn:active',
      OwnerSecretArn: 'arn:owner',
      ReaderSecretArn: 'arn:reader',
      OperatorSecretArn: 'arn:operator',
    });
  });
  test('neither sends a password in a statement nor logs one', async () => {
    dataApi.failNext('DatabaseResumingException');
    await ask();
    const said = [...dataApi.statements.map(({ sql }) => sql), ...printed].join('\n');
    expect(said).toContain('SCRAM-SHA-256');
    for (const { password } of secrets.values()) expect(said).not.toContain(password);
  });
  test('waits for a resuming database', async () => {
    dataApi.failNext('DatabaseResumingException', 2);
    expect(await ask()).toMatchObject({ Status: 'SUCCESS' });
    expect(printed.filter((line) => line.includes('DatabaseResumingException'))).toHaveLength(2);
  });
  test('fails with the step and the database error, without the statement', async () => {
    dataApi.failNext('BadRequestException');
    const answer = await ask();
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('could not list the existing roles: BadRequestException'),
    });
  });
});

describe('update', () => {
  beforeEach(() => ask());
  const update = { RequestType: 'Update', PhysicalResourceId: 'Resource', OldResourceProperties: properties };

  test('keeps its physical id, so that nothing is deleted', async () => {
    expect((await ask(update)).PhysicalResourceId).toBe('Resource');
  });
  test('leaves the active login to the rotation', async () => {
    const active = {
      ...secrets.get('arn:b')!,
      periods: [
        { username: 'guestbook_application_a', from: '2026-01-01T00:00:00.000Z' },
        { username: 'guestbook_application_b', from: '2026-02-01T00:00:00.000Z' },
      ],
    };
    secrets.set('arn:active', active);
    await ask(update);
    expect(secrets.get('arn:active')).toEqual(active);
  });
  test('gives the active login its current password', async () => {
    secrets.set('arn:a', { ...secrets.get('arn:a')!, password: 'renewed' });
    await ask(update);
    expect(secrets.get('arn:active')!.password).toBe('renewed');
    await as('arn:active', 'SELECT 1');
  });
  test('changes the rights of the application', async () => {
    await ask({ ...update, ResourceProperties: { ...properties, ApplicationRole: 'owner' } });
    await as('arn:a', 'CREATE TABLE IF NOT EXISTS made_at_start (id int)');
    await ask(update);
    await expect(as('arn:a', 'CREATE TABLE another (id int)')).rejects.toThrow('permission denied');
  });
});

test('delete touches neither the database nor the secrets', async () => {
  service.calls.length = 0;
  const answer = await ask({ RequestType: 'Delete', PhysicalResourceId: 'Resource' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Resource' });
  expect(service.calls).toEqual([]);
});

// Must be the last test, because the handler keeps polling until the service stops.
test('fails in time if the database stays unreachable', async () => {
  dataApi.failNext('DatabaseUnavailableException', 100);
  const answer = await ask({}, { remainingMs: 5_100 });
  expect(answer.Status).toBe('FAILED');
});
