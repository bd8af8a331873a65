import { type DatabaseCapacity, isServerless } from './database-capacity';

/** Who wants connections at the worst moment. */
export interface ConnectionDemand {
  /** Tasks of the server at the top of its scaling. */
  readonly maximumTasks: number;
  /** Connections a task opens at most. */
  readonly poolSize: number;
  /**
   * Sets of tasks that run at once while a release replaces another.
   * @default 2
   */
  readonly overlap?: number;
  /**
   * Connections of migrations, which go past the proxy.
   * @default 2
   */
  readonly migrations?: number;
  /**
   * Connections kept for people, monitoring, RDS and the Data API.
   * @default 10
   */
  readonly reserve?: number;
}

/** Who offers them. */
export interface ConnectionSupply {
  readonly capacity: DatabaseCapacity;
  /**
   * Share of the database's connections that the proxy lends, in percent.
   * @default no proxy
   */
  readonly proxyPercent?: number;
  /**
   * `max_connections`, when a parameter group sets it or the instance class is not known here.
   * @default what Aurora makes of the capacity
   */
  readonly maxConnections?: number;
}

export interface ConnectionBudget {
  /** What the database accepts. */
  readonly maxConnections: number;
  /** What the server may have of it. */
  readonly lent: number;
  /** What the server wants at the worst moment. */
  readonly server: number;
  /** What goes past the proxy: migrations and the reserve. */
  readonly direct: number;
  /** Share of the scarcer of both limits that is wanted, 1 when everything is. */
  readonly used: number;
  readonly verdict: 'fits' | 'close' | 'exceeded';
  /** The sum, a line a number. */
  readonly sum: readonly string[];
  /** Three ways out; empty when it fits. */
  readonly remedies: readonly string[];
}

/** From this share on there is too little room for a scaling limit to be raised. */
const CLOSE = 0.8;
const MAXIMUM = 5000;
/** `max_connections` at most, when the minimum capacity is 0 or 0.5 ACU. */
const MAXIMUM_AT_SMALL_MINIMUM = 2000;

/**
 * `max_connections` by maximum ACU. Values in between are interpolated: Aurora's formula runs above that line.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections
 */
const BY_ACU = [
  [1, 189],
  [4, 823],
  [8, 1669],
  [16, 3360],
  [32, MAXIMUM],
] as const;

/**
 * `max_connections` by instance size: burstable classes, memory-optimised ones.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html#AuroraPostgreSQL.Managing.MaxConnections
 */
const BURSTABLE: Readonly<Record<string, number>> = { medium: 405, large: 844 };
const MEMORY_OPTIMISED: Readonly<Record<string, number>> = { large: 1600, xlarge: 3300 };

/** `max_connections` of an instance; undefined for a class that is not known here. */
export function maxConnections(capacity: DatabaseCapacity): number | undefined {
  if (isServerless(capacity)) {
    const ceiling = capacity.minimumAcu <= 0.5 ? MAXIMUM_AT_SMALL_MINIMUM : MAXIMUM;
    return Math.min(ceiling, interpolated(capacity.maximumAcu));
  }
  const [, family, size] = /^([a-z]+)[^.]*\.(\w+)$/.exec(capacity.instanceType.toString()) ?? [];
  if (family === 't') return BURSTABLE[size!];
  if (family !== 'r' && family !== 'x') return undefined;
  return MEMORY_OPTIMISED[size!] ?? (/^\d+xlarge$/.test(size!) ? MAXIMUM : undefined);
}

function interpolated(acu: number): number {
  const [[firstAcu, first]] = BY_ACU;
  if (acu <= firstAcu) return Math.floor(first * acu);
  for (let index = 1; index < BY_ACU.length; index++) {
    const [fromAcu, from] = BY_ACU[index - 1]!;
    const [toAcu, to] = BY_ACU[index]!;
    if (acu <= toAcu) return Math.floor(from + ((acu - fromAcu) / (toAcu - fromAcu)) * (to - from));
  }
  return MAXIMUM;
}

/**
 * Whether the connections suffice when the server is scaled out, a release replaces another and migrations
 * run: server ≤ what the proxy lends, and that with migrations and the reserve ≤ `max_connections`.
 *
 * @throws when `max_connections` is not known
 */
