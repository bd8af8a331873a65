import { crashReason } from '../../constructs/handler/crash-reason';
import type { Application } from '../application/application';
import type { Release } from '../application/release';
import type { Workspace } from '../rehearsal/core/workspace';
import { RecordedServer } from './recorded-server';
import type { TestDatabase } from './test-database';
import { type Refusal, TrialValues } from './trial-values';

/** The inputs of an experiment, which starts a server. */
export interface ExperimentInput {
  /** Database role of the server, according to the settings. */
  readonly role: 'owner' | 'server';
  readonly workspace: Workspace;
  readonly database: TestDatabase;
  /** Folder with the image's files and its packages. */
  readonly image: string;
  readonly release: Release;
  readonly application: Application;
  /** File that receives the output of all starts of the server. */
  readonly log: string;
  /** Values that the user gave for variables. The other values are made up. */
  readonly values: Readonly<Record<string, string>>;
  readonly progress: (line: string) => void;
}

/** The result of starting a server in several ways. */
export interface Experiment {
  readonly comesUp: boolean;
  /** Variables without which the server does not start, although the code does not show that. */
  readonly needed: readonly string[];
  /** True if the server starts only with a database role that may change the schema. */
  readonly needsOwner: boolean;
  /** Generated secrets whose usual form the server refuses. */
  readonly unusual: readonly Refusal[];
  /** Variables whose values a server that does not start refuses. */
  readonly refused: readonly Refusal[];
  /** The last error of a server that does not start. */
  readonly reason?: string;
  /** Number of times that the experiment started the server. */
  readonly starts: number;
}

/** Maximum number of starts with better values. Many servers name one refused value for each start. */
const mostImprovements = 8;

/** Maximum number of variables that the experiment tries to leave out, one at a time. Further variables are kept. */
const mostVariables = 12;

interface Trial {
  readonly variables: ReadonlySet<string>;
  readonly role: 'owner' | 'server';
}

/** Finds the conditions under which a server starts. The last successful server keeps running. */
export async function runExperiment(
  world: ExperimentInput,
): Promise<Experiment & { readonly server?: RecordedServer }> {
  const lab = new Laboratory(world);
  let { role } = world;
  let server = await lab.start({ variables: new Set(), role });
  const needed = new Set<string>();
  // An error names the missing variable, or the permission that the database role lacks.
  for (;;) {
    const reason = crashReason(server.lines).join('\n');
    if (role === 'server' && isDenied(server)) role = 'owner';
    else if (isUp(server)) break;
    else {
      const named = lab.unset(server).filter((name) => reason.includes(name) && !needed.has(name));
      if (named.length === 0) break;
      for (const name of named) needed.add(name);
    }
    server = await lab.start({ variables: needed, role });
  }
  if (!isUp(server)) {
    const found = await searched(lab, server, role, needed);
    if (found) ({ server, role } = found);
  }
  const up = isUp(server);
  return {
    comesUp: up,
    needed: up ? [...needed].sort() : [],
    needsOwner: up && role !== world.role,
    unusual: up ? lab.values.unusual() : [],
    refused: up ? [] : lab.values.refused(),
    ...(!up && { reason: explained(server) }),
    starts: lab.starts,
    ...(up && { server }),
  };
}

/**
 * Gives the server made-up values for the variables without a default, and for all variables if that is not enough.
 * Then leaves variables out, one at a time, and drops each one that the server does not need. A default in the code
 * may be better than a made-up value.
 */
async function searched(
  lab: Laboratory,
  failed: RecordedServer,
  role: Trial['role'],
  needed: Set<string>,
): Promise<{ server: RecordedServer; role: Trial['role'] } | undefined> {
  const every = lab.unset(failed).filter((name) => !needed.has(name));
  const bare = every.filter((name) => lab.hasNoDefault(name));
  let all: readonly string[] = [];
  let server = failed;
  for (const group of bare.length < every.length ? [bare, every] : [every]) {
    if (group.length === 0) continue;
    all = group;
    const variables = new Set([...needed, ...group]);
    server = await lab.start({ variables, role });
    if (role === 'server' && isDenied(server)) {
      role = 'owner';
      server = await lab.start({ variables, role });
    }
    if (isUp(server)) break;
  }
  if (!isUp(server)) return undefined;
  const kept = new Set([...needed, ...all]);
  for (const name of all.slice(0, mostVariables)) {
    const without = await lab.start({ variables: new Set([...kept].filter((each) => each !== name)), role });
    if (!isUp(without)) continue;
    kept.delete(name);
    server = without;
  }
  for (const name of kept) needed.add(name);
  if (!isUp(server)) server = await lab.start({ variables: kept, role });
  return { server, role };
}

