import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ContainerImage, CpuArchitecture, ICluster, Secret } from 'aws-cdk-lib/aws-ecs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Check } from '../verification/checks';
import type { DeploymentStrategy } from './deployment-strategy';
import type { RollbackOptions } from './rollback-alarms';
import type { ServerTlsOptions } from './server-load-balancer';
import type { TaskCount } from './server-scaling';
import type { ShutdownOptions } from './shutdown';

export interface ContainerServerProps {
  /** Network with private subnets that reach the internet, and an internet gateway. */
  readonly vpc: IVpc;
  /** Name of the cluster, the service, the task family, and prefix of the alarms; at most 40 of `a-z 0-9 -`. */
  readonly name: string;
  /**
   * Where the service runs, in the same VPC.
   * @default a cluster of its own, with enhanced Container Insights
   */
  readonly cluster?: ICluster;
  readonly image: ContainerImage;
  /**
   * Port the container listens on; it hears it as `PORT`. The server must keep silent connections for more
   * than 60 seconds, longer than the load balancer does, or some requests meet a closed one.
   */
  readonly port: number;
  /** Path that answers 200 when a task can serve. */
  readonly healthPath: string;
  /** @default the image's own command */
  readonly command?: readonly string[];
  /** @default only what this construct sets: PORT and SHUTDOWN_TIMEOUT_MS */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default none */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /**
   * Absolute paths, besides `/tmp`, that stay writable; what is written there goes with its task. The image
   * must declare them, and `/tmp`, as `VOLUME`, or they belong to root.
   * @default none
   */
  readonly writablePaths?: readonly string[];
  /**
   * Further groups the tasks carry, such as a database's client group; no rules are added to them.
   * @default none
   */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * CPU units, 1024 to a vCPU.
   * @default 512
   */
  readonly cpu?: number;
  /** @default 1024 */
  readonly memoryLimitMiB?: number;
  /** @default CpuArchitecture.ARM64 */
  readonly cpuArchitecture?: CpuArchitecture;
  /** @default 2 to 4 tasks, by CPU */
  readonly tasks?: TaskCount;
  /** @default DeploymentStrategy.blueGreen() */
  readonly deployment?: DeploymentStrategy;
  /**
   * What a new release must answer on the test listener before users meet it; not with
   * `DeploymentStrategy.rolling()`, which has no such moment.
   * @default the health path answers 200
   */
  readonly verification?: readonly Check[];
  /** @default RollbackOptions' own */
  readonly rollback?: RollbackOptions;
  /**
   * Task definitions that stay registered, so that there is something to go back to; at least as many as
   * the history of releases is long.
   * @default 20
   */
  readonly maxTaskDefinitionRevisions?: number;
  /**
   * Secrets whose new values replace the running tasks at once, as a deployment with all of its checks.
   * @default running tasks keep the values they started with
   */
  readonly redeployOnSecretChange?: readonly ISecret[];
  /** @default ShutdownOptions' own */
  readonly shutdown?: ShutdownOptions;
  /** @default plain HTTP inside the VPC */
  readonly tls?: ServerTlsOptions;
  /**
   * Whether ECS Exec opens shells in the tasks.
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
  /** @default true */
  readonly deletionProtection?: boolean;
  /**
   * Bucket for the load balancer's access logs.
   * @default - a bucket is created, which keeps each file for 90 days
   */
  readonly accessLogs?: IBucket;
  /**
   * How CloudFormation treats the bucket created for access logs when it leaves the stack. `DESTROY` deletes its files too.
   * @default RemovalPolicy.RETAIN
   */
  readonly accessLogsRemovalPolicy?: RemovalPolicy;
  /**
   * What the names of the tasks' log streams start with, before a slash. One that names the release tells
   * whose line each is.
   * @default 'server'
   */
  readonly logStreamPrefix?: string;
}
