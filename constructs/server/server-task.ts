import { CfnDeletionPolicy, Size } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AwsLogDriverMode,
  type CfnTaskDefinition,
  type ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { grantSessionLog } from '../logs/session-log';
import type { ShutdownOptions, ShutdownTimes } from './shutdown';

/** Size, permissions and shutdown of the tasks of a server. */
export interface ServerTaskOptions {
  /**
   * CPU units. 1024 units are one vCPU.
   * @default 512
   */
  readonly cpu?: number;
  /**
   * Memory in MiB. The allowed values depend on `cpu`.
   * @default 1024
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
   */
  readonly memoryLimitMiB?: number;
  /**
   * CPU architecture of the image.
   * @default CpuArchitecture.ARM64
   */
  readonly cpuArchitecture?: CpuArchitecture;
  /**
   * Command of the container.
   * @default - the command of the image
   */
  readonly command?: readonly string[];
  /**
   * Absolute paths that are writable in addition to `/tmp`. Files in them are lost when the task stops. The Dockerfile
   * must declare each path as a `VOLUME`.
   * @default - only `/tmp` is writable
   */
  readonly writablePaths?: readonly string[];
  /**
   * Additional security groups of the tasks, such as the client security group of a database. The construct adds no
   * rules to them.
   * @default - only the server's own security group
   */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * True to allow ECS Exec to open a shell in a task.
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
  /**
   * Prefix of the log stream names, before a slash. If the prefix contains the release, the log stream name tells
   * which release wrote a line.
   * @default 'server'
   */
  readonly logStreamPrefix?: string;
  /**
   * Shutdown times of a task.
   * @default - the defaults of ShutdownOptions
   */
  readonly shutdown?: ShutdownOptions;
}

export interface ServerTaskProps extends Omit<ServerTaskOptions, 'securityGroups' | 'shutdown'> {
  /** Family of the task definitions. */
  readonly name: string;
  readonly image: ContainerImage;
  readonly port: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, Secret>>;
  readonly shutdown: ShutdownTimes;
}

/** Folders that the ECS Exec agent writes to. */
const EXEC_PATHS = ['/managed-agents', '/var/lib/amazon', '/var/log/amazon'];

/**
 * ECS task of a server.
 *
 * Defines a container with a read-only root file system, a protected log group, and a Fargate task definition. The
 * task definition stays registered after CloudFormation replaces it, so that a rollback can use it.
 */
export class ServerTask extends Construct {
  readonly taskDefinition: FargateTaskDefinition;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ServerTaskProps) {
    super(scope, id);

    this.logGroup = new ProtectedLogGroup(this, 'Logs').logGroup;
    this.taskDefinition = new FargateTaskDefinition(this, 'Resource', {
      family: props.name,
      cpu: props.cpu ?? 512,
      memoryLimitMiB: props.memoryLimitMiB ?? 1024,
      runtimePlatform: {
        cpuArchitecture: props.cpuArchitecture ?? CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    this.addContainer(props);
    // ECS Exec logs its sessions to the log group of the container. The CDK grants no permission for this log group.
    if (props.enableExecuteCommand) grantSessionLog(this.taskDefinition.taskRole, this.logGroup);
    // Otherwise CloudFormation deregisters the previous revision, and a rollback has no revision to return to.
    const { cfnOptions } = this.taskDefinition.node.defaultChild as CfnTaskDefinition;
    cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;

    acknowledge(
      this.taskDefinition,
      'ECS2',
      'The plain variables are not secret. ECS injects secrets from Secrets Manager.',
    );
    acknowledge(
      this.taskDefinition,
      'IAM5[Resource::*]',
      'The ECR login, the ECS Exec channels and the list of log groups have no resource to restrict.',
    );
  }

  private addContainer(props: ServerTaskProps): void {
    const container = this.taskDefinition.addContainer('server', {
      containerName: 'server',
      image: props.image,
      command: props.command && [...props.command],
      portMappings: [{ containerPort: props.port }],
      environment: {
        PORT: String(props.port),
        SHUTDOWN_TIMEOUT_MS: String(props.shutdown.drain.toMilliseconds()),
        ...props.environment,
      },
      secrets: { ...props.secrets },
      readonlyRootFilesystem: true,
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      stopTimeout: props.shutdown.stopTimeout,
      // A blocking log driver would stop the server while CloudWatch Logs is unreachable. The buffer covers a short
      // outage.
      logging: LogDrivers.awsLogs({
        logGroup: this.logGroup,
        streamPrefix: props.logStreamPrefix ?? 'server',
        mode: AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: Size.mebibytes(25),
      }),
    });
    const paths = [...(props.writablePaths ?? []), ...(props.enableExecuteCommand ? EXEC_PATHS : [])];
    for (const containerPath of ['/tmp', ...paths]) {
      const name = containerPath.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-|-$/g, '');
      this.taskDefinition.addVolume({ name });
      container.addMountPoints({ sourceVolume: name, containerPath, readOnly: false });
    }
  }
}