class Laboratory {
  starts = 0;
  readonly values: TrialValues;
  private current: RecordedServer | undefined;

  constructor(private readonly world: ExperimentInput) {
    this.values = new TrialValues(world.values, world.release.server.secrets);
  }

  /** Returns the variables that the server reads and that have no value. */
  unset(server: RecordedServer): string[] {
    const { application } = this.world;
    const given = new Set(Object.keys(this.environment({ variables: new Set(), role: 'server' })));
    const read = server.seen.flatMap((each) => (each.kind === 'variable' ? [each.name] : []));
    const known = application.variables.map(({ name }) => name);
    return [...new Set([...known, ...read])]
      .filter((name) => !given.has(name) && !ofSystem.test(name))
      .sort();
  }

  /** Returns true if the code has no default for a variable, or if the code does not show one. */
  hasNoDefault(name: string): boolean {
    const known = this.world.application.variables.find((variable) => variable.name === name);
    return known ? !known.optional : true;
  }

  /** Starts the server with other conditions, and with better values as long as it refuses one. */
  async start(trial: Trial): Promise<RecordedServer> {
    for (let improvements = 0; ; improvements++) {
      const server = await this.startOnce(trial);
      if (isUp(server)) return server;
      const isBetter = this.values.improve(this.namesOf(trial), server.lines);
      if (!isBetter || improvements === mostImprovements) return server;
    }
  }

  /** Stops the running server, starts it, and waits until it answers. */
  private async startOnce(trial: Trial): Promise<RecordedServer> {
    await this.current?.stop();
    const { workspace, image, release, log } = this.world;
    const { command, port, healthPath } = release.server;
    this.starts += 1;
    if (this.starts > 1) this.world.progress(`server: start ${this.starts}, ${conditions(trial)}`);
    const server = new RecordedServer(workspace, image, command.slice(1), this.environment(trial), log);
    this.current = server;
    // Work that the server begins at its start may still fail.
    if (await server.answers(port, healthPath)) {
      await server.staysUp();
      up.add(server);
    }
    return server;
  }

  /** Returns the variables that get a value of the experiment. */
  private namesOf({ variables }: Pick<Trial, 'variables'>): string[] {
    return [...this.world.release.server.secrets.map(({ name }) => name), ...variables];
  }

  private environment({ variables, role }: Trial): Record<string, string> {
    const { release, database } = this.world;
    const { environment } = release.server;
    const names = this.namesOf({ variables });
    return {
      APP_ENV: 'production',
      LOG_LEVEL: 'info',
      DATABASE_POOL_SIZE: '5',
      ...environment,
      ...database.environment(role),
      ...Object.fromEntries(names.map((name) => [name, this.values.of(name)])),
    };
  }
}

function conditions({ variables, role }: Trial): string {
  const given = variables.size > 0 ? `with ${[...variables].join(', ')}` : 'with no other variables';
  return role === 'owner' ? `${given}, as owner of the schema` : given;
}

const up = new WeakSet<RecordedServer>();

function isUp(server: RecordedServer): boolean {
  return up.has(server) && server.exitCode === undefined;
}

/** Returns true if the database denied a change of the schema. */
function isDenied({ lines }: RecordedServer): boolean {
  return lines.some((line) => /permission denied for (schema|database)|must be owner of/.test(line));
}

/** Variables that `init` never sets: the system, tools and the image set them. */
const ofSystem =
  /^(PATH|HOME|PWD|USER|SHELL|TERM|TMPDIR|TEMP|TMP|CI|TZ|LANG|DEBUG|NO_COLOR|FORCE_COLOR|NODE_\w+|npm_\w+|PG\w+|AWS_\w+|ECS_\w+|FRAMEWORK53_\w+|SHUTDOWN_TIMEOUT_MS|VITEST\w*|JEST\w*|HOST|HOSTNAME|PORT|DATABASE_URL)$/;

function explained(server: RecordedServer): string {
  const { exitCode, lines, seen } = server;
  const unreachable = /(ENOTFOUND|EAI_AGAIN|ECONNREFUSED) ([\w.-]+\.[a-z]+)/.exec(lines.join('\n'))?.[2];
  if (exitCode === 0) return 'it ends with exit code 0: does it listen when NODE_ENV is production?';
  const reason = crashReason(lines).join('\n    ');
  if (exitCode !== undefined)
    return `it ends with exit code ${exitCode}${unreachable ? ` after it tried to connect to ${unreachable}, which this machine cannot reach` : ''}: ${reason}`;
  return seen.some(({ kind }) => kind === 'listening')
    ? `it listens but does not answer: ${reason}`
    : `it does not listen within 20 s: ${reason}`;
}
