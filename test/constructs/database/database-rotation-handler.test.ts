import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ActiveLogin } from '../../../constructs/database/active-login';
import type { RotationTarget } from '../../../constructs/database/database-rotation.properties';
import { rotationDefinition } from '../../../constructs/database/rotation-definition';
import { type AwsService, loadBundle, startAwsService, useAwsService } from '../../support/aws-service';
import { type DataApiEmulation, emulateDataApi } from '../../support/data-api';
import { emulateSecretsManager } from '../../support/secrets-manager';
import { FakeService } from './fake-service';
import { playStateMachine } from './play-state-machine';
import { MASTER, type PostgresServer, startPostgres } from './postgres-server';

/** Runs the deployed bundle and state machine against a real PostgreSQL, with a simulated clock. */
const target: RotationTarget = {
  clusterArn: 'arn:cluster',
  masterSecretArn: 'arn:master',
  databaseName: 'guestbook',
  loginSecretArns: ['arn:a', 'arn:b'],
  activeSecretArn: 'arn:active',
  otherSecretArns: ['arn:owner', 'arn:reader'],
  ecsCluster: 'guestbook-test',
  ecsService: 'guestbook-test',
  settleSeconds: 3600,
};
const [A, B] = ['guestbook_application_a', 'guestbook_application_b'];
const secrets = new Map<string, { username: string; password: string }>();
const active = () => secrets.get('arn:active') as ActiveLogin;

