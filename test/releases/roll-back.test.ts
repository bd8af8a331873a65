import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReleaseEntry } from '../../constructs/release-record';
import { placeOf } from '../../lib/releases/environment-place';
import { EnvironmentReleases } from '../../lib/releases/environment-releases';
import { planRollback } from '../../lib/releases/plan-rollback';
import { rollBack } from '../../lib/releases/roll-back';
import { applicationFolder } from '../support/application-folder';
import { mockAccount } from './aws-account';
import { release, revision } from './state';

const { folder, remove } = applicationFolder();
afterAll(remove);
const account = mockAccount();
const serverChecks = [{ path: '/api/old' }];
const b = release('b', 7, ['0000_a'], { serverChecks, checks: [{ path: '/api/old' }, { path: '/about' }] });
const c = release('c', 8);
let said: string[];

beforeEach(() => {
  account.reset();
  said = [];
  for (const { id: _, at: __, ...entry } of [b, c]) account.record(entry as ReleaseEntry);
  account.pointer = c.pointer;
  account.deployments = [{ arn: 'deployment-1', statuses: ['SUCCESSFUL'], source: 7, target: 8 }];
});

const environment = () =>
  new EnvironmentReleases(
    placeOf({ environment: 'production', application: folder }),
    (line) => said.push(line),
    {
      pollMs: 1,
      limitMs: 200,
    },
  );
const verified: unknown[] = [];
async function goBack(to?: string) {
  const releases = environment();
  const plan = planRollback(await releases.read(), to);
  return await rollBack(
    plan,
    releases,
    (line) => said.push(line),
    async (url, promise) => {
      verified.push([url, promise]);
      return [{ check: { path: '/' }, passed: true, attempts: 1, message: 'GET /: as expected' }];
    },
  );
}
const latest = () => account.store.values().at(-1);

