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
import type { ShutdownOptions, ShutdownTimes } from './shutdown';

/** Size and permissions of the tasks of a server, and the time they have to end. */
export interface ServerTaskOptions {
  /**
   * CPU units; 1024 units are one vCPU.
   * @default 512
   */
  readonly cpu?: number;
  /**
   * Memory in MiB. Fargate allows certain amounts with each number of CPU units.
   * @default 1024
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
   */
  readonly memoryLimitMiB?: number;
  /**
   * Architecture of the image.
   * @default CpuArchitecture.ARM64
   */
  readonly cpuArchitecture?: CpuArchitecture;
  /**
   * Command of the container.
   * @default - the image's own command
   */
  readonly command?: readonly string[];
  /**
   * Absolute paths that are writable in addition to `/tmp`. Their files are lost when the task ends. The Dockerfile
   * declares each path as `VOLUME`.
   * @default - only `/tmp` is writable
   */
  readonly writablePaths?: readonly string[];
  /**
   * Further security groups of the tasks, such as the client group of a database. The construct adds no rules to them.
   * @default - only the server's own security group
   */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * True to let ECS Exec open shells in the tasks.
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
  /**
   * Beginning of the names of the log streams, before a slash. If it names the release, the name of a log stream tells
   * which release wrote a line.
   * @default 'server'
   */
  readonly logStreamPrefix?: string;
  /**
   * Time that a task has to finish its requests and to end.
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

/** Folders that the agent of ECS Exec writes to. */
const EXEC_PATHS = ['/managed-agents', '/var/lib/amazon', '/var/log/amazon'];

/**
 * The task of a server.
 *
 * Defines a Fargate task definition that stays registered after its replacement, a container with a read-only root file
 * system, and a protected log group.
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
    // CloudFormation would deregister the former revision, and a rollback would have nothing to go back to.
    const { cfnOptions } = this.taskDefinition.node.defaultChild as CfnTaskDefinition;
    cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;

    acknowledge(
      this.taskDefinition,
      'ECS2',
      'Plain variables are for what is not secret; secrets are injected from Secrets Manager.',
    );
    acknowledge(
      this.taskDefinition,
      'IAM5[Resource::*]',
      'Neither the login to ECR nor the channels of ECS Exec have a name to restrict by.',
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
      // A blocking driver would stop the server whenever CloudWatch Logs cannot be reached. The buffer outlasts a
      // short outage.
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
