import { describe, expect, test } from 'vitest';
import type { EmulatedAccount } from '../../lib/rehearsal/emulated-account';
import type { BusRule } from '../../lib/rehearsal/events/event-bus';
import { rotate } from '../../lib/rehearsal/rds/rotate';

/** What becomes of a plan whose machine does `work`, with a task that has the password of before. */
function rotated(
  rule: Partial<BusRule> | undefined,
  work: (secrets: { PGPASSWORD: string }, task: object) => void,
) {
  const secrets = { PGPASSWORD: 'old' };
  const task = { secrets: { ...secrets } };
  const execution = { machine: 'Rotation', status: 'SUCCEEDED', states: ['Done'] };
  const fire = () => {
    work(secrets, task);
    return [execution];
  };
  const rules = new Map(
    rule && [
      [
        'r',
        {
          logicalId: 'Schedule',
          schedule: 'rate(1 day)',
          enabled: true,
          targets: [{ machine: {} }],
          ...rule,
        },
      ],
    ],
  );
  return rotate({
    bus: { rules, fire },
    services: new Map([['s', { taskDefinition: 't', live: [task] }]]),
    taskDefinitions: new Map([['t', { container: { secrets } }]]),
  } as unknown as EmulatedAccount);
}

describe('a rotation', () => {
  test('has renewed what the tasks use, and they use it', async () => {
    await rotated({}, (secrets, task) => {
      secrets.PGPASSWORD = 'new';
      Object.assign(task, { secrets: { ...secrets } });
    });
  });

  test.each<[string, Partial<BusRule> | undefined, string, RegExp]>([
    ['is never due', { enabled: false }, 'new', /^Schedule: State is DISABLED/],
    ['starts no machine', { targets: [] }, 'new', /no schedule of the plan starts/],
    ['is not there', undefined, 'new', /no password is rotated/],
    ['renews nothing', {}, 'old', /^Rotation: DefinitionString renews nothing that the tasks use/],
    ['replaces no task', {}, 'new', /^Rotation: DefinitionString leaves tasks running with what they had/],
  ])('that %s fails', async (_, rule, password, why) => {
    const outcome = rotated(rule, (secrets) => {
      secrets.PGPASSWORD = password;
    });
    await expect(outcome).rejects.toThrow(why);
  });
});
