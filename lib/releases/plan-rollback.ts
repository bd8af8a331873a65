import {
  currentSchema,
  type EnvironmentState,
  type RecordedRelease,
  releases,
  shortRevision,
} from './environment-state';
import { schemaProblem } from './migrations-since';

/** A step of a rollback. */
export type RollbackStep =
  | { readonly do: 'stop-deployment'; readonly deployment: string; readonly taskDefinition?: string }
  | { readonly do: 'await-deployment'; readonly deployment: string }
  | { readonly do: 'move-client'; readonly from?: string; readonly to: string }
  | { readonly do: 'deploy-server'; readonly from?: string; readonly to: string }
  | { readonly do: 'verify'; readonly url: string }
  | { readonly do: 'record' };

/** The steps from the current state of an environment to a release. */
export interface RollbackPlan {
  /** The release that users have after the rollback. */
  readonly release: RecordedRelease;
  /** Id of the release that users have, according to the record. */
  readonly from: string;
  /** The steps, in order. */
  readonly steps: readonly RollbackStep[];
  /** Advice for the next deployment, one sentence each. */
  readonly next: readonly string[];
}

/** Refuses a rollback, with the reason. Nothing was changed. */
export class RollbackRefused extends Error {
  override readonly name = 'RollbackRefused';
}

const GOING_BACK = /^(ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS|STOP_REQUESTED)$/;

/**
 * Plans a rollback. Reads nothing from AWS and changes nothing.
 *
 * The client goes back first. The earlier client works with the current server, as it did during the current server's
 * deployment. A client that is newer than its server may not work.
 * @param to release id or its beginning; without it, the release before the current one
 * @throws RollbackRefused with the reason
 */
export function planRollback(state: EnvironmentState, to?: string): RollbackPlan {
  const { name, stack, server } = state;
  const known = releases(state.history);
  const [current] = known;
  if (!current)
    throw new RollbackRefused(
      `no release of ${name} is recorded, so there is none to go back to; the next deployment records its release`,
    );
  if (!server) throw new RollbackRefused(`there is no service ${name} in ${state.region}; deploy it first`);
  refuseBusyStack(state);

  const deploying = stack.status === 'UPDATE_IN_PROGRESS';
  const { deployment } = server;
  if (deployment && GOING_BACK.test(deployment.status))
    throw new RollbackRefused(
      'ECS is already rolling back a deployment; `framework53 status` shows its stage',
    );
  if (deploying) return stopDeployment(state, current, to);

  const release = to === undefined ? before(known, current) : find(known, to);
  const wanted = release.taskDefinition;
  const arriving = deployment?.taskDefinition === wanted;
  const moves = server.taskDefinition !== wanted;
  if (moves) refuseUnfit(state, release);

  const steps: RollbackStep[] = [];
  if (deployment && !arriving)
    steps.push({
      do: 'stop-deployment',
      deployment: deployment.arn,
      taskDefinition: deployment.taskDefinition,
    });
  if (state.pointer !== release.pointer)
    steps.push({ do: 'move-client', from: state.pointer, to: release.pointer });
  if (deployment && arriving) steps.push({ do: 'await-deployment', deployment: deployment.arn });
  else if (moves) steps.push({ do: 'deploy-server', from: server.taskDefinition, to: wanted });
  if (steps.length === 0 && release.releaseId === current.releaseId)
    throw new RollbackRefused(
      `server and client already run ${release.releaseId}; there is nothing to roll back`,
    );
  steps.push({ do: 'verify', url: release.url }, { do: 'record' });
  return { release, from: current.releaseId, steps, next: nextDeployment(state, release) };
}

/**
 * Plans the rollback of a deployment in progress. The client has not moved yet: ECS rolls back the server, and
 * CloudFormation rolls back the rest.
 */
function stopDeployment(state: EnvironmentState, current: RecordedRelease, to?: string): RollbackPlan {
  const deployment = state.server?.deployment;
  if (!deployment)
    throw new RollbackRefused(
      `CloudFormation is updating the stack ${state.stack.name}, and no deployment of the server is in progress; cancel the update with: aws cloudformation cancel-update-stack --stack-name ${state.stack.name} --region ${state.region}`,
    );
  if (to !== undefined && !current.releaseId.startsWith(to))
    throw new RollbackRefused(
      `a deployment is in progress; stop it first: run this command without --to, which leads to ${current.releaseId}, then run it again with --to`,
    );
  return {
    release: current,
    from: current.releaseId,
    steps: [
      { do: 'stop-deployment', deployment: deployment.arn, taskDefinition: deployment.taskDefinition },
      { do: 'record' },
    ],
    next: [
      `CloudFormation detects that ECS rolled the deployment back, fails the update and rolls ${state.stack.name} back to ${current.releaseId}. Wait for UPDATE_ROLLBACK_COMPLETE.`,
      'Migrations of the stopped release stay applied.',
      'The next `cdk deploy` then works as usual.',
    ],
  };
}

