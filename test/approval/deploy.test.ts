import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deployPlan } from '../../lib/approval/deploy-plan';
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
const deploy = (plan = out, changes = {}) => {
  aws.actAs(session('deployer'));
  return deployPlan({ ...deployOptions(application, aws, plan), ...changes });
};
const statuses = () => [...aws.stacks.values()].map(({ name, status }) => `${name} ${status}`);

describe('an approved plan', () => {
  test('is deployed from its folder, stack by stack, and recorded', async () => {
    const record = await register(aws, application, out);
    expect(record.stacks.map(({ changeSet }) => changeSet?.split('/')[1])).toEqual(
      Array(2).fill(expect.stringContaining(`framework53-${record.digest.slice(0, 12)}-`)),
    );
    approve(aws, record);
    const { deployment } = await deploy();
    expect(deployment).toMatchObject({ state: 'succeeded', author: 'pipeline', approvers: ['alice'] });
    expect(statuses()).toEqual([
      'shop-production-data CREATE_COMPLETE',
      'shop-production-release CREATE_COMPLETE',
    ]);
    expect(aws.stackOf('shop-production-data')!.protection).toBe(true);
    expect(JSON.parse(aws.latest(parameters.deployment(record.id))!.Value).state).toBe('succeeded');
    expect(JSON.parse(aws.latest(parameters.lock)!.Value).released).toBe(true);
  });

  test('is deployed by its digest if all change sets are prepared', async () => {
    const record = await register(aws, application, out);
    approve(aws, record);
    rmSync(out, { recursive: true });
    await deploy(record.digest.slice(0, 12));
    expect(statuses()).toEqual([
      'shop-production-data CREATE_COMPLETE',
      'shop-production-release CREATE_COMPLETE',
    ]);
  });

  test('gets the missing change sets from the same folder', async () => {
    aws.refuse.set('shop-production-release', 'No export named shop-production-data:Vpc found');
    const record = await register(aws, application, out);
    expect(record.stacks[1]).toMatchObject({ unprepared: expect.stringContaining('No export named') });
    approve(aws, record);
    await expect(deploy(record.digest)).rejects.toThrow('has no change set yet; give the folder');
    aws.refuse.clear();
    await deploy();
    expect(statuses()).toContain('shop-production-release CREATE_COMPLETE');
  });

  test('leaves an unchanged stack alone', async () => {
    const first = await register(aws, application, out);
    approve(aws, first);
    await deploy();
    const next = mkdtempSync(join(tmpdir(), 'plan-'));
    const second = await register(aws, application, next, 'two');
    expect(second.stacks.map(({ changeSet }) => changeSet === 'none')).toEqual([true, false]);
    approve(aws, second);
    await deploy(next);
    expect(statuses()).toEqual([
      'shop-production-data CREATE_COMPLETE',
      'shop-production-release UPDATE_COMPLETE',
    ]);
  });
});
