import type { InventoryItem } from './core/inventory';
import { PlanError } from './core/plan-error';
import { type Properties, pairs } from './core/properties';
import { logIn } from './database-login';
import { requireEgress } from './ecs/require-egress';
import { asEcs, secretValues } from './ecs/task-definition';
import type { EmulatedAccount } from './emulated-account';

/**
 * Starts each task whose `aws ecs run-task` command is an output of the plan, and enters it with ECS Exec if the
 * command enables that. The rehearsal runs no container: it judges the permissions for the start and the sessions, and
 * logs in to the database with the container's `PGHOST` and `PGUSER`, as `psql` would.
 * @returns families of the tasks
 * @throws PlanError for a task that cannot be started or used
 */
export async function startPersonsTasks(account: EmulatedAccount): Promise<string[]> {
  const { outputs } = account.cloudFormation.published;
  const families: string[] = [];
  for (const [stack, values] of outputs)
    for (const [output, command] of values)
      if (command.startsWith('aws ecs run-task '))
        families.push(await start(account, stack, output, command));
  return families;
}

/** Starts a task with a command's arguments. Returns the family of the task. */
async function start(
  account: EmulatedAccount,
  stack: string,
  output: string,
  command: string,
): Promise<string> {
  const { stage, permissions } = account;
  const flag = (name: string): string => new RegExp(`--${name} '?([^' ]+)`).exec(command)?.[1] ?? '';
  const list = (name: string) => (new RegExp(`${name}=\\[([^\\]]*)\\]`).exec(command)?.[1] ?? '').split(',');
  const need = (type: string, name: string): InventoryItem => {
    const named = stage.inventory.ofType(type).find(({ attributes }) => {
      const short = attributes?.Ref.replace(/^.*\//, '').replace(/:\d+$/, '');
      return attributes?.Ref === name || short === name;
    });
    if (named) return named;
    throw new PlanError(output, 'Value', `(an output of ${stack}) names a missing ${type}: ${name}`);
  };
  const definition = need('AWS::ECS::TaskDefinition', flag('task-definition'));
  const cluster = need('AWS::ECS::Cluster', flag('cluster'));
  const isEntered = command.includes('--enable-execute-command');
  const placement = {
    subnets: list('subnets'),
    groups: list('securityGroups'),
    hasPublicIp: command.includes('assignPublicIp=ENABLED'),
  };
  const party = { name: definition.id, stack: definition.stack, placement };
  const { ContainerDefinitions, ExecutionRoleArn, Family } = definition.properties;
  const [container] = ContainerDefinitions as Properties[];
  const secrets = pairs(container!['Secrets'], 'Name', 'ValueFrom');
  const log = { group: container!['LogConfiguration']?.Options?.['awslogs-group'], prefix: '' };

  permissions.start(definition.attributes!.Ref, party);
  if (isEntered) permissions.enter(definition, cluster, party);
  const task = {
    logicalId: definition.id,
    executionRole: String(ExecutionRoleArn),
    container: { secrets, log },
  };
  const isPublic = !/\.dkr\.ecr\./.test(container!['Image']);
  requireEgress(stage.network, task, party, { isEntered, isPublic });
  const values = await secretValues(asEcs(stage.api, task, party), task.container);
  const environment = { ...pairs(container!['Environment'], 'Name', 'Value'), ...values };
  if (Object.keys(environment).some((name) => name.startsWith('PG'))) {
    const missing = missingForPsql(environment);
    if (missing) throw new PlanError(definition.id, 'ContainerDefinitions', `psql cannot log in: ${missing}`);
    await logIn(account, definition.id, party, environment);
  }
  return String(Family);
}

/**
 * Returns the reason why `psql` cannot use its variables.
 * https://www.postgresql.org/docs/current/libpq-ssl.html
 */
function missingForPsql({ PGHOST, PGSSLMODE, PGSSLROOTCERT }: Record<string, string>): string | undefined {
  if (!PGHOST) return 'PGHOST is not set, so it would look for a database in its own container';
  if (PGSSLMODE?.startsWith('verify-') && !PGSSLROOTCERT)
    return `PGSSLROOTCERT is not set, and PGSSLMODE=${PGSSLMODE} needs a root certificate`;
  return undefined;
}
