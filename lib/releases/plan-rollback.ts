import {
  currentSchema,
  type EnvironmentState,
  type RecordedRelease,
  releases,
  shortRevision,
} from './environment-state';
import { schemaProblem } from './migrations-since';

/** One thing that going back takes, in the order in which it is done. */
export type RollbackStep =
  | { readonly do: 'stop-deployment'; readonly deployment: string; readonly taskDefinition?: string }
  | { readonly do: 'await-deployment'; readonly deployment: string }
  | { readonly do: 'move-client'; readonly from?: string; readonly to: string }
  | { readonly do: 'deploy-server'; readonly from?: string; readonly to: string }
  | { readonly do: 'verify'; readonly url: string }
  | { readonly do: 'record' };

/** How to get from what there is to a release. */
export interface RollbackPlan {
  /** What users are to have. */
  readonly release: RecordedRelease;
  /** What they have, by the record. */
  readonly from: string;
  readonly steps: readonly RollbackStep[];
  /** What whoever deploys next has to know, one sentence each. */
  readonly next: readonly string[];
}

/** Nothing was done, and why. */
export class RollbackRefused extends Error {
  override readonly name = 'RollbackRefused';
}

const GOING_BACK = /^(ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS|STOP_REQUESTED)$/;

/**
 * Decides what going back would do. Reads nothing, does nothing.
 *
 * The client goes first: the former client works with the server that is there, as it did while that one was
 * released; a client that is ahead of its server may not.
 *
 * @param to release id or its beginning; the release before the current one when absent
 * @throws RollbackRefused with the reason
 */
export function planRollback(state: EnvironmentState, to?: string): RollbackPlan {
  const { name, stack, server } = state;
  const known = releases(state.history);
  const [current] = known;
  if (!current)
    throw new RollbackRefused(
      `no release of ${name} is recorded, so there is none to go back to; deploying one records it`,
    );
  if (!server) throw new RollbackRefused(`there is no service ${name} in ${state.region}; deploy it first`);
  refuseBusyStack(state);

  const deploying = stack.status === 'UPDATE_IN_PROGRESS';
  const { deployment } = server;
  if (deployment && GOING_BACK.test(deployment.status))
    throw new RollbackRefused(
      'ECS is taking a deployment back already; `framework53 status` shows how far it is',
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
      `users have ${release.releaseId} already, server and client; nothing is to be done`,
    );
  steps.push({ do: 'verify', url: release.url }, { do: 'record' });
  return { release, from: current.releaseId, steps, next: nextDeployment(state, release) };
}

/** While CloudFormation deploys, the client has not moved: ECS takes the server back, CloudFormation the rest. */
function stopDeployment(state: EnvironmentState, current: RecordedRelease, to?: string): RollbackPlan {
  const deployment = state.server?.deployment;
  if (!deployment)
    throw new RollbackRefused(
      `the stack ${state.stack.name} is being updated and its server is not at it; stop the update with: aws cloudformation cancel-update-stack --stack-name ${state.stack.name} --region ${state.region}`,
    );
  if (to !== undefined && !current.releaseId.startsWith(to))
    throw new RollbackRefused(
      `a deployment is under way; stop it first, which leads to ${current.releaseId}: run this without --to, then again`,
    );
  return {
    release: current,
    from: current.releaseId,
    steps: [
      { do: 'stop-deployment', deployment: deployment.arn, taskDefinition: deployment.taskDefinition },
      { do: 'record' },
    ],
    next: [
      `CloudFormation sees that ECS took the deployment back, fails the update and takes ${state.stack.name} back to ${current.releaseId} by itself. Wait for UPDATE_ROLLBACK_COMPLETE.`,
      'Migrations of the release that was stopped stay applied.',
      'The next `cdk deploy` starts from there as usual.',
    ],
  };
}