export function connectionBudget(demand: ConnectionDemand, supply: ConnectionSupply): ConnectionBudget {
  const { maximumTasks, poolSize, overlap = 2, migrations = 2, reserve = 10 } = demand;
  const limit = supply.maxConnections ?? maxConnections(supply.capacity);
  if (limit === undefined)
    throw new Error("'maxConnections' must be given for an instance class that is not known here");

  const server = maximumTasks * overlap * poolSize;
  const direct = migrations + reserve;
  const { proxyPercent } = supply;
  // Without a proxy the server may have all that the others leave.
  const lent =
    proxyPercent === undefined ? Math.max(limit - direct, 0) : Math.floor((limit * proxyPercent) / 100);
  const left = limit - lent;

  const serverShare = share(server, lent);
  const directShare = share(direct, left);
  const exceeded = serverShare > 1 || directShare > 1;
  const close = serverShare > CLOSE;
  return {
    maxConnections: limit,
    lent,
    server,
    direct,
    used: Math.max(serverShare, directShare),
    verdict: exceeded ? 'exceeded' : close ? 'close' : 'fits',
    sum: [
      `${server} for the server: ${maximumTasks} tasks × ${overlap} during a release × a pool of ${poolSize}`,
      `${direct} beside it: ${migrations} for migrations + ${reserve} reserve`,
      `${limit} accepted by the database (${origin(supply)})`,
      proxyPercent === undefined
        ? `${lent} of them for the server, for there is no proxy`
        : `${lent} of them lent by the proxy (${proxyPercent} %), ${left} left`,
    ],
    remedies: exceeded || close ? remedies(demand, supply, { server, direct, lent, limit }) : [],
  };
}

function share(wanted: number, offered: number): number {
  if (wanted === 0) return 0;
  return offered <= 0 ? Number.POSITIVE_INFINITY : wanted / offered;
}

function origin({ capacity, maxConnections: given }: ConnectionSupply): string {
  if (given !== undefined) return 'as given';
  return isServerless(capacity)
    ? `${capacity.minimumAcu} to ${capacity.maximumAcu} ACU`
    : capacity.instanceType.toString();
}

function remedies(
  { maximumTasks, overlap = 2 }: ConnectionDemand,
  { proxyPercent }: ConnectionSupply,
  { server, direct, lent, limit }: { server: number; direct: number; lent: number; limit: number },
): string[] {
  const sets = maximumTasks * overlap;
  const comfortable = Math.floor((lent * CLOSE) / sets);
  const needed = Math.ceil(
    Math.max(
      server / CLOSE / ((proxyPercent ?? 100) / 100),
      proxyPercent === undefined ? server / CLOSE + direct : direct / Math.max(1 - proxyPercent / 100, 0.01),
    ),
  );
  const acu = smallestAcu(needed);
  return [
    comfortable >= 1
      ? `a smaller pool: ${comfortable} connections a task`
      : `fewer tasks: even a pool of 1 is too much for ${sets} of them`,
    acu === undefined
      ? `a larger database: it would have to accept ${needed} connections, more than any does`
      : `a larger database: ${needed} connections need a maximum of ${acu} ACU${needed > MAXIMUM_AT_SMALL_MINIMUM ? ' and a minimum of 1' : ''}`,
    proxyPercent === undefined
      ? 'a proxy, which lets many tasks share few connections'
      : limit - direct > lent
        ? `a larger share for the proxy: up to ${Math.floor(((limit - direct) / limit) * 100)} % leaves enough for the rest`
        : `a smaller share for the proxy, or fewer direct connections: ${direct} of ${limit} must be left`,
  ];
}

/** Memory of one connection that is open and idle, in MiB: what PostgreSQL keeps for its caches. */
const IDLE_CONNECTION_MIB = 10;
const ACU_MIB = 2048;

/**
 * Why the memory of the minimum capacity is too small for the pools that stay open; undefined when it is not.
 * @see https://aws.amazon.com/blogs/database/resources-consumed-by-idle-postgresql-connections/
 */
export function memoryWarning(demand: ConnectionDemand, capacity: DatabaseCapacity): string | undefined {
  if (!isServerless(capacity) || capacity.minimumAcu === 0) return undefined;
  const open = demand.maximumTasks * demand.poolSize;
  const wanted = open * IDLE_CONNECTION_MIB;
  const offered = capacity.minimumAcu * ACU_MIB;
  if (wanted <= offered / 2) return undefined;
  return `${open} open connections take about ${wanted} MiB, more than half of the ${offered} MiB at ${capacity.minimumAcu} ACU: the database would hardly scale down; raise the minimum to ${Math.ceil((wanted * 4) / ACU_MIB) / 2} ACU or shrink the pool`;
}

/** The smallest maximum capacity, in whole ACUs, whose `max_connections` is at least `needed`. */
function smallestAcu(needed: number): number | undefined {
  for (let acu = 1; acu <= BY_ACU.at(-1)![0]; acu++) if (interpolated(acu) >= needed) return acu;
  return undefined;
}
