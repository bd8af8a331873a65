import { describe, expect, test } from 'vitest';
import type { Service } from '../../lib/rehearsal/ecs/service';
import type { TaskDefinition } from '../../lib/rehearsal/ecs/task-definition';
import type { BusRule } from '../../lib/rehearsal/events/event-bridge';
import { rotatePasswords } from '../../lib/rehearsal/password-rotation';
import type { StateMachine } from '../../lib/rehearsal/stepfunctions/state-machine';
import { emptyAccount } from './small-account';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:login-abcdef';
const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:rotation';

/** Runs a rotation with a state machine that does `work`, and a task with the old password. */
function rotated(
  rule: Partial<BusRule> | undefined,
  work: (renew: (password: string) => void, task: object) => void,
): Promise<void> {
  const account = emptyAccount();
  account.secrets.create(SECRET, 'login', JSON.stringify({ password: 'old' }));
  const renew = (password: string) => account.secrets.put(SECRET, JSON.stringify({ password }));
  const task = { secrets: { PGPASSWORD: 'old' } };
  account.ecs.taskDefinitions.set('t', {
    logicalId: 'Task',
    executionRole: 'role',
    container: { secrets: { PGPASSWORD: `${SECRET}:password::` } },
  } as unknown as TaskDefinition);
  account.ecs.services.set('s', { taskDefinition: 't', live: [task] } as unknown as Service);
  const machine = {
    executions: [] as object[],
    start() {
      work(renew, task);
      const execution = { arn: 'e-1', machine: 'Rotation', status: 'SUCCEEDED', states: ['Done'] };
      this.executions.push(execution);
      return execution;
    },
  };
  account.stateMachines.set(MACHINE, machine as unknown as StateMachine);
  const schedule = {
    logicalId: 'Schedule',
    name: 'rotation',
    schedule: 'rate(1 day)',
    enabled: true,
    targets: [{ arn: MACHINE, role: 'role' }],
  };
  if (rule) account.events.rules.set('rotation', { ...schedule, ...rule });
  return rotatePasswords(account);
}

describe('a rotation', () => {
  test('changes the password that the tasks use', async () => {
    await rotated({}, (renew, task) => {
      renew('new');
      Object.assign(task, { secrets: { PGPASSWORD: 'new' } });
    });
  });

  test.each<[string, Partial<BusRule> | undefined, string, RegExp]>([
    ['is never due', { enabled: false }, 'new', /^Schedule: State is DISABLED/],
    ['starts no machine', { targets: [] }, 'new', /no schedule of the plan starts/],
    ['is not there', undefined, 'new', /no password is rotated/],
    ['renews nothing', {}, 'old', /^Rotation: DefinitionString rotates no secret that the tasks use/],
    [
      'replaces no task',
      {},
      'new',
      /^Rotation: DefinitionString does not restart the tasks after the rotation/,
    ],
  ])('that %s fails', async (_, rule, password, why) => {
    const outcome = rotated(rule, (renew) => renew(password));
    await expect(outcome).rejects.toThrow(why);
  });
});
