import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ConnectionPooling } from './connection-pooling';
import type { RotationOptions } from './database-rotation';
import type { PostgresClusterOptions } from './postgres-cluster';
import type { ApplicationRole } from './role-statements';

/** Properties of `PooledPostgres`. */
export interface PooledPostgresProps extends PostgresClusterOptions {
  /** Network of the cluster and the proxy. */
  readonly vpc: IVpc;
  /**
   * Subnets of the cluster and the proxy, in at least two availability zones.
   * @default - isolated subnets, or private subnets if the VPC has no isolated ones
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Name of the cluster and the proxy and prefix of further physical names, such as `guestbook-production`: 1 to 40
   * lower-case letters, digits and single hyphens, beginning with a letter. The name must not change while the
   * database lives.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Name of the database that the cluster starts with: 1 to 49 of `a-z`, `0-9` and `_`, beginning with a letter. */
  readonly defaultDatabaseName: string;
  /**
   * Pooling of the server's connections.
   * @default ConnectionPooling.rdsProxy()
   */
  readonly pooling?: ConnectionPooling;
  /**
   * Rights of the server's logins. `application` reads and writes rows. `owner` may also change the schema, for an
   * application that creates tables when it starts.
   * @default 'application'
   */
  readonly applicationRole?: ApplicationRole;
  /**
   * Rotation of every password of the database.
   * @default - no rotation, because nothing would hand new passwords to running tasks
   */
  readonly rotation?: RotationOptions;
}
