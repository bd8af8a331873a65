import type { Cloud } from './cloud';
import { PlanError } from './template';
import { until } from './time';

/** Milliseconds in which what a schedule starts must be over here. */
const PATIENCE = 120_000;

/**
 * Lets the time of the plan's schedules come, and looks whether the running tasks have got what was renewed.
 * Throws when they have not.
 */
export async function rotate({ bus, services, taskDefinitions }: Cloud): Promise<void> {
  const [service] = services.values();
  const { container } = taskDefinitions.get(service!.taskDefinition ?? '')!;
  const before = JSON.stringify(container.secrets);
  const rules = [...bus.rules.values()].filter(({ schedule }) => schedule !== undefined);
  for (const { logicalId, targets, enabled } of rules) {
    if (!enabled) throw new PlanError(logicalId, 'State', 'is DISABLED: its time never comes');
    if (targets.length === 0) throw new PlanError(logicalId, 'Targets', 'have no state machine of the plan');
  }
  if (rules.length === 0)
    throw new Error('no AWS::Events::Rule of the plan has a schedule: no password is rotated');

  for (const rule of rules)
    for (const execution of bus.fire(rule, { source: 'aws.events', 'detail-type': 'Scheduled Event' })) {
      await until(() => execution.status !== 'RUNNING', PATIENCE);
      const { machine, status, states, reason = `it is still in the state '${states.at(-1)}'` } = execution;
      if (status !== 'SUCCEEDED') throw new PlanError(machine, 'DefinitionString', `is ${status}: ${reason}`);
      const now = JSON.stringify(container.secrets);
      if (now === before)
        throw new PlanError(machine, 'DefinitionString', 'renews nothing that the tasks use');
      if (service!.live.some(({ secrets }) => JSON.stringify(secrets) !== now))
        throw new PlanError(machine, 'DefinitionString', 'leaves tasks running with what they had before');
    }
}
