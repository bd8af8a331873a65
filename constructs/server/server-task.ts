import { CfnDeletionPolicy, type Duration, Size } from 'aws-cdk-lib';
import {
  AwsLogDriverMode,
  type CfnTaskDefinition,
  type ContainerDefinition,
  type ContainerImage,
  type CpuArchitecture,
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

export interface ServerTaskProps {
  /** Family of the task definitions. */
  readonly name: string;
  readonly image: ContainerImage;
  readonly port: number;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  /** CPU units. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly architecture: CpuArchitecture;
  /** Time between SIGTERM and SIGKILL. */
  readonly stopTimeout: Duration;
  /** Absolute paths that stay writable, besides `/tmp`. */
  readonly writablePaths: readonly string[];
  /** Whether ECS Exec opens shells in the container. */
  readonly exec: boolean;
  readonly logStreamPrefix?: string;
}

/** What the agent of ECS Exec writes to. */
const EXEC_PATHS = ['/var/lib/amazon', '/var/log/amazon'];

/**
 * What one task of a server runs.
 *
 * Defines a Fargate task definition that outlives its replacement, its container with a read-only root
 * file system, and a protected log group.
 */
export class ServerTask extends Construct {
  readonly taskDefinition: FargateTaskDefinition;
  readonly container: ContainerDefinition;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ServerTaskProps) {
    super(scope, id);

    this.logGroup = new ProtectedLogGroup(this, 'Logs').logGroup;
    this.taskDefinition = new FargateTaskDefinition(this, 'Resource', {
      family: props.name,
      cpu: props.cpu,
      memoryLimitMiB: props.memoryMiB,
      runtimePlatform: {
        cpuArchitecture: props.architecture,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    this.container = this.taskDefinition.addContainer('server', {
      containerName: 'server',
      image: props.image,
      command: props.command && [...props.command],
      portMappings: [{ containerPort: props.port }],
      environment: { ...props.environment },
      secrets: { ...props.secrets },
      readonlyRootFilesystem: true,
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      stopTimeout: props.stopTimeout,
      // Blocking would stop the server itself whenever CloudWatch Logs cannot be reached; the buffer
      // outlasts a short outage.
      logging: LogDrivers.awsLogs({
        logGroup: this.logGroup,
        streamPrefix: props.logStreamPrefix ?? 'server',
        mode: AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: Size.mebibytes(25),
      }),
    });
    for (const containerPath of ['/tmp', ...props.writablePaths, ...(props.exec ? EXEC_PATHS : [])]) {
      const name = containerPath.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-|-$/g, '');
      this.taskDefinition.addVolume({ name });
      this.container.addMountPoints({ sourceVolume: name, containerPath, readOnly: false });
    }
    // CloudFormation would deregister the former revision, and there would be nothing to roll back to.
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
}