describe('a rollback', () => {
  test('moves the client, then the server, and restores the service settings', async () => {
    await goBack();
    expect(account.changes).toEqual([`client ${b.pointer} if E1`, 'server 7', 'configure']);
  });

  test('verifies the server with the checks of its own release, without alarms that may be firing', async () => {
    await goBack();
    expect(account.updates[0]).toMatchObject({
      cluster: 'shop-production',
      service: 'shop-production',
      taskDefinition: revision(7),
      deploymentConfiguration: {
        bakeTimeInMinutes: 15,
        alarms: { alarmNames: ['errors'], enable: false, rollback: true },
        lifecycleHooks: [{ hookTargetArn: 'hook', hookDetails: { checks: serverChecks } }],
      },
    });
  });

  test('leaves the configuration of the service as it was', async () => {
    await goBack();
    expect(account.configuration).toEqual({
      bakeTimeInMinutes: 15,
      alarms: { alarmNames: ['errors'], enable: true, rollback: true },
      lifecycleHooks: [{ hookTargetArn: 'hook', hookDetails: { checks: [{ path: '/api/new' }] } }],
    });
  });

  test('verifies the health path if a record has no checks', async () => {
    account.reset();
    const { id: _, at: __, ...entry } = release('b', 7);
    account.record(entry);
    account.record(c);
    account.pointer = c.pointer;
    await goBack();
    expect(account.updates[0]).toMatchObject({
      deploymentConfiguration: {
        lifecycleHooks: [{ hookDetails: { checks: [{ path: '/api/health', status: 200 }] } }],
      },
    });
  });

  test('verifies the page and the checks of the release through CloudFront', async () => {
    await goBack();
    expect(verified.at(-1)).toEqual([
      'https://d1.cloudfront.net',
      { page: true, pageDigest: 'b', checks: [{ path: '/api/old' }, { path: '/about' }] },
    ]);
  });

  test('records which release was abandoned', async () => {
    await goBack();
    expect(latest()).toMatchObject({
      kind: 'rollback',
      releaseId: b.releaseId,
      left: c.releaseId,
      pointer: b.pointer,
    });
    expect(latest()).not.toHaveProperty('at');
  });

  test('prints its steps and the progress of the server', async () => {
    account.outcome = ['IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'SUCCESSFUL'];
    await goBack();
    expect(said).toContain('server: shop-production:8 → shop-production:7');
    expect(said.filter((line) => line.includes('in progress'))).toEqual(['  server: in progress']);
  });

  test('waits for its own deployment, which ECS lists with a delay', async () => {
    account.lag = 2;
    account.outcome = ['ROLLBACK_SUCCESSFUL'];
    await expect(goBack()).rejects.toThrow('the deployment ended ROLLBACK_SUCCESSFUL');
  });

  test('repeats only the missing steps', async () => {
    await goBack();
    account.changes = [];
    await expect(goBack('b')).rejects.toThrow('there is nothing to roll back');
    expect(account.changes).toEqual([]);
  });
});

describe('a deployment under way', () => {
  test('is rolled back by ECS', async () => {
    account.stack!.status = 'UPDATE_IN_PROGRESS';
    account.deployments.push({ arn: 'deployment-2', statuses: ['IN_PROGRESS'], source: 8, target: 9 });
    await goBack();
    expect(account.changes).toEqual(['stop deployment-2 ROLLBACK']);
    expect(latest()).toMatchObject({
      kind: 'rollback',
      releaseId: c.releaseId,
      left: 'shop-production:9',
    });
  });

  test('fails if ECS cannot roll it back, and records nothing', async () => {
    account.stack!.status = 'UPDATE_IN_PROGRESS';
    account.deployments.push({
      arn: 'deployment-2',
      statuses: ['IN_PROGRESS'],
      source: 8,
      target: 9,
      reason: 'no capacity',
    });
    account.stopped = ['ROLLBACK_FAILED'];
    await expect(goBack()).rejects.toThrow(
      'ECS did not roll the deployment back; its status is ROLLBACK_FAILED: no capacity; no step was completed before',
    );
    expect(account.store.values()).toHaveLength(2);
  });

  test('is awaited if it leads to the target, and the alarms are then reactivated', async () => {
    account.pointer = b.pointer;
    account.configuration = { alarms: { alarmNames: ['errors'], enable: false, rollback: true } };
    account.deployments.push({
      arn: 'deployment-2',
      statuses: ['IN_PROGRESS', 'SUCCESSFUL'],
      source: 8,
      target: 7,
    });
    await goBack('b');
    expect(account.changes).toEqual(['configure']);
    expect(account.configuration).toEqual({
      alarms: { alarmNames: ['errors'], enable: true, rollback: true },
    });
  });
});

describe('a failed step', () => {
  test('is reported with the completed steps and the remedy, and is not recorded', async () => {
    account.outcome = ['IN_PROGRESS', 'ROLLBACK_SUCCESSFUL'];
    await expect(goBack()).rejects.toThrow(
      `server: shop-production:8 → shop-production:7 failed: the deployment ended ROLLBACK_SUCCESSFUL: ECS said why; completed steps: client: ${c.pointer} → ${b.pointer}. Run the same command again`,
    );
    expect(latest()).toMatchObject({ kind: 'release' });
  });

  test('leaves the rollback alarms active', async () => {
    account.outcome = ['ROLLBACK_SUCCESSFUL'];
    await expect(goBack()).rejects.toThrow();
    expect(account.configuration).toMatchObject({ alarms: { enable: true } });
  });

  test('can be a deployment that does not end, and continues', async () => {
    account.outcome = ['IN_PROGRESS'];
    await expect(goBack()).rejects.toThrow('it goes on without this command');
  });

  test('can be a denied permission, with the message of AWS', async () => {
    account.ecs.on(UpdateServiceCommand).rejects(new Error('not authorized to perform: ecs:UpdateService'));
    await expect(goBack()).rejects.toThrow('not authorized to perform: ecs:UpdateService');
  });
});

describe('a failure after the rollback', () => {
  const failing = { passed: false, message: 'GET /: expected status 200, got 502', attempts: 1 };

  test('of a record that is too old to delete does not suggest another rollback', async () => {
    let listed = 0;
    account.store.ssm.on(GetParametersByPathCommand).callsFake(() => {
      if (listed++ > 0) throw new Error('AccessDenied');
      return {
        Parameters: [...account.store.parameters].map(([Name, { Value, LastModifiedDate }]) => ({
          Name,
          Value,
          LastModifiedDate,
        })),
      };
    });
    await goBack();
    expect(latest()).toMatchObject({ kind: 'rollback', releaseId: b.releaseId });
    expect(said).toContain('  old records of releases were not deleted: AccessDenied');
  });

  test('of the record says what the checks found', async () => {
    account.store.ssm.on(PutParameterCommand).rejects(new Error('not authorized'));
    const releases = environment();
    const plan = planRollback(await releases.read());
    await expect(
      rollBack(
        plan,
        releases,
        () => {},
        async () => [{ check: { path: '/' }, ...failing }],
      ),
    ).rejects.toThrow(/^record the rollback failed: not authorized.*\(failed: GET \/: expected status 200/);
  });

  test.each([
    [['IN_PROGRESS', 'SUCCESSFUL'], 'the server runs shop-production:7; the service keeps'],
    [['ROLLBACK_SUCCESSFUL'], 'the deployment ended ROLLBACK_SUCCESSFUL: ECS said why; the service keeps'],
  ])('of the settings hides no outcome of %j', async (outcome, said) => {
    account.outcome = outcome;
    account.ecs
      .on(UpdateServiceCommand, { service: 'shop-production', taskDefinition: undefined })
      .rejects(new Error('throttled'));
    await expect(goBack()).rejects.toThrow(said);
  });
});

describe('the state of an environment', () => {
  const server = async () => (await environment().read()).server;

  test.each([
    ['SUCCESSFUL', revision(8)],
    ['ROLLBACK_SUCCESSFUL', revision(7)],
    ['IN_PROGRESS', revision(7)],
    ['ROLLBACK_FAILED', undefined],
    ['STOPPED', undefined],
  ])('after a deployment that is %s shows that users get %s', async (status, expected) => {
    account.deployments = [{ arn: 'deployment-1', statuses: [status], source: 7, target: 8 }];
    expect((await server())?.taskDefinition).toBe(expected);
  });

  test('shows the running deployment and its progress', async () => {
    account.deployments = [{ arn: 'd', statuses: ['IN_PROGRESS'], stage: 'BAKE_TIME', source: 7, target: 8 }];
    expect((await server())?.deployment).toEqual({
      arn: 'd',
      status: 'IN_PROGRESS',
      stage: 'BAKE_TIME',
      taskDefinition: revision(8),
    });
  });

  test('uses the service if ECS no longer lists its deployments', async () => {
    account.deployments = [];
    expect(await server()).toMatchObject({ taskDefinition: revision(8), running: 2, desired: 2 });
  });

  test('has no stack and no pointer before the first deployment', async () => {
    account.reset();
    account.stack = undefined;
    const state = await environment().read();
    expect(state.stack).toEqual({ name: 'shop-production-release' });
    expect(state.pointer).toBeUndefined();
  });
});
