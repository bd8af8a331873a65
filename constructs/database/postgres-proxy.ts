import { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ClientPasswordAuthType,
  type DatabaseCluster,
  DatabaseProxy,
  type IDatabaseProxy,
  ProxyTarget,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IDependable } from 'constructs';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import type { RdsProxyOptions } from './connection-pooling';

/** Share of the connections that a proxy may open, in percent. */
export const DEFAULT_MAX_CONNECTIONS_PERCENT = 85;
const DEFAULT_MAX_IDLE_CONNECTIONS_PERCENT = 40;

/** Properties of `PostgresProxy`. */
export interface PostgresProxyProps extends RdsProxyOptions {
  /** Physical name, unique in the account and region. */
  readonly name: string;
  /** Network of the proxy. */
  readonly vpc: IVpc;
  /** Subnets of the proxy. */
  readonly vpcSubnets: SubnetSelection;
  /** Cluster that the proxy connects to. */
  readonly cluster: DatabaseCluster;
  /** Security group of the proxy. */
  readonly securityGroup: ISecurityGroup;
  /** Secrets of the logins that may connect. */
  readonly secrets: readonly ISecret[];
  /**
   * Key of those secrets.
   * @default - a key managed by AWS
   */
  readonly encryptionKey?: IKey;
  /** Dependency after which the database knows those logins. */
  readonly loginsReady: IDependable;
  /**
   * Statement that the proxy runs on each connection that it opens to the database.
   * @default - no statement
   */
  readonly initQuery?: string;
}

/**
 * A connection pool in front of a cluster.
 *
 * Defines an RDS Proxy that requires TLS and SCRAM, its role and its log group.
 */
export class PostgresProxy extends Construct {
  /** RDS Proxy. */
  readonly proxy: IDatabaseProxy;

  constructor(scope: Construct, id: string, props: PostgresProxyProps) {
    super(scope, id);

    const { logGroup } = new ProtectedLogGroup(this, 'Logs', {
      logGroupName: `/aws/rds/proxy/${props.name}`,
    });
    const percent = props.maxConnectionsPercent ?? DEFAULT_MAX_CONNECTIONS_PERCENT;
    const proxy = new DatabaseProxy(this, 'Resource', {
      dbProxyName: props.name,
      proxyTarget: ProxyTarget.fromCluster(props.cluster),
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: [props.securityGroup],
      secrets: [...props.secrets],
      clientPasswordAuthType: ClientPasswordAuthType.POSTGRES_SCRAM_SHA_256,
      requireTLS: true,
      maxConnectionsPercent: percent,
      maxIdleConnectionsPercent:
        props.maxIdleConnectionsPercent ?? Math.min(DEFAULT_MAX_IDLE_CONNECTIONS_PERCENT, percent),
      initQuery: props.initQuery,
      borrowTimeout: props.borrowTimeout ?? Duration.seconds(15),
      idleClientTimeout: props.idleClientTimeout ?? Duration.minutes(30),
    });
    // The proxy waits for its log group. Its role does not: the policy of a customer key names the role. The CDK
    // already makes the target group wait for the writer.
    proxy.node.defaultChild!.node.addDependency(logGroup);
    proxy.node.findChild('ProxyTargetGroup').node.addDependency(props.loginsReady);
    props.encryptionKey?.grantDecrypt(proxy.node.findChild('IAMRole') as Role);
    this.proxy = proxy;
  }
}
