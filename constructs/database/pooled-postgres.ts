import { Annotations, Resource, Stack } from 'aws-cdk-lib';
import {
  type CfnSecurityGroup,
  type Connections,
  type IConnectable,
  type ISecurityGroup,
  type IVpc,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import type { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnDBCluster, DatabaseCluster, IDatabaseProxy } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { physicalName } from '../physical-name';
import {
  type ConnectionBudget,
  type ConnectionDemand,
  connectionBudget,
  maxConnections,
  memoryWarning,
} from './connection-budget';
import { ConnectionPooling } from './connection-pooling';
import { credentials } from './credentials';
import { describeCapacity } from './database-capacity';
import { DatabaseMetrics } from './database-metrics';
import { DatabaseRoles } from './database-roles';
import { DatabaseRotation } from './database-rotation';
import { databaseSubnets } from './database-subnets';
import { PeerSideConnections } from './peer-side-connections';
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

/** The way in which a Fargate task gets its image and its secrets and sends its log. */
const HTTPS = {
  CidrIp: '0.0.0.0/0',
  Description: 'Image, secrets and log',
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
};

/**
 * A PostgreSQL database behind a connection pool, with a role for each kind of client.
 *
 * Defines an Aurora cluster, an RDS Proxy, the database's roles with their secrets, and security groups. No client can
 * connect until you allow it: `database.connections.allowDefaultPortFrom(server)`.
 */
export class PooledPostgres extends Construct implements IConnectable {
  /**
   * Network connections of the server's endpoint: of the proxy or, without one, of the cluster. The default port is
   * PostgreSQL's. Rules for a peer in another stack are added to that stack, so that stacks never form a cycle.
   */
  readonly connections: Connections;
  /** Aurora cluster. */
  readonly cluster: DatabaseCluster;
  /** RDS Proxy; absent with `ConnectionPooling.none()`. */
  readonly proxy?: IDatabaseProxy;
  /** Roles of the database and their secrets. */
  readonly roles: DatabaseRoles;
  /** Security group that lets its members connect where the server connects: to the proxy, if there is one. */
  readonly clientSecurityGroup: ISecurityGroup;
  /**
   * Security group that lets its members connect to the cluster itself: migrations. It also allows HTTPS to anywhere,
   * so that a Fargate task needs no further group to get its image and secrets and to send its log.
   */
  readonly migrationSecurityGroup: ISecurityGroup;
  /** Environment variables of the server that say where to connect: `DATABASE_URL`, without user and password. */
  readonly serverEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables of the server that say as whom to connect: `PGUSER` and `PGPASSWORD`. */
  readonly serverSecrets: Readonly<Record<string, EcsSecret>>;
  /** Environment variables of migrations: `DATABASE_URL` of the cluster itself. */
  readonly migrationEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables of migrations: `PGUSER` and `PGPASSWORD` of the owner. */
  readonly migrationSecrets: Readonly<Record<string, EcsSecret>>;
  /** Environment variables of people's tools: the reader endpoint in `PGHOST`, `PGPORT` and `PGDATABASE`. */
  readonly readerEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables of people's tools: `PGUSER` and `PGPASSWORD` of the reader. */
  readonly readerSecrets: Readonly<Record<string, EcsSecret>>;
  /** Environment variables of people who see and end sessions: the writer in `PGHOST`, `PGPORT` and `PGDATABASE`. */
  readonly operatorEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables of people who see and end sessions: `PGUSER` and `PGPASSWORD` of the operator. */
  readonly operatorSecrets: Readonly<Record<string, EcsSecret>>;
  /** Metrics of the cluster and the proxy, and the alarms that they call for. */
  readonly metrics: DatabaseMetrics;
  /** Rotation of the passwords; absent without the prop `rotation`. */
  readonly rotation?: DatabaseRotation;
  /** Network of the cluster and the proxy. */
  readonly vpc: IVpc;

  private readonly props: PooledPostgresProps;
  private readonly name: string;
  private readonly pooling: ConnectionPooling;
  private readonly clusterConnections: Connections;

  constructor(scope: Construct, id: string, props: PooledPostgresProps) {
    super(scope, id);
    validatePooledPostgres(this, props);
    this.vpc = props.vpc;
    this.props = props;
    this.name = physicalName(this, props.name);
    this.pooling = props.pooling ?? ConnectionPooling.rdsProxy();
    const { encryptionKey, defaultDatabaseName } = props;
    const vpcSubnets = databaseSubnets(this, props);

    const securityGroup = this.securityGroup('Database', 'the database');
    this.clusterConnections = this.peerSideConnections(securityGroup);
    this.clientSecurityGroup = this.securityGroup('Client', 'clients of the database');
    this.migrationSecurityGroup = this.securityGroup('Migration', 'migrations of the database', HTTPS);

    this.cluster = new PostgresCluster(this, 'Cluster', {
      ...props,
      vpcSubnets,
      clusterIdentifier: props.clusterIdentifier ?? this.name,
      securityGroup,
    }).cluster;
    this.roles = new DatabaseRoles(this, 'Roles', {
      cluster: this.cluster,
      databaseName: defaultDatabaseName,
      applicationRole: props.applicationRole,
      encryptionKey,
    });
    this.allowDirectAccess(this.migrationSecurityGroup, 'migrations');

    if (this.pooling.proxy) {
      // The CDK adds the rules from the proxy to the cluster with the proxy's target.
      const proxySecurityGroup = this.securityGroup('Proxy', 'the proxy of the database');
      this.connections = this.peerSideConnections(proxySecurityGroup);
      this.connections.allowDefaultPortFrom(this.clientSecurityGroup, 'clients to the proxy');
      this.proxy = new PostgresProxy(this, 'Proxy', {
        ...this.pooling.proxy,
        name: this.name,
        vpc: this.vpc,
        vpcSubnets,
        cluster: this.cluster,
        securityGroup: proxySecurityGroup,
        roles: this.roles,
        applicationRole: props.applicationRole,
        encryptionKey,
      }).proxy;
    } else {
      this.connections = this.clusterConnections;
      this.allowDirectAccess(this.clientSecurityGroup, 'clients');
    }

    const direct = this.cluster.clusterEndpoint.hostname;
    this.serverEnvironment = { DATABASE_URL: this.url(this.proxy?.endpoint ?? direct) };
    this.serverSecrets = credentials(this.roles.activeSecret, encryptionKey);
    this.migrationEnvironment = { DATABASE_URL: this.url(direct) };
    this.migrationSecrets = credentials(this.roles.ownerSecret, encryptionKey);
    this.readerEnvironment = {
      PGHOST: this.cluster.clusterReadEndpoint.hostname,
      PGPORT: String(POSTGRES_PORT),
      PGDATABASE: defaultDatabaseName,
    };
    this.readerSecrets = credentials(this.roles.readerSecret, encryptionKey);
    this.operatorEnvironment = { ...this.readerEnvironment, PGHOST: direct };
    this.operatorSecrets = credentials(this.roles.operatorSecret, encryptionKey);

    this.metrics = new DatabaseMetrics({
      cluster: this.cluster,
      proxy: this.proxy,
      capacity: props.capacity,
      readers: props.readers,
    });
    if (props.rotation)
      this.rotation = new DatabaseRotation(this, 'Rotation', {
        ...props.rotation,
        name: this.name,
        roles: this.roles,
      });
  }

  /**
   * Checks that the connections suffice for a demand, and warns when few are left or when open pools keep the
   * database from scaling down.
   * @throws ConstructError when there are too few connections, with the calculation and three remedies
   */
  checkConnections(demand: ConnectionDemand): ConnectionBudget {
    const { capacity, parameters } = this.props;
    const given = numberOf(parameters?.['max_connections']);
    const limit = given ?? maxConnections(capacity);
    if (limit === undefined)
      throw new ConstructError(
        this,
        `'max_connections' of ${describeCapacity(capacity)} is not known to this package; set it with 'parameters: { max_connections: … }'`,
      );
    const { proxy } = this.pooling;
    const budget = connectionBudget(demand, {
      maxConnections: limit,
      origin: given === undefined ? describeCapacity(capacity) : "as 'parameters' says",
      proxyPercent: proxy && (proxy.maxConnectionsPercent ?? DEFAULT_MAX_CONNECTIONS_PERCENT),
    });
    const lines = [...budget.sum, ...budget.remedies.map((remedy) => `remedy: ${remedy}`)];
    if (budget.verdict === 'exceeded')
      throw new ConstructError(this, ['the database has too few connections', ...lines]);
    if (budget.verdict === 'close')
      Annotations.of(this).addWarningV2(
        'framework53:connections-close',
        `${Math.round(budget.used * 100)} % of the connections are taken\n  ${lines.join('\n  ')}`,
      );
    const memory = memoryWarning(demand, capacity);
    if (memory) Annotations.of(this).addWarningV2('framework53:minimum-capacity', memory);
    return budget;
  }

  /**
   * Lets a peer connect to the cluster itself, past the proxy. Its connections then count against those that are
   * left to migrations and people.
   * @param description the peer in a few words; rules say `<description> to the database`
   */
  allowDirectAccess(peer: IConnectable, description: string): void {
    this.clusterConnections.allowDefaultPortFrom(peer, `${description} to the database`);
  }

  /**
   * Grants a principal the right to read the user name and the password of a login from its secret. The right is
   * added to the principal's own policy, so that the principal may be in another stack.
   * @param login login of the server (`roles.activeSecret`), of migrations (`roles.ownerSecret`) or of people
   * (`roles.readerSecret`, `roles.operatorSecret`); a rotation changes each of them
   */
  grantLogin(grantee: IGrantable, login: 'server' | 'migration' | 'reader' | 'operator'): Grant {
    return this.roles.grantLogin(grantee, login);
  }

  /**
   * Grants a principal the right to log in to the cluster with IAM authentication, and switches it on. The peer also needs
   * `allowDirectAccess()`, and the database user a `GRANT rds_iam`.
   * @param databaseUser PostgreSQL role of yours; the roles of this construct log in with passwords
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html
   */
  grantConnect(grantee: IGrantable, databaseUser: string): Grant {
    (this.cluster.node.defaultChild as CfnDBCluster).enableIamDatabaseAuthentication = true;
    return this.cluster.grantConnect(grantee, databaseUser);
  }

  private peerSideConnections(securityGroup: SecurityGroup): Connections {
    const { vpc } = this;
    return new PeerSideConnections({
      securityGroups: [securityGroup],
      defaultPort: Port.tcp(POSTGRES_PORT),
      stack: Stack.of(this),
      dependencies: Resource.isOwnedResource(vpc) ? [Stack.of(vpc)] : [],
    });
  }

  private securityGroup(id: string, whose: string, egress: object = NOWHERE): SecurityGroup {
    const group = new SecurityGroup(this, `${id}SecurityGroup`, {
      vpc: this.vpc,
      description: `${this.name}: ${whose}`,
      allowAllOutbound: false,
    });
    // EC2 lets all traffic out of a group that is created without an egress rule.
    (group.node.defaultChild as CfnSecurityGroup).addPropertyOverride('SecurityGroupEgress', [egress]);
    return group;
  }

  /** Returns a URL without user and password: the driver takes those from `PGUSER` and `PGPASSWORD`. */
  private url(host: string): string {
    return `postgresql://${host}:${POSTGRES_PORT}/${this.props.defaultDatabaseName}?sslmode=verify-full`;
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
