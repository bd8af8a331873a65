import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { type ISecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
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
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { PolledResource } from '../handler/polled-resource';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { privateSubnetProblems } from '../private-subnets';
import { declareReleasePart } from '../release-parts';
import type { MigrationRunProperties } from './migration-run.properties';

export interface MigrationsProps {
  /** Where the task runs; its VPC must have private subnets with a way to ECR. */
  readonly cluster: ICluster;
  /** The release's own image. */
  readonly image: ContainerImage;
  /** Changes when the migrations do: the task runs when this or the image differs from last time. */
  readonly digest: string;
  /**
   * What the task runs; exit code 0 means migrated.
   * @default ['node', 'migrate.mjs']
   */
  readonly command?: readonly string[];
  /** How to reach the database as its owner. */
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Groups the database admits. */
  readonly securityGroups: readonly ISecurityGroup[];
  /** @default CpuArchitecture.ARM64 */
  readonly architecture?: CpuArchitecture;
  /**
   * The task is stopped, and the deployment fails, after this; at most 50 minutes, for CloudFormation waits
   * an hour at most.
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;
  /**
   * What can be gone back to: a snapshot made first, which takes minutes and lasts, or a moment within the
   * database's backup retention.
   * @default the moment before the first statement, for point-in-time recovery
   */
  readonly snapshot?: SnapshotOptions;
  /**
   * Time one statement may take.
   * @default Duration.minutes(5)
   */
  readonly statementTimeout?: Duration;
  /**
   * Time a statement may wait for a table that the server uses, and have the server wait behind it.
   * @default Duration.seconds(5)
   */
  readonly lockTimeout?: Duration;
}

export interface SnapshotOptions {
  /** Identifier of the database's cluster. */
  readonly clusterIdentifier: string;
  /**
   * Snapshots kept, the newest; deletion of the stack removes none.
   * @default 5
   */
  readonly keep?: number;
}

/** Longest that CloudFormation's provider polls. */
const MOST_MINUTES = 55;
/** Kept for a snapshot, and for starting and stopping the task. */
const SNAPSHOT_MINUTES = 20;
const RESERVE_MINUTES = 5;
const CONTAINER = 'migrations';

/**
 * A release's database migrations, run to their end before anything that depends on this construct.
 *
 * Defines a Fargate task definition of the release's image and a custom resource that starts the task,
 * waits for its exit code and fails with the task's last log lines. A rollback of the stack and its
 * deletion leave the database as it is.
 */
export class Migrations extends Construct {
  readonly taskDefinition: FargateTaskDefinition;
  readonly container: ContainerDefinition;
  /** A moment before the first statement, in ISO 8601: what point-in-time recovery goes back to. */
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
        `'timeout' must be 1 to ${longest} minutes${props.snapshot ? ' after a snapshot' : ''}, got ${timeout.toHumanString()}`,
      );
    if (problems.length > 0) throw new ConstructError(this, problems);

    this.logGroup = new ProtectedLogGroup(this, 'Logs').logGroup;
    this.taskDefinition = new FargateTaskDefinition(this, 'Task', {
      cpu: 256,
      memoryLimitMiB: 512,
      runtimePlatform: {
        cpuArchitecture: props.architecture ?? CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    this.container = this.taskDefinition.addContainer(CONTAINER, {
      image: props.image,
      command: [...(props.command ?? ['node', 'migrate.mjs'])],
      environment: {
        MIGRATION_STATEMENT_TIMEOUT_MS: String(
          (props.statementTimeout ?? Duration.minutes(5)).toMilliseconds(),
        ),
        MIGRATION_LOCK_TIMEOUT_MS: String((props.lockTimeout ?? Duration.seconds(5)).toMilliseconds()),
        ...props.environment,
      },
      secrets: { ...props.secrets },
      readonlyRootFilesystem: true,
      logging: LogDrivers.awsLogs({ logGroup: this.logGroup, streamPrefix: CONTAINER }),
    });
    acknowledge(this.taskDefinition, 'IAM5[Resource::*]', 'ecr:GetAuthorizationToken takes no resource.');
    acknowledge(
      this.taskDefinition,
      'ECS2',
      'The plain variables hold an address and limits; user and password are secrets.',
    );

    const properties: Omit<MigrationRunProperties, 'ServiceToken'> = {
      Cluster: props.cluster.clusterArn,
      TaskDefinition: this.taskDefinition.taskDefinitionArn,
      Container: CONTAINER,
      Subnets: props.cluster.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnetIds,
      SecurityGroups: props.securityGroups.map((group) => group.securityGroupId),
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
      // The handler ends the task itself at `timeout`; this is the net below it.
      totalTimeout: timeout.plus(reserve),
    });
    resource.node.addDependency(this.taskDefinition);
    declareReleasePart(this, 'migrations');
    this.restorePoint = resource.getAttString('RestorePoint');
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
    return [
      new PolicyStatement({ actions: ['ecs:DescribeTasks', 'ecs:StopTask'], resources: [tasks] }),
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

  /** Of those made here, which are named after the request that wanted them. */
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
