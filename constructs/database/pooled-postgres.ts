import { Annotations } from 'aws-cdk-lib';
import {
  type CfnSecurityGroup,
  type ISecurityGroup,
  type IVpc,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import type { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { DatabaseCluster, IDatabaseProxy } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import {
  type ConnectionBudget,
  type ConnectionDemand,
  connectionBudget,
  memoryWarning,
} from './connection-budget';
import { credentials } from './credentials';
import { DatabaseMetrics } from './database-metrics';
import { DatabaseRoles } from './database-roles';
import { DatabaseRotation } from './database-rotation';
import type { PooledPostgresProps } from './pooled-postgres-props';
import { PostgresCluster } from './postgres-cluster';
import { DEFAULT_MAX_CONNECTIONS_PERCENT, PostgresProxy } from './postgres-proxy';
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

/** How a task of Fargate gets its image and its secrets, and sends its log. */
const HTTPS = {
  CidrIp: '0.0.0.0/0',
  Description: 'Image, secrets and log',
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
};

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
  /**
   * Who carries it may connect to the database directly: migrations. It suffices for a task of Fargate, whose
   * image, secrets and log go the way its own connections go.
   */
  readonly migrationSecurityGroup: ISecurityGroup;
  /** Plain environment variables of the server: where to connect. */
  readonly serverEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables of the server: as whom. */
  readonly serverSecrets: Readonly<Record<string, EcsSecret>>;
  /** The same for migrations: the direct endpoint, as the owner. */
  readonly migrationEnvironment: Readonly<Record<string, string>>;
  readonly migrationSecrets: Readonly<Record<string, EcsSecret>>;
  /** The same for people: the reader endpoint, as the reader, in the variables of `psql`. */
  readonly readerEnvironment: Readonly<Record<string, string>>;
  readonly readerSecrets: Readonly<Record<string, EcsSecret>>;
  /** What to watch. */
  readonly metrics: DatabaseMetrics;
  /** Renews the passwords; absent without a service. */
  readonly rotation?: DatabaseRotation;

  readonly vpc: IVpc;
  private readonly props: PooledPostgresProps;
  private readonly databaseSecurityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: PooledPostgresProps) {
    super(scope, id);
    validatePooledPostgres(this, props);
    this.vpc = props.vpc;
    this.props = props;

    this.databaseSecurityGroup = this.securityGroup('Database', 'the database');
    this.clientSecurityGroup = this.securityGroup('Client', 'clients of the database');
    this.migrationSecurityGroup = this.securityGroup('Migration', 'migrations of the database', HTTPS);

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
        // CloudFormation waits until the proxy can log in, and gives up after a while.
        loginsReady: this.roles,
      }).proxy;
    }

    const direct = this.cluster.clusterEndpoint.hostname;
    this.serverEnvironment = { DATABASE_URL: this.url(this.proxy?.endpoint ?? direct) };
    this.serverSecrets = credentials(this.roles.activeSecret, props.encryptionKey);
    this.migrationEnvironment = { DATABASE_URL: this.url(direct) };
    this.migrationSecrets = credentials(this.roles.ownerSecret, props.encryptionKey);

    this.readerEnvironment = {
      PGHOST: this.cluster.clusterReadEndpoint.hostname,
      PGPORT: String(POSTGRES_PORT),
      PGDATABASE: props.databaseName,
    };
    this.readerSecrets = credentials(this.roles.readerSecret, props.encryptionKey);

    this.metrics = new DatabaseMetrics({
      cluster: this.cluster,
      proxy: this.proxy,
      capacity: props.capacity,
      readers: props.readers ?? 0,
    });
    if (props.service)
      this.rotation = new DatabaseRotation(this, 'Rotation', {
        ...props.rotation,
        name: props.name,
        cluster: this.cluster,
        databaseName: props.databaseName,
        roles: this.roles,
        service: props.service,
      });
  }

  /**
   * Checks that the connections suffice for `demand`: too few are an error, few are a warning.
   * @param maxConnections `max_connections` of an instance class that this package does not know
   */
  checkConnections(demand: ConnectionDemand, maxConnections?: number): ConnectionBudget {
    const { capacity, proxy, parameters } = this.props;
    const budget = connectionBudget(demand, {
      capacity,
      proxyPercent:
        proxy === false ? undefined : (proxy?.maxConnectionsPercent ?? DEFAULT_MAX_CONNECTIONS_PERCENT),
      maxConnections: maxConnections ?? numberOf(parameters?.['max_connections']),
    });
    const lines = [...budget.sum, ...budget.remedies.map((remedy) => `way out: ${remedy}`)];
    if (budget.verdict === 'exceeded')
      throw new ConstructError(this, ['more connections are wanted than there are', ...lines]);
    if (budget.verdict === 'close')
      Annotations.of(this).addWarningV2(
        'framework53:connections-close',
        `${Math.round(budget.used * 100)} % of the connections are spoken for\n  ${lines.join('\n  ')}`,
      );
    const memory = memoryWarning(demand, capacity);
    if (memory) Annotations.of(this).addWarningV2('framework53:minimum-capacity', memory);
    return budget;
  }

  /** Lets whoever carries `peer` connect to the database itself, past the proxy. */
  allowDirectAccess(peer: ISecurityGroup, who: string): void {
    this.allow(peer, this.databaseSecurityGroup, `${who} to the database`);
  }

  private allow(from: ISecurityGroup, to: SecurityGroup, what: string): void {
    to.addIngressRule(from, Port.tcp(POSTGRES_PORT), what);
    from.addEgressRule(to, Port.tcp(POSTGRES_PORT), what);
  }

  private securityGroup(id: string, whose: string, egress: object = NOWHERE): SecurityGroup {
    const group = new SecurityGroup(this, `${id}SecurityGroup`, {
      vpc: this.vpc,
      description: `${this.props.name}: ${whose}`,
      allowAllOutbound: false,
    });
    // Without a rule in the group itself, EC2 would add one that lets everything out.
    (group.node.defaultChild as CfnSecurityGroup).addPropertyOverride('SecurityGroupEgress', [egress]);
    return group;
  }

  /** Names neither user nor password: the driver takes them from PGUSER and PGPASSWORD. */
  private url(host: string): string {
    return `postgresql://${host}:${POSTGRES_PORT}/${this.props.databaseName}?sslmode=verify-full`;
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
