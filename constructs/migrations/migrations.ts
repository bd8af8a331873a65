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

/** Properties of the migrations of a release. */
export interface MigrationsProps {
  /** Cluster in which the task runs. Its VPC has private subnets with a route to the internet. */
  readonly cluster: ICluster;
  /** Image of the release. */
  readonly image: ContainerImage;
  /** Text that changes when the migrations do. The task runs when the digest or the image differs from last time. */
  readonly digest: string;
  /**
   * Command of the task. The exit code 0 means that the migrations are applied, 77 that the database refused the password:
   * a rotation may have renewed it, so a second task starts with the present one.
   * @default ['node', 'migrate.mjs']
   */
  readonly command?: readonly string[];
  /**
   * Environment variables of the container, such as the address of the database.
   * @default - only the two timeouts
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Environment variables whose values are secrets, such as the password of the database's owner.
   * @default - no secrets
   */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /**
   * Security groups of the task, such as `PooledPostgres.migrationSecurityGroup`, which reaches the database without its
   * proxy.
   * @default - a security group of its own; let it in with `cluster.connections.allowDefaultPortFrom(migrations)`
   */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * Architecture of the image.
   * @default CpuArchitecture.ARM64
   */
  readonly cpuArchitecture?: CpuArchitecture;
  /**
   * Time after which the task is stopped and the deployment fails: 1 to 50 minutes, or 1 to 30 minutes with a `snapshot`,
   * because CloudFormation waits an hour at most.
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;
  /**
   * Snapshot of the database that is made before the migrations. It takes minutes and stays until newer ones replace it.
   * @default - no snapshot; the restore point is a moment for point-in-time recovery
   */
  readonly snapshot?: SnapshotOptions;
  /**
   * Longest time of one statement.
   * @default Duration.minutes(5)
   */
  readonly statementTimeout?: Duration;
  /**
   * Longest time that a statement waits for the lock of a table. The queries of the server wait behind the statement.
   * @default Duration.seconds(5)
   */
  readonly lockTimeout?: Duration;
}

/** Snapshots that are made before migrations. */
export interface SnapshotOptions {
  /** Identifier of the database cluster. */
  readonly clusterIdentifier: string;
  /**
   * Number of snapshots that are kept, the newest ones. The deletion of the stack removes none.
   * @default 5
   */
  readonly keep?: number;
}

/** Longest time that a polled resource may take, in minutes. */
const MOST_MINUTES = 55;
/** Minutes that are kept for a snapshot, and for the start and the stop of the task. */
const SNAPSHOT_MINUTES = 20;
const RESERVE_MINUTES = 5;
const CONTAINER = 'migrations';

/**
 * The migrations of the database, which run to their end before the server of the release starts.
 *
 * Defines a Fargate task definition with the image of the release, and a custom resource that starts the task, waits for
 * its exit code, and fails with the last lines of its log. A rollback of the stack and its deletion leave the database as
 * it is.
 */
export class Migrations extends Construct implements IConnectable, IGrantable {
  /** Task definition of the migrations. */
  readonly taskDefinition: FargateTaskDefinition;
  /** Container that runs the migrations. */
  readonly container: ContainerDefinition;
  /** Connections of the task. */
  readonly connections: Connections;
  /** Role of the task, which grants go to. */
  readonly grantPrincipal: IPrincipal;
  /** Moment before the first statement, in ISO 8601, or the identifier of the snapshot. */
  readonly restorePoint: string;
  private readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: MigrationsProps) {
    super(scope, id);

    const timeout = props.timeout ?? Duration.minutes(30);
    const reserve = Duration.minutes(RESERVE_MINUTES + (props.snapshot ? SNAPSHOT_MINUTES : 0));
    const longest = MOST_MINUTES - reserve.toMinutes();
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
      // The handler stops the task at `timeout`. This time is longer, in case the handler fails.
      totalTimeout: timeout.plus(reserve),
    });
    resource.node.addDependency(this.taskDefinition);
    declareReleasePart(this, 'migrations');
    this.restorePoint = resource.getAttString('RestorePoint');
  }

  private addContainer(props: MigrationsProps): ContainerDefinition {
    const { statementTimeout = Duration.minutes(5), lockTimeout = Duration.seconds(5) } = props;
    acknowledge(this.taskDefinition, 'IAM5[Resource::*]', 'ecr:GetAuthorizationToken takes no resource.');
    acknowledge(
      this.taskDefinition,
      'ECS2',
      'The plain variables hold an address and limits; user and password are secrets.',
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
    acknowledge(this, `IAM5[Resource::${tasks}]`, 'A task gets its id when it starts.');
    acknowledge(
      this,
      'IAM5[Resource::*]',
      'Tasks are listed by their family, which is no resource of IAM; a condition names the cluster.',
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

  /** Returns the ARN of the snapshots of these migrations. */
  private snapshotsArn({ clusterIdentifier }: SnapshotOptions): string {
    const arn = this.rdsArn('cluster-snapshot', `${clusterIdentifier}-before-*`);
    acknowledge(this, `IAM5[Resource::${arn}]`, 'A snapshot is named after the request that made it.');
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
