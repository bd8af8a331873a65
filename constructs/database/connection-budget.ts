import { type DatabaseCapacity, isServerlessV2 } from './database-capacity';

/** Connections that the clients of a database need at peak load. */
export interface ConnectionDemand {
  /** Maximum number of server tasks that autoscaling may start. */
  readonly maximumTasks: number;
  /** Maximum number of connections of one task. */
  readonly poolSize: number;
  /**
   * Number of task sets that run at the same time during a release.
   * @default 2
   */
  readonly overlap?: number;
  /**
   * Number of connections for migrations, which bypass the proxy.
   * @default 2
   */
  readonly migrations?: number;
  /**
   * Number of connections reserved for people, monitoring, RDS and the Data API.
   * @default 10
   */
  readonly reserve?: number;
}

/** Connections that a database accepts. */
export interface ConnectionSupply {
  /** Number of connections that the database accepts: `max_connections`. */
  readonly maxConnections: number;
  /** Origin of that number, such as `1 to 8 ACU`. */
  readonly origin: string;
  /**
   * Share of the database's connections that the proxy may open, in percent.
   * @default - no proxy
   */
  readonly proxyPercent?: number;
}

/** Comparison of the connections that are needed with the connections that a database accepts. */
export interface ConnectionBudget {
  /** Number of connections that the database accepts. */
  readonly maxConnections: number;
  /** Number of connections that the server may use. */
  readonly lent: number;
  /** Number of connections that the server needs at peak load. */
  readonly server: number;
  /** Number of connections that bypass the proxy: migrations and the reserve. */
  readonly direct: number;
  /** Used share of the scarcer limit; 1 means all of it. */
  readonly used: number;
  /** Result: enough connections (`fits`), few left (`close`), or too few (`exceeded`). */
  readonly verdict: 'fits' | 'close' | 'exceeded';
  /** Lines of the calculation, one for each number. */
  readonly sum: readonly string[];
  /** Remedies; empty if there are enough connections. */
  readonly remedies: readonly string[];
}

/** Used share above which few connections are left for scaling. */
const CLOSE = 0.8;
const MAXIMUM = 5000;
/** Upper limit of `max_connections` if the minimum capacity is 0 or 0.5 ACU. */
const MAXIMUM_AT_SMALL_MINIMUM = 2000;

/**
 * `max_connections` by maximum ACU. Values in between are interpolated. The result is then lower than Aurora's.
 * @see
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections
 */
const BY_ACU = [
  [1, 189],
  [4, 823],
  [8, 1669],
  [16, 3360],
  [32, MAXIMUM],
] as const;

/**
 * `max_connections` by instance size, for memory-optimised classes.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html#AuroraPostgreSQL.Managing.MaxConnections
 */
const MEMORY_OPTIMISED: Readonly<Record<string, number>> = { large: 1600, xlarge: 3300 };

/** Returns `max_connections` of an instance, or undefined if the tables above do not list its class. */
export function maxConnections(capacity: DatabaseCapacity): number | undefined {
  if (isServerlessV2(capacity)) {
    const ceiling = capacity.serverlessV2MinCapacity <= 0.5 ? MAXIMUM_AT_SMALL_MINIMUM : MAXIMUM;
    return Math.min(ceiling, interpolated(capacity.serverlessV2MaxCapacity));
  }
  return connectionsOfClass(capacity.instanceType.toString());
}

/**
 * Returns `max_connections` of an instance class such as `r8g.large`, or undefined if the tables do not list the
 * class.
 */
export function connectionsOfClass(instanceClass: string): number | undefined {
  const [, family, size] = /^([a-z]+)[^.]*\.(\w+)$/.exec(instanceClass) ?? [];
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
 * Checks that there are enough connections while the server is scaled out, a release replaces another, and migrations
 * run. The server's connections must fit into the proxy's share. This share, the migrations and the reserve must fit
 * into `max_connections`.
 */
export function connectionBudget(demand: ConnectionDemand, supply: ConnectionSupply): ConnectionBudget {
  const { maximumTasks, poolSize, overlap = 2, migrations = 2, reserve = 10 } = demand;
  const { maxConnections: limit, origin, proxyPercent } = supply;

  const server = maximumTasks * overlap * poolSize;
  const direct = migrations + reserve;
  // Without a proxy, the server may use all connections except those of migrations and the reserve.
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
      `the server needs ${server}: ${maximumTasks} tasks × ${overlap} during a release × a pool of ${poolSize}`,
      `${direct} bypass the proxy: ${migrations} for migrations + ${reserve} in reserve`,
      `the database accepts ${limit} (${origin})`,
      proxyPercent === undefined
        ? `the server may use ${lent} of them, without a proxy`
        : `the proxy may use ${lent} of them (${proxyPercent} %), which leaves ${left}`,
    ],
    remedies: exceeded || close ? remedies(demand, supply, { server, direct, lent, limit }) : [],
  };
}

function share(needed: number, offered: number): number {
  if (needed === 0) return 0;
  return offered <= 0 ? Number.POSITIVE_INFINITY : needed / offered;
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
      ? `use a smaller pool: ${comfortable} connections per task`
      : `run fewer tasks: even a pool of 1 is too large for ${sets} tasks`,
    acu === undefined
      ? `use a larger database: none accepts the ${needed} connections that this would require`
      : `use a larger database: ${needed} connections require a maximum of ${acu} ACU${needed > MAXIMUM_AT_SMALL_MINIMUM ? ' and a minimum of 1' : ''}`,
    proxyPercent === undefined
      ? 'use a proxy, which lets many tasks share few connections'
      : limit - direct > lent
        ? `give the proxy a larger share: up to ${Math.floor(((limit - direct) / limit) * 100)} % leaves enough for the rest`
        : `give the proxy a smaller share, or use fewer direct connections: ${direct} of ${limit} must remain for them`,
  ];
}

/** Memory in MiB that PostgreSQL uses for the caches of an open, idle connection. */
const IDLE_CONNECTION_MIB = 10;
const ACU_MIB = 2048;

/**
 * Explains why the memory at the minimum capacity is too small for the pools' open connections. Returns undefined if
 * the memory suffices.
 * @see https://aws.amazon.com/blogs/database/resources-consumed-by-idle-postgresql-connections/
 */
export function memoryWarning(demand: ConnectionDemand, capacity: DatabaseCapacity): string | undefined {
  if (!isServerlessV2(capacity) || capacity.serverlessV2MinCapacity === 0) return undefined;
  const open = demand.maximumTasks * demand.poolSize;
  const needed = open * IDLE_CONNECTION_MIB;
  const offered = capacity.serverlessV2MinCapacity * ACU_MIB;
  if (needed <= offered / 2) return undefined;
  return `${open} open connections use about ${needed} MiB, more than half of the ${offered} MiB at ${capacity.serverlessV2MinCapacity} ACU, so the database would hardly scale down; raise the minimum to ${Math.ceil((needed * 4) / ACU_MIB) / 2} ACU or use a smaller pool`;
}

/** Returns the smallest maximum capacity, in whole ACUs, that accepts `needed` connections. */
function smallestAcu(needed: number): number | undefined {
  for (let acu = 1; acu <= BY_ACU.at(-1)![0]; acu++) if (interpolated(acu) >= needed) return acu;
  return undefined;
}
