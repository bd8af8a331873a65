import { wrapped } from '../findings/wrapped';
import type { Progress } from './cloudformation/stack-deployment';
import type { Firing } from './cloudwatch/alarms';
import { SPEED } from './core/time';
import type { Trace } from './core/trace';
import { type JudgedPermissions, judgedPermissions } from './denials';
import { REPLACED } from './ecs/start-tasks';
import type { UsedGrants } from './least-privilege';
import type { Tally } from './load';
import { type Measured, measuredLines } from './performance';
import { type JudgedNetwork, judgedNetwork } from './refusals';

export interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly outcome: string;
  requests?: Tally;
}

export interface Summary {
  readonly plan: { readonly directory: string; readonly digest: string };
  readonly faults: readonly string[];
  readonly verdict: 'passed' | 'failed';
  readonly problem?: string;
  readonly url?: string;
  readonly seconds: number;
  readonly steps: readonly Step[];
  readonly requests?: Tally & {
    /** Number of requests that the application's rate limit refused with 429. */
    readonly limited: number;
    readonly failures: Readonly<Record<string, number>>;
  };
  /** Response times and the size of the first load. */
  readonly performance?: Measured;
  readonly events: readonly string[];
  readonly alarms: {
    /** Names of the evaluated alarms. */
    readonly judged: readonly string[];
    /** Names of the alarms that fired, by release. */
    readonly fired: Readonly<Record<string, readonly string[]>>;
    /** Times and values of those alarms, by release. */
    readonly firings: Readonly<Record<string, readonly Firing[]>>;
  };
  /** AWS calls, judged by the plan, and the unused grants. */
  readonly permissions: JudgedPermissions & UsedGrants;
  /** TCP connections, judged by the plan. */
  readonly network: JudgedNetwork;
  readonly claims: Claims;
}

/** The limits of a rehearsal. Only its real parts prove something about the plan. */
export interface Claims {
  readonly real: readonly string[];
  readonly emulated: readonly string[];
  readonly notRehearsed: readonly string[];
}

const REAL = [
  'PostgreSQL: schema, roles and their rights, TLS with verified certificates, max_connections',
  "server and migrations: the image's files, packages and command, with the environment and secrets of the task definition",
  'handlers: the bundles of the plan, invoked as CloudFormation and ECS do',
  'edge functions: the code of the plan',
  'client: the files and headers of the plan',
];
const EMULATED = [
  `time: waits are ${SPEED} times shorter (intervals, delays, bake time), or even less if the alarms need no more`,
  'Node.js: the version of this machine, not of the image or function; no container, user or read-only file system',
  'load balancer, ECS deployments, RDS Proxy (without multiplexing), Data API, Secrets Manager',
  "state machines, events and alarms: the plan's definitions, with the metrics and events that the rehearsal reports",
  'CloudFront: behaviours, policies, errors, compression, WebSockets and simultaneous requests, over plain HTTP on localhost; the server sees https',
  'provided secrets: made-up values',
];
const NOT_REHEARSED = ['quotas', 'duration of AWS operations', "CloudFront's cache, TLS and firewall"];

/** Prints the progress of a rehearsal, and collects its steps, events and limits. */
export class Report implements Progress {
  readonly steps: Step[] = [];
  readonly events: string[] = [];
  private readonly started = Date.now();
  private readonly ignored = new Map<string, Set<string>>();
  private current = '';
  private spoke = Date.now();
  private closed = false;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly write: (line: string) => void) {
    this.heartbeat = setInterval(() => {
      if (Date.now() - this.spoke >= 1_500) this.say(`… ${this.current}`);
    }, 250);
  }

  /** Stops printing. */
  close(): void {
    this.closed = true;
    clearInterval(this.heartbeat);
  }

  say(line: string): void {
    if (this.closed) return;
    this.spoke = Date.now();
    this.write(`${((Date.now() - this.started) / 1000).toFixed(1).padStart(6)} s  ${line}`);
  }

  /** Records the operation in progress. It is printed only if it takes long. */
  now(what: string): void {
    this.current = what;
  }

  event(name: string, detail: string): void {
    if (name === 'resource') return;
    this.events.push(detail ? `${name}: ${detail}` : name);
    this.say(`  ${name}${detail && `: ${detail}`}`);
  }

  /** The message of a failure, with the last tasks that ECS has replaced because they never got healthy. */
  explained(message: string): string {
    const replaced = this.events.findLast((event) => event.startsWith(REPLACED));
    return replaced ? `${message}\n  ${replaced}` : message;
  }

  /** Runs a step and records its result. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const begun = Date.now();
    const note = (outcome: string) =>
      this.steps.push({ name, seconds: Number(((Date.now() - begun) / 1000).toFixed(2)), outcome });
    this.say(name);
    this.now(name);
    try {
      const result = await work();
      note('done');
      return result;
    } catch (error) {
      note((error as Error).message);
      throw error;
    }
  }

  /** Records the properties of a resource that have no effect in a rehearsal. */
  resource(type: string, properties: object, supported: readonly string[] | undefined): void {
    const names = this.ignored.get(type) ?? new Set<string>();
    this.ignored.set(type, names);
    if (!supported) {
      names.add('*');
      return;
    }
    const isSupported = (path: string) =>
      supported.some((known) => known === '' || path === known || path.startsWith(`${known}.`));
    const leads = (path: string) => supported.some((known) => known.startsWith(`${path}.`));
    const visit = (value: unknown, path: string): void => {
      if (isSupported(path) || /^(Tags|.*Description|Comment)$/.test(path)) return;
      if (Array.isArray(value) && leads(path)) {
        for (const item of value) visit(item, path);
      } else if (value !== null && typeof value === 'object' && (path === '' || leads(path))) {
        for (const [name, item] of Object.entries(value)) visit(item, path ? `${path}.${name}` : name);
      } else names.add(path);
    };
    visit(properties, '');
  }

  get seconds(): number {
    return Number(((Date.now() - this.started) / 1000).toFixed(1));
  }

  claims(notRehearsed: readonly string[], trace: Trace): Claims {
    const types = [...this.ignored].sort(([a], [b]) => a.localeCompare(b));
    return {
      real: REAL,
      emulated: [...EMULATED, permissionsClaim(trace), networkClaim(trace), ...standInClaims(trace)],
      notRehearsed: [
        ...NOT_REHEARSED,
        ...notRehearsed,
        ...judgedNetwork(trace).notJudged.map((line) => `connection ${line}`),
        ...types.flatMap(([type, names]) =>
          names.size === 0 ? [] : [names.has('*') ? type : `${type}: ${[...names].sort().join(', ')}`],
        ),
      ],
    };
  }
}

