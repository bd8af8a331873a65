import type { ApprovedPlan } from '../constructs/release-record/entry';
import { wrapped } from '../lib/findings/wrapped';
import {
  currentSchema,
  type EnvironmentState,
  migrationCount,
  releases,
  shortRevision,
  type TrafficWeights,
} from '../lib/releases/environment-state';
import { type Command, EXIT, print, printJson, progress, table } from './command';
import { environmentOptions, selected } from './environment-options';

export const status: Command = {
  summary: 'Show the deployed release of an environment, and drift',
  description: `Reads the server, the client, the schema, the stack and the release records of an environment. Lists drift: parts
that disagree about the deployed release. Changes nothing. docs/releases.md lists the required permissions.`,
  options: { ...environmentOptions, json: { description: 'Print everything as JSON' } },
  examples: ['framework53 status --env production', 'framework53 status --env staging --json'],
  async run(given) {
    const { EnvironmentReleases } = await import('../lib/releases/environment-releases.js');
    const { placeOf } = await import('../lib/releases/environment-place.js');
    const { findDrift } = await import('../lib/releases/find-drift.js');
    const environment = new EnvironmentReleases(placeOf(selected(given)), progress);
    progress(`reading ${environment.name} in ${environment.region}`);
    const state = await environment.read();
    const drift = findDrift(state);
    const [current] = releases(state.history);
    // Parameter Store names the principal that wrote an entry: a person for a rollback, the stack's function otherwise.
    const author =
      current?.kind === 'rollback' ? await environment.author(current).catch(() => undefined) : undefined;
    if (given['json']) {
      const { registered, history, ...rest } = state;
      const [release] = releases(history);
      const schema = currentSchema(history);
      printJson({ ...rest, release, author, schema, drift, history });
    } else print(described(state, drift, author));
    return EXIT.done;
  },
};

/** Entries of the history to print. */
const SHOWN = 10;

function described(state: EnvironmentState, drift: readonly string[], author: string | undefined): string {
  const { name, region, server, pointer, stack, history } = state;
  const [current] = releases(history);
  const schema = currentSchema(history);
  const newest = schema?.newest.at(-1);
  const restorePoint = history.find((entry) => entry.restorePoint)?.restorePoint;
  const deployment = server?.deployment;
  const rows = [
    [
      'release',
      current
        ? `${current.releaseId}, ${HAPPENED[current.kind]} ${when(current.at)}${author ? ` by ${author}` : ''}`
        : 'no release is recorded',
    ],
    ['', current?.plan && planOf(current.plan)],
    [
      'server',
      server
        ? `${shortRevision(server.taskDefinition)}, ${tasksOf(server.running, server.desired)}`
        : 'not deployed',
    ],
    [
      '',
      deployment &&
        `deployment of ${shortRevision(deployment.taskDefinition)} is ${[deployment.status, deployment.stage].filter(Boolean).join(', ')}`,
    ],
    ...(server ? weightRows(server.weights) : []),
    ['client', pointer ?? (current ? 'the release pointer is not set' : 'unknown')],
    [
      'schema',
      schema
        ? `${schema.kind}, ${migrationCount(schema.count)}${newest ? `, newest ${newest.tag}` : ''}, release ${schema.releaseId}`
        : 'unknown',
    ],
    ['', restorePoint && `restore point ${restorePoint}`],
    [
      'stack',
      stack.status
        ? `${stack.name} is ${stack.status}${stack.releaseId ? `, release ${stack.releaseId}` : ''}`
        : `${stack.name} does not exist`,
    ],
  ].filter((row): row is [string, string] => Boolean(row[1]));
  const differences =
    drift.length > 0 ? drift.map((line) => `${wrapped(`! ${line}`, '  ', '    ')}\n`).join('') : '  none\n';
  const past = history
    .slice(0, SHOWN)
    .map((entry) => [minute(entry.at), HAPPENED[entry.kind], `${entry.releaseId}${detail(entry)}`]);
  return `${wrapped(`${name}, ${region}${current ? `, ${current.url}` : ''}`)}

${table(rows, '')}
Drift
${differences}${past.length > 0 ? `\nHistory (UTC)\n${table(past)}` : ''}`;
}

/**
 * Formats the traffic weights of the listener rules. If they differ from the template's, an update that changes the rule
 * moves traffic.
 */
function weightRows(weights: readonly TrafficWeights[] | undefined): [string, string][] {
  if (!weights) return [['', 'weights unknown: elasticloadbalancing:DescribeRules is denied']];
  return weights.map(({ rule, targetGroups, asInTemplate }) => {
    const shares = targetGroups.map(({ name, percent }) => `${name} ${percent} %`).join(', ');
    return ['', `${rule} rule: ${shares}${asInTemplate ? ', as in the template' : ', unlike the template'}`];
  });
}

/** Counts the running tasks. During a deployment, they may be more than the desired ones. */
function tasksOf(running: number, desired: number): string {
  return running > desired
    ? `${running} tasks run, and ${desired} are desired`
    : `${running} of ${desired} tasks run`;
}

function planOf({ digest, author, approvers }: ApprovedPlan): string {
  return `plan ${digest.slice(0, 16)} by ${author}, approved by ${approvers.join(', ') || 'nobody'}`;
}

const HAPPENED = {
  migrations: 'migrated',
  release: 'deployed',
  returned: 'restored',
  rollback: 'rolled back to',
} as const;

function detail(entry: EnvironmentState['history'][number]): string {
  return entry.kind === 'migrations'
    ? `  ${migrationCount(entry.schema.count)}`
    : `  ${shortRevision(entry.taskDefinition)}${entry.left ? `, from ${entry.left}` : ''}`;
}

const minute = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ');

function when(at: Date): string {
  const hours = Math.floor((Date.now() - at.getTime()) / 3_600_000);
  const age =
    hours < 1 ? 'less than an hour' : hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
  return `${minute(at)} UTC, ${age} ago`;
}
