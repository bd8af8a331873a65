import { describe, expect, test } from 'vitest';
import type { Stage } from '../../lib/rehearsal/core/stage';
import { Deployment, type ServiceOptions } from '../../lib/rehearsal/ecs/deployment';

const stage = { clock: { now: 0 }, metrics: { now: 7 } } as unknown as Stage;
const BEFORE = 'arn:aws:ecs:us-east-1:123456789012:task-definition/shop:1';

/** Creates a deployment with alarms of these names, of which some are in ALARM. */
function deployment(names: readonly string[], firing: Set<string>, before: string | undefined = BEFORE) {
  const alarms = names.map((AlarmName) => ({
    options: { AlarmName },
    logicalId: 'Alarm',
    inAlarm: () => firing.has(AlarmName),
  }));
  const options = { arn: 'arn:aws:ecs:us-east-1:123456789012:service/shop/shop', alarms };
  return new Deployment(stage, options as unknown as ServiceOptions, before, 1);
}

describe('rollback alarms end a deployment', () => {
  test('at every stage, not only after the traffic shift, and also in a rollback deployment', () => {
    const firing = new Set<string>();
    const back = deployment(['errors', 'suspended'], firing);
    expect(back.stage).toBe('SCALE_UP');
    expect(() => back.check()).not.toThrow();
    firing.add('errors');
    expect(() => back.check()).toThrow('the alarm errors (Alarm) is in ALARM');
  });

  test('except if one of them was in ALARM at its start: ECS then ignores all alarms until its end', () => {
    const firing = new Set(['suspended']);
    const back = deployment(['errors', 'suspended'], firing);
    firing.add('errors');
    firing.delete('suspended');
    expect(() => back.check()).not.toThrow();
  });

  test('except if it is the first one, which ECS cannot roll back', () => {
    const first = deployment(['errors'], new Set(['errors']), '');
    expect(() => first.check()).not.toThrow();
  });
});