let postgres: PostgresServer;
let service: AwsService;
let dataApi: DataApiEmulation;
let ecs: FakeService;
let restoreEnvironment: () => void;
let printed: string[];
let handler: (event: object) => Promise<unknown>;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.createDatabase('guestbook');
  for (const role of [A, B, 'guestbook_owner', 'guestbook_reader'])
    await postgres.query(MASTER, 'guestbook', `CREATE ROLE ${role} LOGIN PASSWORD 'password-of-${role}'`);
  dataApi = emulateDataApi({
    host: postgres.host,
    port: postgres.port,
    secret: (arn) => secrets.get(arn)!,
  });
  service = await startAwsService({
    ...dataApi.operations,
    ...emulateSecretsManager(secrets),
    ...Object.fromEntries(
      Object.keys(new FakeService().operations).map((name) => [
        name,
        (input: never) => ecs.operations[name as keyof FakeService['operations']](input),
      ]),
    ),
  });
  restoreEnvironment = useAwsService(service, ['RDS_DATA', 'SECRETS_MANAGER', 'ECS']);
  ({ handler } = loadBundle<{ handler: typeof handler }>('database-rotation'));
}, 60_000);
afterAll(async () => {
  restoreEnvironment();
  await service.stop();
  await dataApi.stop();
  await postgres.stop();
});

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  printed = [];
  for (const method of ['log', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((...parts) => void printed.push(parts.join(' ')));
  dataApi.reset();
  service.calls.length = 0;

  secrets.set('arn:master', MASTER);
  for (const [arn, username] of [
    ['arn:a', A],
    ['arn:b', B],
    ['arn:owner', 'guestbook_owner'],
    ['arn:reader', 'guestbook_reader'],
  ] as const) {
    const password = `password-of-${username}`;
    await postgres.query(MASTER, 'guestbook', `ALTER ROLE ${username} PASSWORD '${password}'`);
    secrets.set(arn, { username, password });
  }
  const periods = [{ username: A, from: '2026-01-01T00:00:00.000Z' }];
  secrets.set('arn:active', { ...secrets.get('arn:a')!, periods } as ActiveLogin);
  ecs = new FakeService();
  vi.setSystemTime(new Date('2026-02-20T00:00:00Z'));
  ecs.startTasks();
  vi.setSystemTime(new Date('2026-03-01T05:00:00Z'));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000);
const rotate = (invoked?: (step: string) => void) => {
  return playStateMachine(
    rotationDefinition('arn:function', target),
    (event) => {
      invoked?.(event.step);
      return handler(event);
    },
    pass,
  );
};
const logIn = (login: { username: string; password: string }) =>
  postgres.query(login, 'guestbook', 'SELECT 1');

describe('a rotation', () => {
  test('changes the password of the idle login and activates this login', async () => {
    expect(await rotate()).toMatchObject({ status: 'SUCCEEDED' });
    expect(active().username).toBe(B);
    expect(active().password).toBe(secrets.get('arn:b')!.password);
    expect(active().password).not.toContain('password-of');
    await logIn(active());
  });
  test('keeps the login of running tasks valid at every moment', async () => {
    const before = { ...secrets.get('arn:a')! };
    await rotate();
    await logIn(before);
    expect(secrets.get('arn:a')).toEqual(before);
  });
  test('alternates: the next rotation changes the other login', async () => {
    await rotate();
    pass(30 * 24 * 3600);
    expect(await rotate()).toMatchObject({ status: 'SUCCEEDED' });
    expect(active().username).toBe(A);
    await logIn(active());
  });
  test('replaces the tasks once', async () => {
    await rotate();
    expect(service.calls.filter(({ operation }) => operation === 'UpdateService')).toHaveLength(1);
  });
  test('activates the login only after a successful test', async () => {
    const order: string[] = [];
    await rotate((step) => order.push(`${step}: ${active().username}`));
    expect(order.slice(0, 3)).toEqual([`renew: ${A}`, `activate: ${A}`, `roll: ${B}`]);
    expect(dataApi.statements.find(({ user }) => user === B)?.sql).toContain('session_user');
  });
  test('waits for a slow deployment', async () => {
    ecs.onRoll = () => ecs.begin('IN_PROGRESS');
    let checks = 0;
    const { status, path } = await rotate((step) => {
      if (step === 'check' && ++checks === 5) {
        ecs.deployments.at(-1)!.status = 'SUCCESSFUL';
        ecs.startTasks();
      }
    });
    expect(status).toBe('SUCCEEDED');
    expect(path.filter((state) => state === 'Check')).toHaveLength(5);
  });
  test('is not complete while an old task is running', async () => {
    ecs.onRoll = () => ecs.begin('SUCCESSFUL');
    expect(await rotate()).toMatchObject({ status: 'FAILED', error: 'NotSettled' });
  });
  test('changes the passwords of roles that no task uses', async () => {
    await rotate();
    for (const arn of ['arn:owner', 'arn:reader']) {
      expect(secrets.get(arn)!.password).not.toContain('password-of');
      await logIn(secrets.get(arn)!);
    }
  });
  test('works before the first release, without a service', async () => {
    ecs.exists = false;
    expect(await rotate()).toMatchObject({ status: 'SUCCEEDED' });
    expect(active().username).toBe(B);
  });
  test('neither sends, prints nor returns a password', async () => {
    const results: unknown[] = [];
    await playStateMachine(
      rotationDefinition('arn:function', target),
      async (event) => {
        results.push(event, await handler(event));
        return results.at(-1);
      },
      pass,
    );
    const said = JSON.stringify([results, printed, dataApi.statements]);
    expect(said).toContain('SCRAM-SHA-256');
    for (const { password } of secrets.values()) expect(said).not.toContain(password);
  });
  test('retries the login while the Data API uses the old password', async () => {
    dataApi.failNext('BadRequestException', 2, B);
    expect(await rotate()).toMatchObject({ status: 'SUCCEEDED' });
  });
  test('waits for a resuming database', async () => {
    dataApi.failNext('DatabaseResumingException');
    expect(await rotate()).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('if the service does not become stable', () => {
  test('fails with the reason of the deployment and reactivates the previous login', async () => {
    ecs.onRoll = () => ecs.begin('ROLLBACK_SUCCESSFUL', 'alarm guestbook-test-5xx fired');
    const end = await rotate();
    expect(end).toMatchObject({ status: 'FAILED', error: 'NotSettled' });
    expect(end.cause).toContain('ROLLBACK_SUCCESSFUL: alarm guestbook-test-5xx fired');
    expect(active()).toMatchObject(secrets.get('arn:a')!);
  });
  test('fails after its timeout if a deployment never ends', async () => {
    ecs.onRoll = () => ecs.begin('IN_PROGRESS');
    const end = await rotate();
    expect(end.cause).toContain(
      'not all tasks used guestbook_application_b within 3600 s (deployment: running)',
    );
    expect(active().username).toBe(A);
  });
  test('can be restarted', async () => {
    ecs.onRoll = () => ecs.begin('STOPPED');
    await rotate();
    ecs.onRoll = () => ecs.succeed();
    pass(600);
    expect(await rotate()).toMatchObject({ status: 'SUCCEEDED' });
    expect(active().username).toBe(B);
  });
});

describe('before any change', () => {
  test('waits for a running deployment', async () => {
    ecs.begin('IN_PROGRESS');
    let tries = 0;
    const { status } = await rotate((step) => {
      if (step === 'renew' && ++tries === 3) ecs.deployments[0]!.status = 'SUCCESSFUL';
    });
    expect(status).toBe('SUCCEEDED');
    expect(tries).toBe(3);
  });
  test('fails if the new login does not work, and keeps the active one', async () => {
    const before = structuredClone(active());
    dataApi.failNext('BadRequestException', 100, B);
    const end = await rotate();
    expect(end).toMatchObject({ status: 'FAILED', error: 'LoginFailed' });
    expect(end.cause).toContain('could not log in as guestbook_application_b');
    expect(active()).toEqual(before);
  });
  test('fails if a deployment never ends, without a change of any login', async () => {
    ecs.begin('IN_PROGRESS');
    const before = structuredClone([...secrets]);
    expect(await rotate()).toMatchObject({ status: 'FAILED', error: 'ServiceBusy' });
    expect([...secrets]).toEqual(before);
  });
  test('fails while a task may still use the login, and says what to do', async () => {
    const periods = [
      { username: A, from: '2026-01-01T00:00:00.000Z' },
      { username: B, from: '2026-02-01T00:00:00.000Z' },
      { username: A, from: '2026-02-01T02:00:00.000Z' },
    ];
    secrets.set('arn:active', { ...secrets.get('arn:a')!, periods } as ActiveLogin);
    const started = Date.parse('2026-02-01T01:00:00Z') / 1000;
    ecs.tasks = [{ createdAt: started, startedAt: started + 20 }];
    const end = await rotate();
    expect(end).toMatchObject({ status: 'FAILED', error: 'LoginInUse' });
    expect(end.cause).toMatch(/1 running tasks.*guestbook_application_b.*--force-new-deployment/);
    await logIn(secrets.get('arn:b')!);
  });
});

test.each(['activate', 'roll', 'check', 'renew-others'])('the step %s is idempotent', async (step) => {
  const end = await playStateMachine(
    rotationDefinition('arn:function', target),
    async (event) => {
      const result = await handler(event);
      return event.step === step ? handler(event) : result;
    },
    pass,
  );
  expect(end.status).toBe('SUCCEEDED');
  expect(active().periods).toHaveLength(2);
  for (const arn of ['arn:a', 'arn:b', 'arn:owner', 'arn:reader']) await logIn(secrets.get(arn)!);
});
