import {
  type CfnSecurityGroup,
  type ISecurityGroup,
  type IVpc,
  Port,
  SecurityGroup,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import type { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { DatabaseCluster, IDatabaseProxy } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { credentials } from './credentials';
import { DatabaseRoles } from './database-roles';
import { PostgresCluster, type PostgresClusterOptions } from './postgres-cluster';
import { PostgresProxy, type ProxyOptions } from './postgres-proxy';
import type { ApplicationRole } from './role-statements';
import { validatePooledPostgres } from './validate-pooled-postgres';

const POSTGRES_PORT = 5432;

/** An egress rule that matches nothing. */
const NOWHERE = {
  CidrIp: '255.255.255.255/32',
  Description: 'Disallow all traffic',
  IpProtocol: 'icmp',
  FromPort: 252,
  ToPort: 86,
};

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
}

/**
 * A PostgreSQL database behind a connection pool, with a role for each who connects.
 *
 * Defines an Aurora cluster, an RDS Proxy, the database's roles with their secrets, and the security groups
 * that say who may connect to what.
 */
export class PooledPostgres extends Construct {
  readonly cluster: DatabaseCluster;
  /** Absent in an environment that does without. */
  readonly proxy?: IDatabaseProxy;
  readonly roles: DatabaseRoles;
  /** Who carries it may connect as the application, to the proxy where there is one. */
  readonly clientSecurityGroup: ISecurityGroup;
  /** Who carries it may connect to the database directly: migrations. */
  readonly migrationSecurityGroup: ISecurityGroup;
  /** Plain environment variables of the server: where to connect. */
  readonly serverEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables of the server: as whom. */
  readonly serverSecrets: Readonly<Record<string, EcsSecret>>;
  /** The same for migrations: the direct endpoint, as the owner. */
  readonly migrationEnvironment: Readonly<Record<string, string>>;
  readonly migrationSecrets: Readonly<Record<string, EcsSecret>>;

  readonly vpc: IVpc;
  private readonly name: string;
  private readonly databaseName: string;
  private readonly databaseSecurityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: PooledPostgresProps) {
    super(scope, id);
    validatePooledPostgres(this, props);
    this.vpc = props.vpc;
    this.name = props.name;
    this.databaseName = props.databaseName;

    this.databaseSecurityGroup = this.securityGroup('Database', 'the database');
    this.clientSecurityGroup = this.securityGroup('Client', 'clients of the database');
    this.migrationSecurityGroup = this.securityGroup('Migration', 'migrations of the database');

    this.cluster = new PostgresCluster(this, 'Cluster', {
      ...props,
      clusterIdentifier: props.clusterIdentifier ?? props.name,
      securityGroup: this.databaseSecurityGroup,
    }).cluster;
    this.roles = new DatabaseRoles(this, 'Roles', {
      cluster: this.cluster,
      databaseName: props.databaseName,
      applicationRole: props.applicationRole ?? 'application',
      encryptionKey: props.encryptionKey,
      logs: props.logs,
    });
    this.allowDirectAccess(this.migrationSecurityGroup, 'migrations');

    if (props.proxy === false) {
      this.allowDirectAccess(this.clientSecurityGroup, 'clients');
    } else {
      const proxySecurityGroup = this.securityGroup('Proxy', 'the proxy of the database');
      // The rules from the proxy to the database come with its target; a second rule alike would be refused.
      this.allow(this.clientSecurityGroup, proxySecurityGroup, 'clients to the proxy');
      this.proxy = new PostgresProxy(this, 'Proxy', {
        ...props.proxy,
        name: props.name,
        vpc: props.vpc,
        vpcSubnets: props.vpcSubnets,
        cluster: this.cluster,
        securityGroup: proxySecurityGroup,
        secrets: this.roles.loginSecrets,
        logs: props.logs,
      }).proxy;
    }

    const direct = this.cluster.clusterEndpoint.hostname;
    this.serverEnvironment = { DATABASE_URL: this.url(this.proxy?.endpoint ?? direct) };
    this.serverSecrets = credentials(this.roles.activeSecret, props.encryptionKey);
    this.migrationEnvironment = { DATABASE_URL: this.url(direct) };
    this.migrationSecrets = credentials(this.roles.ownerSecret, props.encryptionKey);
  }

  /** Lets whoever carries `peer` connect to the database itself, past the proxy. */
  allowDirectAccess(peer: ISecurityGroup, who: string): void {
    this.allow(peer, this.databaseSecurityGroup, `${who} to the database`);
  }

  private allow(from: ISecurityGroup, to: SecurityGroup, what: string): void {
    to.addIngressRule(from, Port.tcp(POSTGRES_PORT), what);
    from.addEgressRule(to, Port.tcp(POSTGRES_PORT), what);
  }

  private securityGroup(id: string, whose: string): SecurityGroup {
    const group = new SecurityGroup(this, `${id}SecurityGroup`, {
      vpc: this.vpc,
      description: `${this.name}: ${whose}`,
      allowAllOutbound: false,
    });
    // Without a rule in the group itself, EC2 would add one that lets everything out.
    (group.node.defaultChild as CfnSecurityGroup).addPropertyOverride('SecurityGroupEgress', [NOWHERE]);
    return group;
  }

  /** Names neither user nor password: the driver takes them from PGUSER and PGPASSWORD. */
  private url(host: string): string {
    return `postgresql://${host}:${POSTGRES_PORT}/${this.databaseName}?sslmode=verify-full`;
  }
}
