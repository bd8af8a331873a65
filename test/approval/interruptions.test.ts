import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { deployPlan } from '../../lib/approval/deploy-plan';
import { DeploymentLock, holderOf } from '../../lib/approval/deployment-lock';
import { ParameterStore, type StoredVersion } from '../../lib/approval/parameter-store';
import { Session } from '../../lib/approval/session';
import { AwsApi } from './aws-api';
import { approve, deployOptions, parameters, register, reset, session, shop } from './shop';

const aws = new AwsApi();
const { folder: application, remove } = shop();
let out: string;
beforeAll(async () => {
  await aws.start();
});
beforeEach(() => {
  reset(aws);
  out = mkdtempSync(join(tmpdir(), 'plan-'));
});
afterAll(async () => {
  await aws.stop();
  remove();
});
const deploy = (name = 'anything') => {
  aws.actAs(session('deployer', name));
  return deployPlan(deployOptions(application, aws, out));
};
const recorded = () =>
  [...aws.parameters.entries()]
    .filter(([name]) => name.startsWith(parameters.deployments))
    .map(([, versions]) => JSON.parse(versions.at(-1)!.Value).state);
/** The lock ten minutes after its holder stopped. */
const forgetLock = () => {
  for (const version of aws.parameters.get(parameters.lock) ?? []) version.LastModifiedDate -= 11 * 60;
};

describe('throttling', () => {
  test('is retried', async () => {
    aws.fault = (operation, count) => (operation === 'PutParameter' && count === 1 ? 'throttle' : undefined);
    const record = await register(aws, application, out);
    approve(aws, record);
    let throttled = 0;
    aws.fault = (operation) =>
      ['GetParameterHistory', 'DescribeStacks', 'ExecuteChangeSet'].includes(operation) &&
      throttled++ % 5 === 0
        ? 'throttle'
        : undefined;
    const { deployment } = await deploy();
    expect(deployment.state).toBe('succeeded');
    expect(throttled).toBeGreaterThan(5);
  });

  test('that continues leaves nothing registered', async () => {
    aws.fault = (operation) => (operation === 'PutParameter' ? 'denied' : undefined);
    await expect(register(aws, application, out)).rejects.toThrow('not authorized');
    expect([...aws.parameters.keys()]).toEqual([parameters.policy]);
  });
});

describe('a broken connection', () => {
  test('after the request was executed: a repeated request changes nothing', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    let dropped = 0;
    aws.fault = (operation) =>
      operation === 'UpdateTerminationProtection' && dropped++ === 0 ? 'drop' : undefined;
    expect((await deploy()).deployment.state).toBe('succeeded');
    expect(dropped).toBe(3);
  });
});

describe('after the last stack was executed', () => {
  const executed = () =>
    [...aws.stacks.values()].filter(({ status }) => status === 'CREATE_COMPLETE').length === 2;

  test('a success that cannot be recorded is reported as such, and the next run records it', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    aws.fault = (operation) => (operation === 'PutParameter' && executed() ? 'denied' : undefined);
    await expect(deploy()).rejects.toThrow(
      /^all stacks are deployed, and users have release release-one, but .* not authorized.*the same command again/s,
    );
    aws.fault = () => undefined;
    forgetLock();
    expect((await deploy()).deployment.state).toBe('succeeded');
  });

  test('an image that cannot be read is the only thing that failed', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    aws.fault = (operation) => (operation === 'GetParametersByPath' && executed() ? 'denied' : undefined);
    await expect(deploy()).rejects.toThrow('all stacks are deployed, but the command could not read whether');
  });

  test('events that cannot be read change nothing', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    aws.fault = (operation) => (operation === 'DescribeStackEvents' ? 'denied' : undefined);
    expect((await deploy()).deployment.state).toBe('succeeded');
  });
});

test('a registered plan stays registered if its folder cannot be written', async () => {
  mkdirSync(join(out, 'plan.json'));
  const record = await register(aws, application, out);
  expect(aws.latest(parameters.plan(record.digest, 'pipeline'))).toBeDefined();
});

describe('credentials that expire', () => {
  test('before any execution leave no partial record', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    aws.fault = (operation) => (operation === 'DescribeChangeSet' ? 'expired' : undefined);
    await expect(deploy()).rejects.toThrow('expired');
    expect(recorded()).toEqual([]);
    expect(aws.latest(parameters.lock)).toBeUndefined();
  });

  test('half-way: CloudFormation continues, and the next run resumes', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    let lost = false;
    aws.after = (operation) => {
      if (operation === 'ExecuteChangeSet') lost = true;
    };
    aws.fault = () => (lost ? 'expired' : undefined);
    await expect(deploy()).rejects.toThrow(/credentials have expired.*Run the same command again/s);
    expect(recorded()).toEqual(['started']);
    expect(aws.stackOf('shop-production-data')!.status).toBe('CREATE_IN_PROGRESS');

    aws.fault = () => undefined;
    aws.after = () => {};
    // The lock of the lost process is still there, and ends by itself.
    await expect(deploy()).rejects.toThrow(/another deployment is in progress.*the lock expires at/s);
    forgetLock();
    expect((await deploy()).deployment.state).toBe('succeeded');
    expect(recorded()).toEqual(['succeeded']);
    expect([...aws.stacks.values()].map(({ status }) => status)).toEqual([
      'CREATE_COMPLETE',
      'CREATE_COMPLETE',
    ]);
  });

  test('half-way, with an approval that expired: the remaining stacks need a new approval', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    let executed = 0;
    aws.fault = (operation) => (operation === 'ExecuteChangeSet' && ++executed > 1 ? 'expired' : undefined);
    await expect(deploy()).rejects.toThrow('expired');
    aws.fault = () => undefined;
    aws.parameters.delete(parameters.approval(record.digest, 'alice'));
    forgetLock();
    await expect(deploy()).rejects.toThrow('0 of 1 approvals');
    approve(aws, record);
    expect((await deploy()).deployment.state).toBe('succeeded');
  });
});

