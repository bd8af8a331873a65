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
 * A containerized server that rolls back its own bad releases.
 *
 * Defines an ECS cluster and a Fargate service behind an internal load balancer that accepts traffic from CloudFront
 * only. Also defines rollback alarms, autoscaling and the verification of each new release.
 *
 * The construct is a grantee: grants go to the task role, as in `bucket.grantReadWrite(server)`. Its connections are
 * those of the tasks, as in `database.connections.allowDefaultPortFrom(server)`.
 */
export class ContainerServer extends Construct implements IConnectable, IGrantable {
  /** Cluster of the service. */
  readonly cluster: ICluster;
  /** Name of the cluster. The value is a plain string if the name is known at synthesis. */
  readonly clusterName: string;
  /** Name of the service as a plain string, without a reference to the service. */
  readonly serviceName: string;
  /** Service that runs the tasks. */
  readonly service: FargateService;
  /** Task definition of this release. */
  readonly taskDefinition: FargateTaskDefinition;
  /** Log group of the tasks. */
  readonly logGroup: LogGroup;
  /** Connections of the tasks. The default port is the port of the container. */
  readonly connections: Connections;
  /** Task role, which receives grants. */
  readonly grantPrincipal: IPrincipal;
  /** Internal load balancer in front of the tasks. */
  readonly loadBalancer: ApplicationLoadBalancer;
  /** Listener that serves CloudFront. */
  readonly productionListener: ApplicationListener;
  /** Listener that the verification of a new release uses; undefined with `DeploymentStrategy.rolling()`. */
  readonly testListener?: ApplicationListener;
  /** Target groups of the two colors. The weights of the production rule show which target group serves users. */
  readonly targetGroups: { readonly blue: ApplicationTargetGroup; readonly green?: ApplicationTargetGroup };
  /** Alarms that roll back a release during its deployment. You can add actions to them. */
  readonly rollbackAlarms: RollbackAlarms;
  /** State machine that watches each deployment; undefined with `DeploymentStrategy.rolling()`. */
  readonly watchdog?: StateMachine;
  /**
   * Custom resource that fails while a rollback alarm is firing. During a stack rollback it suspends the rollback
   * alarms instead. `ReleaseSequence` creates it first.
   */
  readonly beforeRelease: CustomResource;
  /**
   * Custom resource that fails the creation of the service if its tasks do not become healthy. It is undefined with
   * `DeploymentStrategy.rolling()`, because ECS has a circuit breaker for that strategy. `ReleaseSequence` creates it
   * at the same time as the service.
   */
  readonly firstRelease?: CustomResource;
  /**
   * Custom resource that succeeds when the tasks of this release run. `ReleaseSequence` updates it before the client.
   */
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
      // With autoscaling, a desired count in the template would reset the number of tasks on every release.
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

  /** Returns a VPC origin for a distribution in the same stack. */
  origin(): IOrigin {
    return this.balancer.origin;
  }

  /** Returns the number of requests, summed over both target groups. */
  metricRequests(options?: MetricOptions): IMetric {
    return this.sum('RequestCount', 'requests', 'requests', options);
  }

  /** Returns the number of 5xx responses, summed over both target groups. */
  metricServerErrors(options?: MetricOptions): IMetric {
    return this.sum('HTTPCode_Target_5XX_Count', 'errors', 'server errors', options);
  }

  /**
   * Returns the number of deployments that the watchdog is following. It is above 0 during a blue/green deployment.
   * The metric refers to the server by name, so other stacks can use it.
   */
  metricDeployments(options?: MetricOptions): IMetric {
    return new Metric({ ...deploymentMetric(this.serviceName), statistic: Stats.MAXIMUM, ...options });
  }

  /**
   * The query ids contain the metric and the color, so that one math expression can combine several of these metrics.
   */
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
