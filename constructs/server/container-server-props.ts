import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ContainerImage, ICluster, Secret } from 'aws-cdk-lib/aws-ecs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Check } from '../verification/checks';
import type { DeploymentStrategy } from './deployment-strategy';
import type { RollbackOptions } from './rollback-alarms';
import type { ServerLoadBalancerOptions } from './server-load-balancer';
import type { ServerScalingOptions } from './server-scaling';
import type { ServerTaskOptions } from './server-task';

/** Properties of a server in containers. */
export interface ContainerServerProps {
  /**
   * Network of the server. It has private subnets with a route to the internet, and an internet gateway, without which
   * CloudFront refuses a VPC origin.
   */
  readonly vpc: IVpc;
  /**
   * Name of the cluster, the service and the task family, and prefix of the alarms' names: 1 to 40 lower-case letters,
   * digits and single hyphens.
   * @default - derived from the name of the stack and the path of the construct
   */
  readonly name?: string;
  /**
   * Cluster of the service, in the same VPC.
   * @default - a cluster of its own, with enhanced Container Insights
   */
  readonly cluster?: ICluster;
  /**
   * Image of the server. Its Dockerfile declares `/tmp` and each of `task.writablePaths` as `VOLUME`; Fargate gives the
   * folder to root otherwise.
   */
  readonly image: ContainerImage;
  /**
   * Port that the container listens on, from 1 to 65535. The container gets the port as the variable `PORT`. The server
   * keeps an idle connection for more than 60 seconds, longer than the load balancer does; otherwise the load balancer
   * sends some requests on a connection that the server closes.
   */
  readonly port: number;
  /** Path that answers 200 when a task can serve requests, such as `/api/health`. */
  readonly healthPath: string;
  /**
   * Environment variables of the container. `PORT` and `SHUTDOWN_TIMEOUT_MS` are set in any case.
   * @default - no other variables
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Environment variables whose values are secrets.
   * @default - no secrets
   */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /**
   * Size and permissions of a task, and the time it has to end.
   * @default - the defaults of ServerTaskOptions
   */
  readonly task?: ServerTaskOptions;
  /**
   * Number of tasks, and the load that changes it.
   * @default - 2 to 4 tasks, by CPU
   */
  readonly scaling?: ServerScalingOptions;
  /**
   * Strategy, verification and rollback of deployments.
   * @default - the defaults of ServerDeploymentOptions
   */
  readonly deployment?: ServerDeploymentOptions;
  /**
   * TLS, protection and access logs of the load balancer.
   * @default - the defaults of ServerLoadBalancerOptions
   */
  readonly loadBalancer?: ServerLoadBalancerOptions;
}

/** Options of the deployments of a server. */
export interface ServerDeploymentOptions {
  /**
   * Strategy by which a new release takes over from the running one.
   * @default DeploymentStrategy.blueGreen()
   */
  readonly strategy?: DeploymentStrategy;
  /**
   * Checks that a new release passes on the test listener before it gets users. `DeploymentStrategy.rolling()` has no
   * test listener and refuses checks.
   * @default - the health path answers 200
   */
  readonly verification?: readonly Check[];
  /**
   * Limits of the rollback alarms, and the effect of a firing alarm on the next release.
   * @default - the defaults of RollbackOptions
   */
  readonly rollback?: RollbackOptions;
  /**
   * Number of task definitions that stay registered, to go back to; at least as many as releases are recorded.
   * @default 20
   */
  readonly maxTaskDefinitionRevisions?: number;
  /**
   * Secrets whose new values start a deployment, with all of its checks.
   * @default - running tasks keep the values that they started with
   */
  readonly redeployOnSecretChange?: readonly ISecret[];
}
