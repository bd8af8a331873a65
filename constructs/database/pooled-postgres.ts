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

/** Egress rule that matches nothing. */
const NOWHERE = {
  CidrIp: '255.255.255.255/32',
  Description: 'Disallow all traffic',
  IpProtocol: 'icmp',
  FromPort: 252,
  ToPort: 86,
};

/** Egress rule with which a Fargate task gets its image and secrets, and sends its log. */
const HTTPS = {
  CidrIp: '0.0.0.0/0',
  Description: 'Image, secrets and log',
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
};

/**
 * PostgreSQL database behind a connection pool, with a role for each kind of client.
 *
 * Defines an Aurora cluster, an RDS Proxy, the database's roles with their secrets, and security groups. No client can
 * connect until you allow it: `database.connections.allowDefaultPortFrom(server)`.
 */
export class PooledPostgres extends Construct implements IConnectable {
  /**
   * Network connections of the proxy or, without a proxy, of the cluster. The default port is PostgreSQL's. Rules for
   * a peer in another stack are added to that stack, which avoids dependency cycles.
   */
  readonly connections: Connections;
  /** Aurora cluster. */
  readonly cluster: DatabaseCluster;
  /** RDS Proxy; absent with `ConnectionPooling.none()`. */
  readonly proxy?: IDatabaseProxy;
  /** Roles of the database and their secrets. */
  readonly roles: DatabaseRoles;
  /** Security group whose members may connect to the proxy or, without a proxy, to the cluster. */
  readonly clientSecurityGroup: ISecurityGroup;
  /**
   * Security group for migrations, whose members may connect to the cluster directly. It also allows HTTPS to any
   * address, so that a Fargate task can get its image and secrets and send its log without another group.
   */
  readonly migrationSecurityGroup: ISecurityGroup;
  /**
   * Environment variables of the server with the address of the database: `DATABASE_URL`, without user and password.
   */
  readonly serverEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables of the server with its login: `PGUSER` and `PGPASSWORD`. */
  readonly serverSecrets: Readonly<Record<string, EcsSecret>>;
  /** Environment variables of migrations: `DATABASE_URL` of the cluster, without the proxy. */
  readonly migrationEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables of migrations: `PGUSER` and `PGPASSWORD` of the owner. */
  readonly migrationSecrets: Readonly<Record<string, EcsSecret>>;
  /** Environment variables for people who read data: the reader endpoint in `PGHOST`, `PGPORT` and `PGDATABASE`. */
  readonly readerEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables for people who read data: `PGUSER` and `PGPASSWORD` of the reader. */
  readonly readerSecrets: Readonly<Record<string, EcsSecret>>;
  /**
   * Environment variables for people who list and end sessions: the writer endpoint in `PGHOST`, `PGPORT` and
   * `PGDATABASE`.
   */
  readonly operatorEnvironment: Readonly<Record<string, string>>;
  /** Secret environment variables for people who list and end sessions: `PGUSER` and `PGPASSWORD` of the operator. */
  readonly operatorSecrets: Readonly<Record<string, EcsSecret>>;
  /** Metrics of the cluster and the proxy, and suggested alarms for them. */
  readonly metrics: DatabaseMetrics;
  /** Rotation of the passwords; absent without the prop `rotation`. */
  readonly rotation?: DatabaseRotation;
  /** VPC of the cluster and the proxy. */
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
      // The CDK adds the rules from the proxy to the cluster together with the proxy's target.
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
   * Checks that the database accepts enough connections. Warns if few are left, or if open pools keep the database
   * from scaling down.
   * @throws ConstructError if there are too few connections; the message has the calculation and remedies
   */
  checkConnections(demand: ConnectionDemand): ConnectionBudget {
    const { capacity, parameters } = this.props;
    const given = numberOf(parameters?.['max_connections']);
    const limit = given ?? maxConnections(capacity);
    if (limit === undefined)
      throw new ConstructError(
        this,
        `this package does not know 'max_connections' of ${describeCapacity(capacity)}; set it with 'parameters: { max_connections: … }'`,
      );
    const { proxy } = this.pooling;
    const budget = connectionBudget(demand, {
      maxConnections: limit,
      origin: given === undefined ? describeCapacity(capacity) : "set in 'parameters'",
      proxyPercent: proxy && (proxy.maxConnectionsPercent ?? DEFAULT_MAX_CONNECTIONS_PERCENT),
    });
    const lines = [...budget.sum, ...budget.remedies.map((remedy) => `remedy: ${remedy}`)];
    if (budget.verdict === 'exceeded')
      throw new ConstructError(this, ['the database has too few connections', ...lines]);
    if (budget.verdict === 'close')
      Annotations.of(this).addWarningV2(
        'framework53:connections-close',
        `${Math.round(budget.used * 100)} % of the connections are used\n  ${lines.join('\n  ')}`,
      );
    const memory = memoryWarning(demand, capacity);
    if (memory) Annotations.of(this).addWarningV2('framework53:minimum-capacity', memory);
    return budget;
  }

  /**
   * Allows a peer to connect to the cluster directly, without the proxy. Its connections count against those reserved
   * for migrations and people.
   * @param description the peer in a few words; the description of each rule is `<description> to the database`
   */
  allowDirectAccess(peer: IConnectable, description: string): void {
    this.clusterConnections.allowDefaultPortFrom(peer, `${description} to the database`);
  }

  /**
   * Grants a principal permission to read the user name and the password of a login from its secret. The permission is
   * added to the principal's own policy, so the principal may be in another stack.
   * @param login login of the server (`roles.activeSecret`), of migrations (`roles.ownerSecret`) or of people
   * (`roles.readerSecret`, `roles.operatorSecret`); a rotation changes each of them
   */
  grantLogin(grantee: IGrantable, login: 'server' | 'migration' | 'reader' | 'operator'): Grant {
    return this.roles.grantLogin(grantee, login);
  }

  /**
   * Grants a principal permission to log in to the cluster with IAM authentication, and enables IAM authentication.
   * The peer also needs `allowDirectAccess()`, and the database user needs `GRANT rds_iam`.
   * @param databaseUser your own PostgreSQL role; the roles of this construct log in with passwords
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
    // Without an explicit egress rule, a new EC2 security group allows all outbound traffic.
    (group.node.defaultChild as CfnSecurityGroup).addPropertyOverride('SecurityGroupEgress', [egress]);
    return group;
  }

  /** Returns a URL without user and password. The driver reads them from `PGUSER` and `PGPASSWORD`. */
  private url(host: string): string {
    return `postgresql://${host}:${POSTGRES_PORT}/${this.props.defaultDatabaseName}?sslmode=verify-full`;
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
