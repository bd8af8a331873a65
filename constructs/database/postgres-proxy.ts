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
import { Construct } from 'constructs';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import type { RdsProxyOptions } from './connection-pooling';
import type { DatabaseRoles } from './database-roles';
import type { ApplicationRole } from './role-statements';
import { quoteIdentifier } from './sql-quoting';

/** Default share of the connections that a proxy may open, in percent. */
export const DEFAULT_MAX_CONNECTIONS_PERCENT = 85;
const DEFAULT_MAX_IDLE_CONNECTIONS_PERCENT = 40;

/** Properties of `PostgresProxy`. */
export interface PostgresProxyProps extends RdsProxyOptions {
  /** Physical name, unique in the account and region. */
  readonly name: string;
  /** VPC of the proxy. */
  readonly vpc: IVpc;
  /** Subnets of the proxy. */
  readonly vpcSubnets: SubnetSelection;
  /** Cluster that the proxy connects to. */
  readonly cluster: DatabaseCluster;
  /** Security group of the proxy. */
  readonly securityGroup: ISecurityGroup;
  /** Roles whose logins may connect through the proxy. */
  readonly roles: DatabaseRoles;
  /**
   * Privileges of these logins.
   * @default 'application'
   */
  readonly applicationRole?: ApplicationRole;
  /**
   * Key of their secrets.
   * @default - a key managed by AWS
   */
  readonly encryptionKey?: IKey;
}

/**
 * Connection pool in front of a cluster.
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
    const { roles, applicationRole } = props;
    const percent = props.maxConnectionsPercent ?? DEFAULT_MAX_CONNECTIONS_PERCENT;
    const proxy = new DatabaseProxy(this, 'Resource', {
      dbProxyName: props.name,
      proxyTarget: ProxyTarget.fromCluster(props.cluster),
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: [props.securityGroup],
      secrets: [...roles.loginSecrets],
      clientPasswordAuthType: ClientPasswordAuthType.POSTGRES_SCRAM_SHA_256,
      requireTLS: true,
      maxConnectionsPercent: percent,
      maxIdleConnectionsPercent:
        props.maxIdleConnectionsPercent ?? Math.min(DEFAULT_MAX_IDLE_CONNECTIONS_PERCENT, percent),
      // On pinned connections, RDS Proxy may reset a role that ALTER ROLE has set.
      // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html#rds-proxy.limitations-pg
      initQuery: applicationRole === 'owner' ? `SET ROLE ${quoteIdentifier(roles.names.owner)}` : undefined,
      borrowTimeout: props.borrowTimeout ?? Duration.seconds(15),
      idleClientTimeout: props.idleClientTimeout ?? Duration.minutes(30),
    });
    // The proxy depends on its log group. Its role must not depend on it, because the policy of a customer managed key
    // refers to the role. The CDK already makes the target group depend on the writer.
    proxy.node.defaultChild!.node.addDependency(logGroup);
    // CloudFormation waits until the proxy can log in, and fails after a while.
    proxy.node.findChild('ProxyTargetGroup').node.addDependency(roles);
    props.encryptionKey?.grantDecrypt(proxy.node.findChild('IAMRole') as Role);
    this.proxy = proxy;
  }
}
