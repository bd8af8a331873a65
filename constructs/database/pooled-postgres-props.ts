import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { RotationOptions, ServiceNames } from './database-rotation';
import type { PostgresClusterOptions } from './postgres-cluster';
import type { ProxyOptions } from './postgres-proxy';
import type { ApplicationRole } from './role-statements';

export interface PooledPostgresProps extends PostgresClusterOptions {
  readonly vpc: IVpc;
  /**
   * Subnets of the cluster and the proxy.
   * @default isolated subnets
   */
  readonly vpcSubnets?: SubnetSelection;
  /** Name of the cluster and the proxy, such as `guestbook-production`; at most 40 of `a-z`, `0-9` and `-`. */
  readonly name: string;
  /** Name of the database; at most 49 of `a-z`, `0-9` and `_`. */
  readonly databaseName: string;
  /**
   * Pooling of the server's connections; `false` for an environment that does without.
   * @default a proxy with its default options
   */
  readonly proxy?: ProxyOptions | false;
  /**
   * What the server may do. `owner` is for an application that creates tables when it starts.
   * @default 'application'
   */
  readonly applicationRole?: ApplicationRole;
  /**
   * The service whose tasks use the database. Its tasks are replaced when passwords are renewed.
   * @default passwords are not renewed: nobody would hand the new ones out
   */
  readonly service?: ServiceNames;
  /** @default once a month; only with `service` */
  readonly rotation?: RotationOptions;
}
