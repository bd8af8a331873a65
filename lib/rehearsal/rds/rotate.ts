import { PlanError } from '../core/template';
import { until } from '../core/time';
import type { EmulatedAccount } from '../emulated-account';

/** Milliseconds in which what a schedule starts must be over here. */
const PATIENCE = 120_000;

/**
 * Lets the time of the plan's schedules come, and looks whether the running tasks have got what was renewed.
 * Throws when they have not.
 */
export async function rotate({ bus, services, taskDefinitions }: EmulatedAccount): Promise<void> {
  const [service] = services.values();
  const { container } = taskDefinitions.get(service!.taskDefinition ?? '')!;
  const before = JSON.stringify(container.secrets);
  // Other schedules ask functions, which is no part of a rehearsal.
  const rules = [...bus.rules.values()].filter(
    ({ schedule, targets }) => schedule !== undefined && targets.some(({ machine }) => !machine.notRehearsed),
  );
  if (rules.length === 0)
    throw new Error('no schedule of the plan starts a state machine: no password is rotated');
  for (const { logicalId, enabled } of rules)
    if (!enabled) throw new PlanError(logicalId, 'State', 'is DISABLED: its time never comes');

  const event = { source: 'aws.events', 'detail-type': 'Scheduled Event' };
  const executions = rules.flatMap((rule) => bus.fire(rule, event));
  for (const execution of executions) {
    await until(() => execution.status !== 'RUNNING', PATIENCE);
    const { machine, status, states, reason = `it is still in the state '${states.at(-1)}'` } = execution;
    if (status !== 'SUCCEEDED') throw new PlanError(machine, 'DefinitionString', `is ${status}: ${reason}`);
  }
  const machines = executions.map(({ machine }) => machine).join(', ');
  const now = JSON.stringify(container.secrets);
  if (now === before) throw new PlanError(machines, 'DefinitionString', 'renews nothing that the tasks use');
  if (service!.live.some(({ secrets }) => JSON.stringify(secrets) !== now))
    throw new PlanError(machines, 'DefinitionString', 'leaves tasks running with what they had before');
}