function refuseBusyStack({ stack, name }: EnvironmentState): void {
  const { status } = stack;
  if (status === undefined)
    throw new RollbackRefused(`there is no stack ${stack.name}; deploy ${name} first`);
  if (/^(UPDATE_)?ROLLBACK_IN_PROGRESS$|ROLLBACK_COMPLETE_CLEANUP/.test(status))
    throw new RollbackRefused(
      `CloudFormation is already rolling back ${stack.name} (${status}); wait until the rollback ends, then run \`framework53 status\``,
    );
  if (/^CREATE_|^DELETE_|^REVIEW_|^IMPORT_/.test(status) && !/^(CREATE|IMPORT)_COMPLETE$/.test(status))
    throw new RollbackRefused(`${stack.name} is ${status}; a rollback is not possible in this state`);
  if (status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')
    throw new RollbackRefused(
      `CloudFormation is still cleaning up after an update of ${stack.name}; try again in a minute`,
    );
}

function refuseUnfit(state: EnvironmentState, release: RecordedRelease): void {
  const schema = currentSchema(state.history);
  const problem = schema && schemaProblem(release.schema, schema);
  if (problem)
    throw new RollbackRefused(
      `${release.releaseId} does not fit the schema: ${problem}. Release a fix instead, or restore the database to ${restorePoint(state, release) ?? 'a time before these migrations'}, which loses all data written since`,
    );
  if (!state.registered.has(release.taskDefinition))
    throw new RollbackRefused(
      `${shortRevision(release.taskDefinition)} of ${release.releaseId} is no longer registered with ECS, because only the newest 20 revisions stay registered; deploy the sources of ${release.releaseId} instead`,
    );
}

/** Returns the restore point before the first migrations that were applied after a release. */
function restorePoint({ history }: EnvironmentState, release: RecordedRelease): string | undefined {
  return history
    .filter(({ kind, at }) => kind === 'migrations' && at > release.at)
    .findLast(({ schema }) => schema.digest !== release.schema.digest)?.restorePoint;
}

/** Returns the release that was deployed before the current one. */
function before(known: readonly RecordedRelease[], current: RecordedRelease): RecordedRelease {
  const deployed = known.filter(({ kind }) => kind === 'release');
  const own = deployed.findIndex(({ releaseId }) => releaseId === current.releaseId);
  const found = deployed.slice(own + 1).find(({ releaseId }) => releaseId !== current.releaseId);
  if (found && own >= 0) return found;
  throw new RollbackRefused(`${current.releaseId} is the oldest recorded release; there is none before it`);
}

function find(known: readonly RecordedRelease[], to: string): RecordedRelease {
  const matching = known.filter(({ releaseId }) => releaseId.startsWith(to));
  const ids = [...new Set(matching.map(({ releaseId }) => releaseId))];
  if (ids.length > 1)
    throw new RollbackRefused(`'${to}' matches ${ids.join(' and ')}; give more characters of the release id`);
  // The newest record of a release describes its last deployment.
  const [release] = matching;
  if (release) return release;
  const all = [...new Set(known.map(({ releaseId }) => releaseId))];
  throw new RollbackRefused(`no release '${to}' is recorded; the recorded releases are ${all.join(', ')}`);
}

/** Describes the effect of the next deployment. CloudFormation does not know about the rollback. */
function nextDeployment({ stack }: EnvironmentState, { releaseId }: RecordedRelease): string[] {
  const failed =
    stack.status === 'UPDATE_ROLLBACK_FAILED'
      ? [
          `${stack.name} is UPDATE_ROLLBACK_FAILED. Before the next deployment, run aws cloudformation continue-update-rollback --stack-name ${stack.name}`,
        ]
      : [];
  if (stack.releaseId === releaseId)
    return [...failed, `The stack is also at ${releaseId}, so the next \`cdk deploy\` works as usual.`];
  const left = stack.releaseId ?? 'the former release';
  return [
    ...failed,
    `The stack is still at ${left}. \`cdk deploy\` of ${left} changes nothing, because its template is unchanged. To return to ${left}, run framework53 rollback --to ${left}.`,
    `\`cdk deploy\` of any other release updates server and client as usual, and so does \`cdk deploy\` of ${left} with other settings of client, server or verification. If that deployment fails, CloudFormation rolls back to ${left}, not to ${releaseId}. To prevent this, deploy the sources of ${releaseId} first; users notice no change.`,
  ];
}
