import { PlanError } from './core/plan-error';
import { until } from './core/time';
import { asRehearsal, secretValues } from './ecs/task-definition';
import type { EmulatedAccount } from './emulated-account';

/** Milliseconds in which the executions of a schedule must end. */
const PATIENCE = 120_000;

/**
 * Triggers the plan's schedules, and checks that the running tasks receive the rotated secrets. Throws a `PlanError`
 * if they do not.
 */
export async function rotatePasswords({ stage, ecs, events, stateMachines }: EmulatedAccount): Promise<void> {
  const [service] = ecs.services.values();
  const definition = ecs.taskDefinitions.get(service!.taskDefinition ?? '')!;
  const present = async () =>
    JSON.stringify(await secretValues(asRehearsal(stage.api), definition.container));
  const before = await present();
  // Other schedules trigger functions, which a rehearsal does not run.
  const isRehearsed = (arn: string) => stateMachines.has(arn) && !stateMachines.get(arn)!.notRehearsed;
  const rules = [...events.rules.values()].filter(
    ({ schedule, targets }) => schedule !== undefined && targets.some(({ arn }) => isRehearsed(arn)),
  );
  if (rules.length === 0)
    throw new Error('no schedule of the plan starts a state machine, so no password is rotated');
  for (const { logicalId, enabled } of rules)
    if (!enabled) throw new PlanError(logicalId, 'State', 'is DISABLED, so it never starts');

  const event = { source: 'aws.events', 'detail-type': 'Scheduled Event' };
  const started = new Set((await Promise.all(rules.map((rule) => events.trigger(rule, event)))).flat());
  const executions = [...stateMachines.values()]
    .flatMap((machine) => machine.executions)
    .filter(({ arn }) => started.has(arn));
  for (const execution of executions) {
    await until(() => execution.status !== 'RUNNING', PATIENCE);
    const { machine, status, states, reason = `it is still in the state '${states.at(-1)}'` } = execution;
    if (status !== 'SUCCEEDED') throw new PlanError(machine, 'DefinitionString', `is ${status}: ${reason}`);
  }
  const machines = executions.map(({ machine }) => machine).join(', ');
  const now = await present();
  if (now === before)
    throw new PlanError(machines, 'DefinitionString', 'rotates no secret that the tasks use');
  if (service!.live.some(({ secrets }) => JSON.stringify(secrets) !== now))
    throw new PlanError(
      machines,
      'DefinitionString',
      'does not restart the tasks after the rotation, so they keep the old values',
    );
}