function permissionsClaim(trace: Trace): string {
  const { calls, notJudged } = judgedPermissions(trace);
  const { allowed, denied } = calls;
  const others = Object.entries(notJudged).map(([reason, times]) => `${times} not judged: ${reason}`);
  const judged = `IAM: ${allowed + denied} AWS calls judged by the policies of roles and resources: ${allowed} allowed, ${denied} denied`;
  return [judged, ...others].join('; ');
}

function standInClaims({ standIns }: Trace): string[] {
  return [...standIns].map(
    (host) => `${host}: this machine does not reach it; the rehearsal answers with its OpenID endpoints`,
  );
}

function networkClaim(trace: Trace): string {
  const { allowed, denied, 'not judged': unknown } = judgedNetwork(trace).connections;
  const others = unknown > 0 ? `, ${unknown} not judged` : '';
  return `network: ${allowed + denied} kinds of TCP connections judged by security groups, routes, endpoints and network ACLs: ${allowed} allowed, ${denied} refused${others}`;
}

function requestsLine({ made, failed, limited }: NonNullable<Summary['requests']>): string {
  const refused = limited > 0 ? `, ${limited} refused by the application's rate limit (429)` : '';
  return `  requests: ${made} made, ${failed} failed${refused}`;
}

/** Writes the summary as text. */
export function describeSummary({
  verdict,
  problem,
  faults,
  seconds,
  steps,
  requests,
  performance,
  alarms,
  permissions: { grants, unused },
  claims,
}: Summary): string {
  const width = Math.max(...steps.map(({ name }) => name.length)) + 2;
  const rows = steps.map(({ name, seconds: time, outcome, requests: tally }) => {
    const load = tally ? `${String(tally.made).padStart(6)} requests, ${tally.failed} failed` : '';
    const how = outcome === 'done' ? '' : `  ✗ ${outcome.split('\n')[0]!.slice(0, 160)}`;
    return wrapped(`  ${name.padEnd(width)}${time.toFixed(1).padStart(6)} s ${load}${how}`, '', '      ');
  });
  const failures = Object.entries(requests?.failures ?? {}).map(([words, times]) =>
    wrapped(`${times} × ${words}`, '    ', '      '),
  );
  const fired = Object.entries(alarms.fired).map(([what, names]) =>
    wrapped(`${what}: ${names.join(', ') || 'none'}`, '    ', '      '),
  );
  const listed = (lines: readonly string[]) => lines.map((line) => wrapped(line, '  ', '    '));
  const types = claims.notRehearsed.length;
  return [
    '',
    wrapped(`Rehearsal ${verdict}${faults.length > 0 ? ` (${faults.join(', ')})` : ''} after ${seconds} s`),
    ...(problem ? listed(problem.split('\n')) : []),
    ...rows,
    ...(requests ? [requestsLine(requests), ...failures] : []),
    ...(performance ? measuredLines(performance).map((line) => wrapped(line, '  ', '    ')) : []),
    `  alarms: ${alarms.judged.length} evaluated; fired`,
    ...fired,
    `  grants: ${grants} in the policies of roles, ${unused.length} not used here (listed in the JSON report)`,
    'Real',
    ...listed(claims.real),
    'Emulated',
    ...listed(claims.emulated),
    `Not rehearsed (${types} entries; the JSON report lists all)`,
    ...listed(claims.notRehearsed.slice(0, 3)),
    '',
  ].join('\n');
}