function refuseBusyStack({ stack, name }: EnvironmentState): void {
  const { status } = stack;
  if (status === undefined)
    throw new RollbackRefused(`there is no stack ${stack.name}; deploy ${name} first`);
  if (/^(UPDATE_)?ROLLBACK_IN_PROGRESS$|ROLLBACK_COMPLETE_CLEANUP/.test(status))
    throw new RollbackRefused(
      `CloudFormation is taking ${stack.name} back already (${status}); wait until it is done, then see \`framework53 status\``,
    );
  if (/^CREATE_|^DELETE_|^REVIEW_|^IMPORT_/.test(status) && !/^(CREATE|IMPORT)_COMPLETE$/.test(status))
    throw new RollbackRefused(`${stack.name} is ${status}; there is nothing to go back to in this state`);
  if (status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')
    throw new RollbackRefused(`${stack.name} is just being tidied up after an update; try again in a minute`);
}

function refuseUnfit(state: EnvironmentState, release: RecordedRelease): void {
  const schema = currentSchema(state.history);
  const problem = schema && schemaProblem(release.schema, schema);
  if (problem)
    throw new RollbackRefused(
      `${release.releaseId} does not fit the schema: ${problem}. Release a remedy instead, or restore the database to ${restorePoint(state, release) ?? 'a moment before'}, which loses what was written since`,
    );
  if (!state.registered.has(release.taskDefinition))
    throw new RollbackRefused(
      `${shortRevision(release.taskDefinition)} of ${release.releaseId} is no longer registered with ECS, which keeps the newest 20; deploy that release's sources instead`,
    );
}

/** The moment before the first migrations that came after a release. */
function restorePoint({ history }: EnvironmentState, release: RecordedRelease): string | undefined {
  return history
    .filter(({ kind, at }) => kind === 'migrations' && at > release.at)
    .findLast(({ schema }) => schema.digest !== release.schema.digest)?.restorePoint;
}

/** The release that was deployed before the current one was. */
function before(known: readonly RecordedRelease[], current: RecordedRelease): RecordedRelease {
  const deployed = known.filter(({ kind }) => kind === 'release');
  const own = deployed.findIndex(({ releaseId }) => releaseId === current.releaseId);
  const found = deployed.slice(own + 1).find(({ releaseId }) => releaseId !== current.releaseId);
  if (found && own >= 0) return found;
  throw new RollbackRefused(
    `${current.releaseId} is the oldest release that is recorded; there is none before it`,
  );
}

function find(known: readonly RecordedRelease[], to: string): RecordedRelease {
  const matching = known.filter(({ releaseId }) => releaseId.startsWith(to));
  const ids = [...new Set(matching.map(({ releaseId }) => releaseId))];
  if (ids.length > 1)
    throw new RollbackRefused(`'${to}' may be ${ids.join(' or ')}; give more of the release id`);
  // The newest record of a release has what it was deployed with last.
  const [release] = matching;
  if (release) return release;
  const all = [...new Set(known.map(({ releaseId }) => releaseId))];
  throw new RollbackRefused(`no release '${to}' is recorded; those that are: ${all.join(', ')}`);
}

/** What CloudFormation, which knows nothing of all this, does the next time. */
function nextDeployment({ stack }: EnvironmentState, { releaseId }: RecordedRelease): string[] {
  const failed =
    stack.status === 'UPDATE_ROLLBACK_FAILED'
      ? [
          `${stack.name} is UPDATE_ROLLBACK_FAILED: before anything can be deployed, run aws cloudformation continue-update-rollback --stack-name ${stack.name}`,
        ]
      : [];
  if (stack.releaseId === releaseId)
    return [
      ...failed,
      `The stack is of ${releaseId}, too: the next \`cdk deploy\` starts from there as usual.`,
    ];
  const left = stack.releaseId ?? 'the release that was left';
  return [
    ...failed,
    `The stack is still of ${left}. \`cdk deploy\` of ${left} changes nothing, because its template is no other; to have it again: framework53 rollback --to ${left}.`,
    `\`cdk deploy\` of any other release, or of ${left} with other settings of client, server or verification, replaces server and client as usual. Should it fail, CloudFormation goes back to ${left}, not to ${releaseId}: deploy the sources of ${releaseId} first, which changes nothing for users, unless the next release is sure.`,
  ];
}
