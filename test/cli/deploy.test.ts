import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { status } from '../../cli/status';
import * as deploying from '../../lib/approval/deploy-plan';
import { applicationFolder } from '../support/application-folder';
import { commandLine } from '../support/command-line';

const { folder, remove } = applicationFolder();
afterAll(remove);
afterEach(() => {
  vi.restoreAllMocks();
});

const deployment = { plan: 'abcd', releaseId: 'r1', author: 'ada', approvers: ['bob'], overrides: [] };
const deploy = () => commandLine('deploy', '--plan', 'plan.out', '--app', folder, '--env', 'staging');
const answers = (inSession: (work: () => Promise<unknown>) => Promise<unknown>) =>
  vi.spyOn(deploying, 'deployPlan').mockResolvedValue({ deployment, inSession } as never);

describe('after a deployment that succeeded', () => {
  test.each([
    ['the state cannot be read', new Error('ECS is throttled')],
    ['reading the state is refused', Object.assign(new Error('ECS is throttled'), { name: 'RefusedError' })],
  ])('%s: the command exits with 0 and names the command that reads it', async (_, error) => {
    answers((work) => work());
    vi.spyOn(status, 'run').mockRejectedValue(error);
    const { code, out, err } = await deploy();
    expect(out).toContain('Deployed plan abcd');
    expect(err).toBe(
      `framework53: the deployment succeeded, but the state of staging could not be read afterwards: ECS is throttled. To read it: framework53 status --env staging --app ${folder}\n`,
    );
    expect(code).toBe(0);
  });

  test('the session cannot be renewed: the command exits with 0', async () => {
    answers(() => Promise.reject(new Error('the role is gone')));
    const { code, err } = await deploy();
    expect(err).toContain('the deployment succeeded, but the state of staging could not be read');
    expect(code).toBe(0);
  });
});
