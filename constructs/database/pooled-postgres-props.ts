import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ConnectionPooling } from './connection-pooling';
import type { RotationOptions } from './database-rotation';
import type { PostgresClusterOptions } from './postgres-cluster';
import type { ApplicationRole } from './role-statements';

/** Properties of `PooledPostgres`. */
export interface PooledPostgresProps extends PostgresClusterOptions {
  /** VPC of the cluster and the proxy. */
  readonly vpc: IVpc;
  /**
   * Subnets of the cluster and the proxy, in at least two availability zones.
   * @default - isolated subnets, or private subnets if the VPC has no isolated ones
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Name of the cluster and the proxy, and prefix of other physical names, such as `guestbook-production`: 1 to 40
   * lower-case letters, digits and single hyphens, beginning with a letter. Do not change the name of an existing
   * database.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Name of the first database of the cluster: 1 to 49 of `a-z`, `0-9` and `_`, beginning with a letter. */
  readonly defaultDatabaseName: string;
  /**
   * Pooling of the server's connections.
   * @default ConnectionPooling.rdsProxy()
   */
  readonly pooling?: ConnectionPooling;
  /**
   * Privileges of the server's logins. With `application`, they may read and write rows. With `owner`, they may also
   * change the schema, for an application that creates tables when it starts.
   * @default 'application'
   */
  readonly applicationRole?: ApplicationRole;
  /**
   * Rotation of all passwords of the database.
   * @default - no rotation, because nothing would pass new passwords to running tasks
   */
  readonly rotation?: RotationOptions;
}