describe('a stack that CloudFormation rolls back', () => {
  test('ends the deployment, which is recorded as failed and can resume from its folder', async () => {
    const first = await register(aws, application, out);
    approve(aws, first);
    await deploy();
    out = mkdtempSync(join(tmpdir(), 'plan-'));
    const record = await register(aws, application, out, 'two');
    approve(aws, record);
    aws.outcome.set('shop-production-release', 'UPDATE_ROLLBACK_COMPLETE');
    await expect(deploy()).rejects.toThrow(
      /shop-production-release is UPDATE_ROLLBACK_COMPLETE.*the same command again to resume/s,
    );
    expect(recorded().sort()).toEqual(['failed', 'succeeded']);
    const { deployment } = await deploy();
    expect(deployment.state).toBe('succeeded');
    expect(deployment.made['shop-production-release']).toContain(':changeSet/framework53-');
  });
});

describe('two simultaneous deployments', () => {
  test('of one plan: one proceeds, the other is refused and changes nothing', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    const results = await Promise.allSettled([deploy('a'), deploy('b'), deploy('c')]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason.message).toMatch(/in progress|has already been deployed/);
    expect(aws.calls.filter((call) => call.endsWith('ExecuteChangeSet'))).toHaveLength(2);
  });

  test('of two plans with one base: the second one is refused', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    await deploy();
    const [a, b] = [mkdtempSync(join(tmpdir(), 'plan-')), mkdtempSync(join(tmpdir(), 'plan-'))];
    approve(aws, await register(aws, application, a, 'a'));
    approve(aws, await register(aws, application, b, 'b'));
    out = a;
    await deploy();
    out = b;
    await expect(deploy()).rejects.toThrow('has been deployed by another process since the plan was made');
  });
});

describe('the lock', () => {
  const start = Date.parse('2026-11-01T10:00:00Z');
  const entry = (holder: string, minute: number, released = false): StoredVersion => ({
    name: 'lock',
    value: JSON.stringify({
      ...{ formatVersion: 1, holder, plan: 'p', author: 'a', approvers: [], released },
    }),
    version: minute + 1,
    at: new Date(start + minute * 60_000),
    writer: `session of ${holder}`,
  });
  const holder = (history: StoredVersion[], minute: number) =>
    holderOf(history, new Date(start + minute * 60_000))?.entry.holder;

  test('belongs to the first writer until its release or for ten minutes', () => {
    expect(holder([], 0)).toBeUndefined();
    expect(holder([entry('a', 0), entry('b', 1)], 2)).toBe('a');
    expect(holder([entry('a', 0), entry('b', 1)], 10)).toBeUndefined();
    expect(holder([entry('a', 0), entry('a', 8), entry('b', 9)], 17)).toBe('a');
    expect(holder([entry('a', 0), entry('a', 3, true), entry('b', 4)], 5)).toBe('b');
    expect(holder([entry('a', 0), entry('b', 3, true)], 5)).toBe('a');
    expect(holder([entry('a', 0), entry('b', 11), entry('a', 12)], 13)).toBe('b');
    expect(holder([{ ...entry('a', 0), value: 'nonsense' }], 1)).toBeUndefined();
  });

  test('has one holder even if several processes write at the same moment', async () => {
    aws.actAs(session('deployer'));
    const opened = await Session.open({
      name: 'shop-production',
      settings: { region: 'eu-west-1', account: undefined, delivery: { people: [] } as never },
      duty: 'deploy',
    });
    const store = new ParameterStore(opened.ssm, 1);
    const locks = Array.from(
      { length: 8 },
      (_, index) =>
        new DeploymentLock(store, parameters.lock, { plan: `p${index}`, author: 'a', approvers: [] }),
    );
    const now = () => new Date(aws.now());
    const results = await Promise.allSettled(locks.map((lock) => lock.acquire(now)));
    const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    expect(winners).toHaveLength(1);
    await locks[winners[0]!]!.release();
    const next = new DeploymentLock(store, parameters.lock, { plan: 'next', author: 'a', approvers: [] });
    await next.acquire(now);
    await next.release();
  });

  test('ends the deployment if it is lost', async () => {
    aws.actAs(session('deployer'));
    const opened = await Session.open({
      name: 'shop-production',
      settings: { region: 'eu-west-1', account: undefined, delivery: { people: [] } as never },
      duty: 'deploy',
    });
    const store = new ParameterStore(opened.ssm, 1);
    const lock = new DeploymentLock(store, parameters.lock, { plan: 'p', author: 'a', approvers: [] }, 5);
    await lock.acquire(() => new Date(aws.now()));
    forgetLock();
    const other = new DeploymentLock(
      store,
      parameters.lock,
      { plan: 'q', author: 'a', approvers: [] },
      60_000,
    );
    aws.fault = (operation) => (operation === 'PutParameter' ? 'denied' : undefined);
    try {
      // A lock that is not released would write into the mocks of later files.
      await vi.waitFor(() => expect(() => lock.check()).toThrow('lost its lock'), 10_000);
    } finally {
      aws.fault = () => undefined;
      await lock.release();
    }
    await other.acquire(() => new Date(aws.now()));
    await other.release();
  });
});
