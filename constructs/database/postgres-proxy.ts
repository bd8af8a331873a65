import { Duration } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, type SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
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

/** Choices of whoever uses a proxy. */
export interface ProxyOptions {
  /**
   * Share of the database's connections that the proxy lends, in percent, 1 to 100. The rest is left to
   * migrations, people and RDS itself.
   * @default 85
   */
  readonly maxConnectionsPercent?: number;
  /**
   * Share of the database's connections kept open while idle, in percent, 0 to `maxConnectionsPercent`.
   * @default 40
   */
  readonly maxIdleConnectionsPercent?: number;
  /**
   * How long a client waits for a connection to be lent, up to 5 minutes.
   * @default 15 seconds: a failover fits in, a stuck request does not wait for ever
   */
  readonly borrowTimeout?: Duration;
  /**
   * How long a client may be idle, up to 8 hours.
   * @default 30 minutes
   */
  readonly idleClientTimeout?: Duration;
}

export const DEFAULT_MAX_CONNECTIONS_PERCENT = 85;
const DEFAULT_MAX_IDLE_CONNECTIONS_PERCENT = 40;

export interface PostgresProxyProps extends ProxyOptions {
  /** Physical name; one account and region has one proxy of a name. */
  readonly name: string;
  readonly vpc: IVpc;
  /** @default isolated subnets */
  readonly vpcSubnets?: SubnetSelection;
  readonly cluster: DatabaseCluster;
  readonly securityGroup: ISecurityGroup;
  /** Secrets of the logins that may connect. */
  readonly secrets: readonly ISecret[];
  /** What makes those logins known to the database. */
  readonly loginsReady: IDependable;
}

/**
 * A connection pool in front of a cluster.
 *
 * Defines an RDS Proxy that requires TLS and SCRAM, its role and its log group.
 */
export class PostgresProxy extends Construct {
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
      vpcSubnets: props.vpcSubnets ?? { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [props.securityGroup],
      secrets: [...props.secrets],
      clientPasswordAuthType: ClientPasswordAuthType.POSTGRES_SCRAM_SHA_256,
      requireTLS: true,
      maxConnectionsPercent: percent,
      maxIdleConnectionsPercent:
        props.maxIdleConnectionsPercent ?? Math.min(DEFAULT_MAX_IDLE_CONNECTIONS_PERCENT, percent),
      borrowTimeout: props.borrowTimeout ?? Duration.seconds(15),
      idleClientTimeout: props.idleClientTimeout ?? Duration.minutes(30),
    });
    // The CDK makes the target wait for the writer; the log group is ours to put first. Only the proxy waits
    // for it, not its role: a customer key's policy names the role.
    proxy.node.defaultChild!.node.addDependency(logGroup);
    proxy.node.findChild('ProxyTargetGroup').node.addDependency(props.loginsReady);
    this.proxy = proxy;
  }
}
