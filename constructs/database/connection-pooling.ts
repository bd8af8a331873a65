import type { Duration } from 'aws-cdk-lib';

/** Options of the RDS Proxy that pools the server's connections. */
export interface RdsProxyOptions {
  /**
   * Share of the database's connections that the proxy may open, 1 to 100 percent. The rest remains for migrations,
   * people, monitoring and RDS itself.
   * @default 85
   */
  readonly maxConnectionsPercent?: number;
  /**
   * Share of the database's connections that the proxy may keep open while they are idle, 0 percent to
   * `maxConnectionsPercent`.
   * @default - 40, or `maxConnectionsPercent` if that is lower
   */
  readonly maxIdleConnectionsPercent?: number;
  /**
   * Maximum time for which a client waits for a connection from the pool, at most 5 minutes. The default is longer
   * than a failover, but does not hold a stuck request for minutes.
   * @default Duration.seconds(15)
   */
  readonly borrowTimeout?: Duration;
  /**
   * Time after which the proxy closes an idle client connection, 1 second to 8 hours.
   * @default Duration.minutes(30)
   */
  readonly idleClientTimeout?: Duration;
}

/**
 * Pooling between a server and its database.
 * @example
 * new PooledPostgres(this, 'Database', {
 *   vpc,
 *   defaultDatabaseName: 'guestbook',
 *   capacity: { serverlessV2MinCapacity: 0, serverlessV2MaxCapacity: 2 },
 *   pooling: ConnectionPooling.none(),
 * });
 */
export class ConnectionPooling {
  /**
   * Pools connections with RDS Proxy. Many tasks share few database connections, and clients keep their connections
   * during a failover.
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html
   */
  static rdsProxy(options: RdsProxyOptions = {}): ConnectionPooling {
    return new ConnectionPooling(options);
  }

  /**
   * Uses no proxy: every client connects to the database directly. Use this for small or idle environments. A failover
   * then breaks open connections, and the whole pool of each task counts against `max_connections`.
   */
  static none(): ConnectionPooling {
    return new ConnectionPooling();
  }

  private constructor(
    /** Options of the proxy; absent for `none()`. */
    readonly proxy?: RdsProxyOptions,
  ) {}
}
