import type { CustomResource } from 'aws-cdk-lib';
import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, type IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import type { FargateService, FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import type {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { physicalName } from '../physical-name';
import { declareReleasePart } from '../release-parts';
import type { ContainerServerProps } from './container-server-props';
import { deploymentMetric } from './deployment-metric';
import { DeploymentStrategy } from './deployment-strategy';
import { FirstRelease } from './first-release';
import { ReleaseGate } from './release-gate';
import { RollbackAlarms } from './rollback-alarms';
import { SecretRedeployment } from './secret-redeployment';
import { clusterWithInsights } from './server-cluster';
import { ServerLoadBalancer } from './server-load-balancer';
import { isScaled, ServerScaling, withDefaultScaling } from './server-scaling';
import { ServerService } from './server-service';
import { ServerTask } from './server-task';
import { shutdownTimes } from './shutdown';
import { validateContainerServer } from './validate-container-server';

/**
 * A server in containers that takes its own bad releases back.
 *
 * Defines an ECS cluster and a Fargate service behind an internal load balancer that only CloudFront reaches, rollback
 * alarms, autoscaling, and the verification of each new release.
 *
 * Grants to the server go to the role of its tasks, and its connections are those of its tasks:
 * `bucket.grantReadWrite(server)`, `database.connections.allowDefaultPortFrom(server)`.
 */
export class ContainerServer extends Construct implements IConnectable, IGrantable {
  /** Cluster of the service. */
  readonly cluster: ICluster;
  /** Name of the cluster; a string where the name is known at synth. */
  readonly clusterName: string;
  /** Name of the service, without a reference to the service. */
  readonly serviceName: string;
  /** Service that runs the tasks. */
  readonly service: FargateService;
  /** Task definition of this release. */
  readonly taskDefinition: FargateTaskDefinition;
  /** Log group of the tasks. */
  readonly logGroup: LogGroup;
  /** Connections of the tasks, with the port that the container listens on. */
  readonly connections: Connections;
  /** Role of the tasks, which grants go to. */
  readonly grantPrincipal: IPrincipal;
  /** Internal load balancer in front of the tasks. */
  readonly loadBalancer: ApplicationLoadBalancer;
  /** Listener that CloudFront sends requests to. */
  readonly productionListener: ApplicationListener;
  /** Listener on which a new release is verified; undefined with `DeploymentStrategy.rolling()`. */
  readonly testListener?: ApplicationListener;
  /** Target groups, which take turns. The weights of the production rule say which of them has users. */
  readonly targetGroups: { readonly blue: ApplicationTargetGroup; readonly green?: ApplicationTargetGroup };
  /** Alarms that take a release back; use them in monitoring, too. */
  readonly rollbackAlarms: RollbackAlarms;
  /** State machine that follows each deployment; undefined with `DeploymentStrategy.rolling()`. */
  readonly watchdog?: StateMachine;
  /**
   * Fails while a rollback alarm is firing. On the way back of the stack, suspends the rollback alarms. `ReleaseSequence`
   * puts it first.
   */
  readonly beforeRelease: CustomResource;
  /**
   * Fails the creation of a service whose tasks do not get healthy; undefined with `DeploymentStrategy.rolling()`, for
   * which ECS has a circuit breaker. `ReleaseSequence` has it begin with the service.
   */
  readonly firstRelease?: CustomResource;
  /** Succeeds when the tasks of this release run. `ReleaseSequence` puts it before the client. */
  readonly afterRelease: CustomResource;
  private readonly balancer: ServerLoadBalancer;

  constructor(scope: Construct, id: string, props: ContainerServerProps) {
    super(scope, id);

    validateContainerServer(this, props);
    const { vpc, port, healthPath, task = {}, deployment = {} } = props;
    const { strategy = DeploymentStrategy.blueGreen(), rollback = {} } = deployment;
    const name = physicalName(this, props.name);
    const scaling = withDefaultScaling(props.scaling);
    const shutdown = shutdownTimes(task.shutdown);

    this.cluster = props.cluster ?? clusterWithInsights(this, vpc, name);
    this.clusterName = props.cluster?.clusterName ?? name;
    this.serviceName = name;
    const names = { name, clusterName: this.clusterName };
    const balancer = new ServerLoadBalancer(this, 'LoadBalancer', {
      ...props.loadBalancer,
      vpc,
      healthPath,
      isBlueGreen: strategy.isBlueGreen,
      requestTimeout: shutdown.requestTimeout,
      deregistrationDelay: shutdown.deregistrationDelay,
    });
    const { targetGroups } = balancer;
    this.balancer = balancer;
    this.loadBalancer = balancer.loadBalancer;
    this.productionListener = balancer.productionListener;
    this.testListener = balancer.testListener;
    this.targetGroups = { blue: balancer.blue, green: balancer.green };
    const { taskDefinition, logGroup } = new ServerTask(this, 'Task', {
      ...task,
      name,
      image: props.image,
      port,
      environment: props.environment,
      secrets: props.secrets,
      shutdown,
    });
    this.taskDefinition = taskDefinition;
    this.logGroup = logGroup;
    this.grantPrincipal = taskDefinition.taskRole;
    const alarms = new RollbackAlarms(this, 'Rollback', { ...rollback, name, targetGroups });
    this.rollbackAlarms = alarms;

    const { service, securityGroup, watchdog, hook } = new ServerService(this, 'Service', {
      ...names,
      vpc,
      cluster: this.cluster,
      taskDefinition,
      port,
      balancer,
      alarms,
      strategy,
      checks: deployment.verification ?? [{ path: healthPath, status: 200 }],
      // With autoscaling, a number in the template would reset the tasks with every release.
      desiredCount: isScaled(scaling) ? undefined : scaling.minCapacity,
      securityGroups: task.securityGroups,
      enableExecuteCommand: task.enableExecuteCommand,
    });
    this.service = service;
    this.connections = new Connections({ securityGroups: [securityGroup], defaultPort: Port.tcp(port) });
    this.watchdog = watchdog?.stateMachine;
    const gate = new ReleaseGate(this, 'ReleaseChecks', {
      ...names,
      service,
      taskDefinition,
      alarms,
      hook,
      whenFiring: rollback.whenFiring,
      maxTaskDefinitionRevisions: deployment.maxTaskDefinitionRevisions,
    });
    this.beforeRelease = gate.before;
    this.afterRelease = gate.after;
    if (strategy.isBlueGreen) this.firstRelease = this.watchFirstRelease(strategy, gate);
    if (isScaled(scaling)) new ServerScaling(this, 'Scaling', { ...scaling, service, targetGroups });
    const { redeployOnSecretChange: secrets } = deployment;
    if (secrets?.length) new SecretRedeployment(this, 'SecretRoll', { ...names, service, secrets });
    declareReleasePart(this, 'server', balancer.origin);
  }

  private watchFirstRelease({ healthyWithin }: DeploymentStrategy, gate: ReleaseGate): CustomResource {
    const { resource } = new FirstRelease(this, 'FirstRelease', {
      name: this.serviceName,
      clusterName: this.clusterName,
      cluster: this.cluster,
      logGroup: this.logGroup,
      healthyWithin,
    });
    resource.node.addDependency(gate.before);
    return resource;
  }

  /** Returns the VPC origin of the server, for a distribution in the same stack. */
  origin(): IOrigin {
    return this.balancer.origin;
  }

  /** Number of requests to both target groups. */
  metricRequests(options?: MetricOptions): IMetric {
    return this.sum('RequestCount', 'requests', 'requests', options);
  }

  /** Number of answers with a 5xx from both target groups. */
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

  /** The ids name the metric and the colour, so that one expression can combine several of these metrics. */
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
}
