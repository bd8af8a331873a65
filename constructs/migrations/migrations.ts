import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import {
  Connections,
  type IConnectable,
  type ISecurityGroup,
  SecurityGroup,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import {
  type ContainerDefinition,
  type ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  type ICluster,
  LogDrivers,
  OperatingSystemFamily,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import { type IGrantable, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { PolledResource } from '../handler/polled-resource';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { privateSubnetProblems } from '../private-subnets';
import { declareReleasePart } from '../release-parts';
import type { MigrationRunProperties } from './migration-run.properties';

/** Properties of `Migrations`. */
export interface MigrationsProps {
  /** ECS cluster in which the task runs. Its VPC must have private subnets with a route to the internet. */
  readonly cluster: ICluster;
  /** Image of the release. */
  readonly image: ContainerImage;
  /**
   * Text that changes when the migrations change. The task runs if the digest or the image has changed since the last
   * deployment.
   */
  readonly digest: string;
  /**
   * Command of the task. Exit code 0 means that the migrations are applied. Exit code 77 means that the database
   * refused the password. A rotation may have changed the password, so a second task starts with the current one.
   * @default ['node', 'migrate.mjs']
   */
  readonly command?: readonly string[];
  /**
   * Environment variables of the container, such as the address of the database.
   * @default - only the two timeouts
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Environment variables whose values are secrets, such as the password of the database owner.
   * @default - no secrets
   */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /**
   * Security groups of the task, such as `PooledPostgres.migrationSecurityGroup`, which can reach the database without
   * its proxy.
   * @default - a new security group; allow it with `cluster.connections.allowDefaultPortFrom(migrations)`
   */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * Architecture of the image.
   * @default CpuArchitecture.ARM64
   */
  readonly cpuArchitecture?: CpuArchitecture;
  /**
   * Time after which the task is stopped and the deployment fails: 1 to 50 minutes, or 1 to 30 minutes with a
   * `snapshot`. CloudFormation waits at most an hour.
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;
  /**
   * Snapshot of the database to create before the migrations. It takes minutes, and is kept until newer snapshots
   * replace it.
   * @default - no snapshot; the restore point is a time for point-in-time recovery
   */
  readonly snapshot?: SnapshotOptions;
  /**
   * Maximum duration of one SQL statement.
   * @default Duration.minutes(5)
   */
  readonly statementTimeout?: Duration;
  /**
   * Maximum time for which a statement waits for a table lock. While the statement waits, the server's queries on that
   * table queue behind it.
   * @default Duration.seconds(5)
   */
  readonly lockTimeout?: Duration;
}

/** Snapshots before migrations. */
export interface SnapshotOptions {
  /** Identifier of the database cluster. */
  readonly clusterIdentifier: string;
  /**
   * Number of newest snapshots to keep. The deletion of the stack does not delete snapshots.
   * @default 5
   */
  readonly keep?: number;
}

/** Maximum duration of a polled resource, in minutes. */
const MAX_MINUTES = 55;
/** Minutes reserved for the snapshot, and for the start and the stop of the task. */
const SNAPSHOT_MINUTES = 20;
const RESERVE_MINUTES = 5;
const CONTAINER = 'migrations';

/**
 * Database migrations of a release. They end before the server of the release starts.
 *
 * Defines a Fargate task definition with the image of the release, and a custom resource. The custom resource starts
 * the task and waits for its exit code. If the task fails, the resource fails with the last lines of the task's log. A
 * rollback or deletion of the stack leaves the database unchanged.
 */
export class Migrations extends Construct implements IConnectable, IGrantable {
  /** Task definition of the migrations. */
  readonly taskDefinition: FargateTaskDefinition;
  /** Container that runs the migrations. */
  readonly container: ContainerDefinition;
  /** Connections of the task. */
  readonly connections: Connections;
  /** Task role, which receives grants. */
  readonly grantPrincipal: IPrincipal;
  /** Restore point: the identifier of the snapshot, or the time just before the first statement, in ISO 8601. */
  readonly restorePoint: string;
  private readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: MigrationsProps) {
    super(scope, id);

    const timeout = props.timeout ?? Duration.minutes(30);
    const reserve = Duration.minutes(RESERVE_MINUTES + (props.snapshot ? SNAPSHOT_MINUTES : 0));
    const longest = MAX_MINUTES - reserve.toMinutes();
    const problems = privateSubnetProblems('cluster.vpc', props.cluster.vpc);
    if (timeout.toMinutes({ integral: false }) > longest || timeout.toSeconds() < 60)
      problems.push(
        `'timeout' must be 1 to ${longest} minutes${props.snapshot ? ' after a snapshot' : ''}, got ` +
          `${timeout.toHumanString()}; split the migrations into several releases if they take longer`,
      );
    if (problems.length > 0) throw new ConstructError(this, problems);

    this.logGroup = new ProtectedLogGroup(this, 'Logs').logGroup;
    this.taskDefinition = new FargateTaskDefinition(this, 'Task', {
      cpu: 256,
      memoryLimitMiB: 512,
      runtimePlatform: {
        cpuArchitecture: props.cpuArchitecture ?? CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    this.container = this.addContainer(props);
    this.grantPrincipal = this.taskDefinition.taskRole;
    const securityGroups = props.securityGroups ?? [
      new SecurityGroup(this, 'SecurityGroup', {
        vpc: props.cluster.vpc,
        description: 'Migrations of the database',
      }),
    ];
    this.connections = new Connections({ securityGroups: [...securityGroups] });

    const properties: Omit<MigrationRunProperties, 'ServiceToken'> = {
      Cluster: props.cluster.clusterArn,
      TaskDefinition: this.taskDefinition.taskDefinitionArn,
      Container: CONTAINER,
      Subnets: props.cluster.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnetIds,
      SecurityGroups: securityGroups.map((group) => group.securityGroupId),
      LogGroup: this.logGroup.logGroupName,
      LogStreamPrefix: CONTAINER,
      Digest: props.digest,
      Image: this.container.imageName,
      TimeoutSeconds: String(timeout.toSeconds()),
      SnapshotCluster: props.snapshot?.clusterIdentifier,
      KeepSnapshots: props.snapshot && String(props.snapshot.keep ?? 5),
    };
    const { resource } = new PolledResource(this, 'Run', {
      resourceType: 'Custom::Migrations',
      bundle: 'migration-run',
      description: 'Runs database migrations as an ECS task',
      properties,
      policy: [...this.runPolicy(), ...this.startPolicy(props.snapshot), ...this.pollPolicy(props)],
      // The handler stops the task at `timeout`. This longer limit applies if the handler cannot.
      totalTimeout: timeout.plus(reserve),
    });
    resource.node.addDependency(this.taskDefinition);
    declareReleasePart(this, 'migrations');
    this.restorePoint = resource.getAttString('RestorePoint');
  }

  private addContainer(props: MigrationsProps): ContainerDefinition {
    const { statementTimeout = Duration.minutes(5), lockTimeout = Duration.seconds(5) } = props;
    acknowledge(this.taskDefinition, 'IAM5[Resource::*]', 'ecr:GetAuthorizationToken supports no resource.');
    acknowledge(
      this.taskDefinition,
      'ECS2',
      'The plain variables contain an address and limits; user and password are secrets.',
    );
    return this.taskDefinition.addContainer(CONTAINER, {
      image: props.image,
      command: [...(props.command ?? ['node', 'migrate.mjs'])],
      environment: {
        MIGRATION_STATEMENT_TIMEOUT_MS: String(statementTimeout.toMilliseconds()),
        MIGRATION_LOCK_TIMEOUT_MS: String(lockTimeout.toMilliseconds()),
        ...props.environment,
      },
      secrets: { ...props.secrets },
      readonlyRootFilesystem: true,
      logging: LogDrivers.awsLogs({ logGroup: this.logGroup, streamPrefix: CONTAINER }),
    });
  }

  private runPolicy(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['ecs:RunTask'], resources: [this.taskDefinition.taskDefinitionArn] }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.taskDefinition.taskRole.roleArn, this.taskDefinition.obtainExecutionRole().roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
    ];
  }

  private startPolicy(snapshot: SnapshotOptions | undefined): PolicyStatement[] {
    const { stackId } = Stack.of(this);
    return [
      new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stackId] }),
      ...(snapshot
        ? [
            new PolicyStatement({
              actions: ['rds:CreateDBClusterSnapshot'],
              resources: [this.clusterArn(snapshot), this.snapshotsArn(snapshot)],
            }),
          ]
        : []),
    ];
  }

  private pollPolicy({ cluster, snapshot }: MigrationsProps): PolicyStatement[] {
    const task = { service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` };
    const tasks = Stack.of(this).formatArn(task);
    acknowledge(this, `IAM5[Resource::${tasks}]`, 'The id of a task is unknown before it starts.');
    acknowledge(
      this,
      'IAM5[Resource::*]',
      'ECS lists tasks by family, which is not a resource in IAM; a condition restricts the cluster.',
    );
    return [
      new PolicyStatement({ actions: ['ecs:DescribeTasks', 'ecs:StopTask'], resources: [tasks] }),
      new PolicyStatement({
        actions: ['ecs:ListTasks'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
      }),
      new PolicyStatement({ actions: ['logs:GetLogEvents'], resources: [this.logGroup.logGroupArn] }),
      ...(snapshot
        ? [
            new PolicyStatement({
              actions: ['rds:DescribeDBClusterSnapshots'],
              resources: [this.clusterArn(snapshot), this.snapshotsArn(snapshot)],
            }),
            new PolicyStatement({
              actions: ['rds:DeleteDBClusterSnapshot'],
              resources: [this.snapshotsArn(snapshot)],
            }),
          ]
        : []),
    ];
  }

  private clusterArn({ clusterIdentifier }: SnapshotOptions): string {
    return this.rdsArn('cluster', clusterIdentifier);
  }

  /** Returns the ARN pattern of the snapshots of these migrations. */
  private snapshotsArn({ clusterIdentifier }: SnapshotOptions): string {
    const arn = this.rdsArn('cluster-snapshot', `${clusterIdentifier}-before-*`);
    acknowledge(this, `IAM5[Resource::${arn}]`, 'The name of a snapshot contains the id of its request.');
    return arn;
  }

  private rdsArn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({
      service: 'rds',
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
