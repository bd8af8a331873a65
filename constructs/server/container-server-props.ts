import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ContainerImage, ICluster, Secret } from 'aws-cdk-lib/aws-ecs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Check } from '../verification/checks';
import type { DeploymentStrategy } from './deployment-strategy';
import type { RollbackOptions } from './rollback-alarms';
import type { ServerLoadBalancerOptions } from './server-load-balancer';
import type { ServerScalingOptions } from './server-scaling';
import type { ServerTaskOptions } from './server-task';

/** Properties of `ContainerServer`. */
export interface ContainerServerProps {
  /**
   * VPC of the server. The VPC needs private subnets with a route to the internet, and an internet gateway. CloudFront
   * refuses a VPC origin in a VPC without an internet gateway.
   */
  readonly vpc: IVpc;
  /**
   * Name of the cluster, the service and the task family. The alarms' names begin with it. 1 to 40 lower-case letters,
   * digits and single hyphens.
   * @default - derived from the name of the stack and the path of the construct
   */
  readonly name?: string;
  /**
   * ECS cluster of the service. It must be in the same VPC.
   * @default - a new cluster with enhanced Container Insights
   */
  readonly cluster?: ICluster;
  /**
   * Container image of the server. Its Dockerfile must declare `/tmp` and each of `task.writablePaths` as a `VOLUME`.
   * Otherwise root owns these folders on Fargate, and the server cannot write to them.
   */
  readonly image: ContainerImage;
  /**
   * Port that the container listens on, from 1 to 65535. The container gets this port in the variable `PORT`. The
   * server must keep idle connections open for more than 60 seconds, which is the idle timeout of the load balancer.
   * Otherwise some requests arrive on a connection that the server is closing, and fail.
   */
  readonly port: number;
  /** Path that returns 200 when the task can serve requests, such as `/api/health`. */
  readonly healthPath: string;
  /**
   * Environment variables of the container. The construct always sets `PORT` and `SHUTDOWN_TIMEOUT_MS`.
   * @default - no other variables
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Environment variables that ECS injects from secrets.
   * @default - no secrets
   */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /**
   * Size, permissions and shutdown of the tasks.
   * @default - the defaults of ServerTaskOptions
   */
  readonly task?: ServerTaskOptions;
  /**
   * Number of tasks, and the load at which autoscaling changes it.
   * @default - 2 to 4 tasks, scaled by CPU
   */
  readonly scaling?: ServerScalingOptions;
  /**
   * Strategy, verification and rollback of deployments.
   * @default - the defaults of ServerDeploymentOptions
   */
  readonly deployment?: ServerDeploymentOptions;
  /**
   * TLS, deletion protection and access logs of the load balancer.
   * @default - the defaults of ServerLoadBalancerOptions
   */
  readonly loadBalancer?: ServerLoadBalancerOptions;
}

/** Options for the deployments of `ContainerServer`. */
export interface ServerDeploymentOptions {
  /**
   * Deployment strategy: how traffic moves from the running release to a new one.
   * @default DeploymentStrategy.blueGreen()
   */
  readonly strategy?: DeploymentStrategy;
  /**
   * Checks that a new release must pass on the test listener before it serves users. `DeploymentStrategy.rolling()`
   * has no test listener, so it does not accept checks.
   * @default - the health path returns 200
   */
  readonly verification?: readonly Check[];
  /**
   * Thresholds of the rollback alarms, and the effect of a firing alarm on the next release.
   * @default - the defaults of RollbackOptions
   */
  readonly rollback?: RollbackOptions;
  /**
   * Number of task definition revisions that stay registered for a rollback. Keep at least as many revisions as
   * recorded releases.
   * @default 20
   */
  readonly maxTaskDefinitionRevisions?: number;
  /**
   * Secrets that start a deployment when their value changes. The deployment runs all checks.
   * @default - running tasks keep the values that they started with
   */
  readonly redeployOnSecretChange?: readonly ISecret[];
}
