import type { CustomResource } from 'aws-cdk-lib';
import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  Cluster,
  ContainerInsights,
  CpuArchitecture,
  type FargateService,
  type FargateTaskDefinition,
  type ICluster,
} from 'aws-cdk-lib/aws-ecs';
import type {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { declareReleasePart } from '../release-parts';
import type { ContainerServerProps } from './container-server-props';
import { deploymentMetric } from './deployment-metric';
import { DeploymentStrategy } from './deployment-strategy';
import { ReleaseGate } from './release-gate';
import { RollbackAlarms } from './rollback-alarms';
import { SecretRoll } from './secret-roll';
import { ServerLoadBalancer } from './server-load-balancer';
import { ServerScaling } from './server-scaling';
import { ServerService } from './server-service';
import { ServerTask } from './server-task';
import { shutdownTimes } from './shutdown';
import { validateContainerServer } from './validate-container-server';

/**
 * A server in containers that takes its own bad releases back.
 *
 * Defines an ECS cluster and a Fargate service behind an internal load balancer that only CloudFront
 * reaches, its rollback alarms, autoscaling, and the verification of each new release.
 */
export class ContainerServer extends Construct {
  readonly cluster: ICluster;
  /** The cluster's name, without a reference to it where the name is known. */
  readonly clusterName: string;
  /** Name of the service, without a reference to the service. */
  readonly serviceName: string;
  readonly service: FargateService;
  readonly taskDefinition: FargateTaskDefinition;
  readonly logGroup: LogGroup;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly productionListener: ApplicationListener;
  /** Where a new release is verified; none with `DeploymentStrategy.rolling()`. */
  readonly testListener?: ApplicationListener;
  /** Nothing says which of the two serves users; the production rule's weights do. */
  readonly targetGroups: { readonly blue: ApplicationTargetGroup; readonly green?: ApplicationTargetGroup };
  /** What takes a release back; give them to monitoring, do not make them again. */
  readonly rollbackAlarms: RollbackAlarms;
  /** Follows each deployment; none with `DeploymentStrategy.rolling()`. */
  readonly watchdog?: StateMachine;
  /** Refuses a release while a rollback alarm is firing; what a refused release must not do depends on it. */
  readonly beforeRelease: CustomResource;
  /** Succeeds when the release of this template runs; what needs it running depends on it. */
  readonly afterRelease: CustomResource;
  private readonly balancer: ServerLoadBalancer;

  constructor(scope: Construct, id: string, props: ContainerServerProps) {
    super(scope, id);

    const deployment = props.deployment ?? DeploymentStrategy.blueGreen();
    const tasks = props.tasks ?? { minimum: 2, maximum: 4 };
    const shutdown = shutdownTimes(props.shutdown);
    validateContainerServer(this, props, deployment, tasks);

    this.cluster = props.cluster ?? this.clusterWithInsights(props);
    this.clusterName = props.cluster?.clusterName ?? props.name;
    this.serviceName = props.name;
    const { clusterName } = this;
    this.balancer = new ServerLoadBalancer(this, 'LoadBalancer', {
      ...props,
      twoColours: deployment.isBlueGreen,
      requestTimeout: shutdown.requestTimeout,
      deregistrationDelay: shutdown.deregistrationDelay,
      deletionProtection: props.deletionProtection ?? true,
    });
    this.loadBalancer = this.balancer.loadBalancer;
    this.productionListener = this.balancer.productionListener;
    this.testListener = this.balancer.testListener;
    this.targetGroups = { blue: this.balancer.blue, green: this.balancer.green };
    const task = new ServerTask(this, 'Task', {
      ...props,
      cpu: props.cpu ?? 512,
      memoryMiB: props.memoryLimitMiB ?? 1024,
      architecture: props.cpuArchitecture ?? CpuArchitecture.ARM64,
      exec: props.enableExecuteCommand ?? false,
      writablePaths: props.writablePaths ?? [],
      secrets: props.secrets ?? {},
      stopTimeout: shutdown.stopTimeout,
      environment: {
        PORT: String(props.port),
        SHUTDOWN_TIMEOUT_MS: String(shutdown.drain.toMilliseconds()),
        ...props.environment,
      },
    });
    this.taskDefinition = task.taskDefinition;
    this.logGroup = task.logGroup;
    const targetGroups = [this.balancer.blue, ...(this.balancer.green ? [this.balancer.green] : [])];
    this.rollbackAlarms = new RollbackAlarms(this, 'Rollback', {
      ...props.rollback,
      name: props.name,
      targetGroups,
    });

    const scaled = tasks.maximum > tasks.minimum;
    const { service, watchdog } = new ServerService(this, 'Service', {
      ...props,
      cluster: this.cluster,
      clusterName,
      taskDefinition: this.taskDefinition,
      balancer: this.balancer,
      alarms: this.rollbackAlarms,
      deployment,
      checks: props.verification ?? [{ path: props.healthPath, status: 200 }],
      // A number would undo autoscaling with every release.
      desiredCount: scaled ? undefined : tasks.minimum,
      securityGroups: props.securityGroups ?? [],
      exec: props.enableExecuteCommand ?? false,
    });
    this.service = service;
    this.watchdog = watchdog?.stateMachine;
    const checks = new ReleaseGate(this, 'ReleaseChecks', {
      ...props,
      clusterName,
      taskDefinition: this.taskDefinition,
      alarms: this.rollbackAlarms.all,
      whenFiring: props.rollback?.whenFiring ?? 'refuse',
      keptRevisions: props.maxTaskDefinitionRevisions ?? 20,
    });
    this.beforeRelease = checks.before;
    this.afterRelease = checks.after;
    service.node.addDependency(checks.before);
    checks.after.node.addDependency(service);
    declareReleasePart(this, 'server', this.balancer.origin);
    if (scaled) new ServerScaling(this, 'Scaling', { service, tasks, targetGroups });
    if (props.redeployOnSecretChange?.length)
      new SecretRoll(this, 'SecretRoll', {
        ...props,
        clusterName,
        service,
        secrets: props.redeployOnSecretChange,
      });
  }

  /** The way CloudFront reaches the server: a VPC origin, for a distribution in the same stack. */
  origin(): IOrigin {
    return this.balancer.origin;
  }

  /** Requests of all colours. */
  metricRequests(options?: MetricOptions): IMetric {
    return this.sum('RequestCount', 'requests', 'requests', options);
  }

  /** Answers of all colours with a 5xx. */
  metricServerErrors(options?: MetricOptions): IMetric {
    return this.sum('HTTPCode_Target_5XX_Count', 'errors', 'server errors', options);
  }

  /**
   * Number of deployments that the watchdog follows: above 0 while the server is deployed in two colours. The metric
   * refers to the server by name, so another stack may use it.
   */
  metricDeployments(options?: MetricOptions): IMetric {
    return new Metric({ ...deploymentMetric(this.serviceName), statistic: Stats.MAXIMUM, ...options });
  }

  /** Ids are of the metric and the colour, so that one expression can have several of these, of one server. */
  private sum(metricName: string, what: string, label: string, options?: MetricOptions): IMetric {
    const metrics = Object.fromEntries(
      Object.entries(this.targetGroups)
        .filter(([, group]) => group !== undefined)
        .map(([colour, group]) => [
          `${what}_${colour}`,
          group.metrics.custom(metricName, { statistic: 'Sum', ...options }),
        ]),
    );
    return new MathExpression({
      expression: Object.keys(metrics)
        .map((id) => `FILL(${id}, 0)`)
        .join(' + '),
      usingMetrics: metrics,
      label: options?.label ?? label,
      period: options?.period,
    });
  }

  private clusterWithInsights(props: ContainerServerProps): Cluster {
    // Container Insights would make this group itself, to be kept for ever.
    const insights = new ProtectedLogGroup(this, 'Insights', {
      logGroupName: `/aws/ecs/containerinsights/${props.name}/performance`,
    });
    const cluster = new Cluster(this, 'Cluster', {
      clusterName: props.name,
      vpc: props.vpc,
      containerInsightsV2: ContainerInsights.ENHANCED,
    });
    cluster.node.addDependency(insights);
    return cluster;
  }
}
