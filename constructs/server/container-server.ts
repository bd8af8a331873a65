import { Annotations, Duration, Token } from 'aws-cdk-lib';
import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import { type IMetric, MathExpression, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type ISecurityGroup, type IVpc, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AlarmBehavior,
  AlternateTarget,
  Cluster,
  type ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  DeploymentStrategy,
  FargateService,
  type FargateTaskDefinition,
  ListenerRuleConfiguration,
  PropagatedTagSource,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import type {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { ProtectedLogGroup, type ProtectedLogGroupProps } from '../logs/protected-log-group';
import { type Check, checkProblems } from '../verification/checks';
import { Deployment } from './deployment';
import { DeploymentVerification } from './deployment-verification';
import { fargateSizeProblem } from './fargate-sizes';
import { RollbackAlarms, type RollbackThresholds } from './rollback-alarms';
import { IDLE_SECONDS, ServerLoadBalancer, type ServerTlsOptions } from './server-load-balancer';
import { ServerScaling, type TaskCount } from './server-scaling';
import { ServerTask } from './server-task';
import { type ShutdownOptions, shutdownProblems, shutdownTimes } from './shutdown';

export interface ContainerServerProps {
  /** Network with private subnets that reach the internet, and an internet gateway. */
  readonly vpc: IVpc;
  /** Name of the cluster, the service, the task family, and prefix of the alarms; at most 40 of `a-z 0-9 -`. */
  readonly name: string;
  readonly image: ContainerImage;
  /** Port the container listens on; it hears it as `PORT`. */
  readonly port: number;
  /** Path that answers 200 when a task can serve. */
  readonly healthPath: string;
  /** @default the image's own command */
  readonly command?: readonly string[];
  /** @default only what this construct sets: PORT, KEEP_ALIVE_SECONDS, SHUTDOWN_SECONDS */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default none */
  readonly secrets?: Readonly<Record<string, Secret>>;
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
  readonly memoryMiB?: number;
  /** @default CpuArchitecture.ARM64 */
  readonly architecture?: CpuArchitecture;
  /** @default 2 to 4 tasks, by CPU */
  readonly tasks?: TaskCount;
  /** @default Deployment.blueGreen() */
  readonly deployment?: Deployment;
  /**
   * What a new release must answer on the test listener before users meet it; not with
   * `Deployment.rolling()`, which has no such moment.
   * @default the health path answers 200
   */
  readonly verification?: readonly Check[];
  /** @default RollbackThresholds' own */
  readonly rollback?: RollbackThresholds;
  /** @default ShutdownOptions' own */
  readonly shutdown?: ShutdownOptions;
  /** @default plain HTTP inside the VPC */
  readonly tls?: ServerTlsOptions;
  /**
   * Whether ECS Exec opens shells in the tasks.
   * @default false
   */
  readonly exec?: boolean;
  /** @default true */
  readonly deletionProtection?: boolean;
  /** @default a bucket of its own, kept 90 days */
  readonly accessLogs?: IBucket;
  /** @default a protected log group kept for one month */
  readonly logs?: ProtectedLogGroupProps;
}

/**
 * A server in containers that takes its own bad releases back.
 *
 * Defines an ECS cluster and a Fargate service behind an internal load balancer that only CloudFront
 * reaches, its rollback alarms, autoscaling, and the verification of each new release.
 */
export class ContainerServer extends Construct {
  readonly cluster: Cluster;
  readonly service: FargateService;
  readonly taskDefinition: FargateTaskDefinition;
  readonly logGroup: LogGroup;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly productionListener: ApplicationListener;
  /** Where a new release is verified; none with `Deployment.rolling()`. */
  readonly testListener?: ApplicationListener;
  /** Nothing says which of the two serves users; the production rule's weights do. */
  readonly targetGroups: { readonly blue: ApplicationTargetGroup; readonly green?: ApplicationTargetGroup };
  /** What takes a release back; give them to monitoring, do not make them again. */
  readonly rollbackAlarms: RollbackAlarms;
  private readonly balancer: ServerLoadBalancer;

  constructor(scope: Construct, id: string, props: ContainerServerProps) {
    super(scope, id);

    const deployment = props.deployment ?? Deployment.blueGreen();
    const tasks = props.tasks ?? { minimum: 2, maximum: 4 };
    const shutdown = shutdownTimes(props.shutdown);
    this.validate(props, deployment, tasks);

    this.cluster = this.clusterWithInsights(props);
    this.balancer = new ServerLoadBalancer(this, 'LoadBalancer', {
      ...props,
      twoColours: deployment.twoColours,
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
      memoryMiB: props.memoryMiB ?? 1024,
      architecture: props.architecture ?? CpuArchitecture.ARM64,
      exec: props.exec ?? false,
      secrets: props.secrets ?? {},
      stopTimeout: shutdown.stopTimeout,
      environment: {
        PORT: String(props.port),
        // Node must keep silent connections longer than the load balancer, or requests meet closed ones.
        KEEP_ALIVE_SECONDS: String(IDLE_SECONDS + 5),
        SHUTDOWN_SECONDS: String(shutdown.drain.toSeconds()),
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

    this.service = this.serviceFor(props, deployment, tasks);
    this.service.node.addDependency(this.rollbackAlarms, this.balancer.productionRule);
    if (tasks.maximum > tasks.minimum)
      new ServerScaling(this, 'Scaling', { service: this.service, tasks, targetGroups });
  }

  /** The way CloudFront reaches the server: a VPC origin, for a distribution in the same stack. */
  origin(): IOrigin {
    return this.balancer.origin;
  }

  /** Requests of all colours. */
  metricRequests(options?: MetricOptions): IMetric {
    return this.sum('RequestCount', 'requests', options);
  }

  /** Answers of all colours with a 5xx. */
  metricServerErrors(options?: MetricOptions): IMetric {
    return this.sum('HTTPCode_Target_5XX_Count', 'server errors', options);
  }

  private sum(metricName: string, label: string, options?: MetricOptions): IMetric {
    const groups = Object.values(this.targetGroups).filter((group) => group !== undefined);
    return new MathExpression({
      expression: groups.map((_, index) => `FILL(m${index + 1}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(
        groups.map((group, index) => [
          `m${index + 1}`,
          group.metrics.custom(metricName, { statistic: 'Sum', ...options }),
        ]),
      ),
      label: options?.label ?? label,
      period: options?.period,
    });
  }

  private clusterWithInsights(props: ContainerServerProps): Cluster {
    // Container Insights would make this group itself, to be kept for ever.
    const insights = new ProtectedLogGroup(this, 'Insights', {
      ...props.logs,
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

  private serviceFor(props: ContainerServerProps, deployment: Deployment, tasks: TaskCount): FargateService {
    const verification = deployment.twoColours
      ? new DeploymentVerification(this, 'Verification', {
          vpc: props.vpc,
          loadBalancer: this.balancer,
          checks: props.verification ?? [{ path: props.healthPath, status: 200 }],
          logs: props.logs,
        })
      : undefined;
    const { steps, strategy } = deployment;
    const shift = steps && { stepPercent: steps.percent, stepBakeTime: steps.watch };
    const service = new FargateService(this, 'Service', {
      serviceName: props.name,
      cluster: this.cluster,
      taskDefinition: this.taskDefinition,
      // A number here would undo autoscaling with every release.
      desiredCount: tasks.maximum > tasks.minimum ? undefined : tasks.minimum,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: Duration.minutes(1),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [
        new SecurityGroup(this, 'SecurityGroup', { vpc: props.vpc, description: 'Tasks of the server' }),
        // Seen from here they are someone else's: a rule added to them would tie their stack to this one.
        ...(props.securityGroups ?? []).map((group, index) =>
          SecurityGroup.fromSecurityGroupId(this, `SecurityGroup${index + 1}`, group.securityGroupId, {
            mutable: false,
          }),
        ),
      ],
      enableExecuteCommand: props.exec ?? false,
      propagateTags: PropagatedTagSource.SERVICE,
      enableECSManagedTags: true,
      deploymentStrategy: strategy,
      bakeTime: deployment.twoColours ? deployment.bakeTime : undefined,
      canaryConfiguration: strategy === DeploymentStrategy.CANARY ? shift : undefined,
      linearConfiguration: strategy === DeploymentStrategy.LINEAR ? shift : undefined,
      // ECS has it for rolling deployments only; the watchdog does this for two colours.
      circuitBreaker: deployment.twoColours ? undefined : { enable: true, rollback: true },
      deploymentAlarms: {
        alarmNames: [...this.rollbackAlarms.names],
        behavior: AlarmBehavior.ROLLBACK_ON_ALARM,
      },
      lifecycleHooks: verification && [verification.target],
    });
    verification?.attachTo(service);
    if (deployment.twoColours)
      Annotations.of(service).acknowledgeWarning(
        '@aws-cdk/aws-ecs:shouldUseCircuitBreaker',
        'ECS has it for rolling deployments only; here the watchdog ends what does not get healthy.',
      );
    this.balancer.blue.addTarget(
      service.loadBalancerTarget({
        containerName: 'server',
        containerPort: props.port,
        alternateTarget: this.alternateTarget(service),
      }),
    );
    return service;
  }

  private alternateTarget(service: FargateService): AlternateTarget | undefined {
    const { green, testRule, productionRule } = this.balancer;
    if (!green || !testRule) return undefined;
    const role = new Role(this, 'TrafficRole', {
      assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
      description: 'ECS moves traffic between the target groups',
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('AmazonECSInfrastructureRolePolicyForLoadBalancers'),
      ],
    });
    acknowledge(
      role,
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers]',
      'The policy AWS keeps for exactly this; ECS needs what it lists.',
    );
    service.node.addDependency(role, testRule);
    return new AlternateTarget('Green', {
      role,
      alternateTargetGroup: green,
      productionListener: ListenerRuleConfiguration.applicationListenerRule(productionRule),
      testListener: ListenerRuleConfiguration.applicationListenerRule(testRule),
    });
  }

  private validate(props: ContainerServerProps, deployment: Deployment, tasks: TaskCount): void {
    const { name, cpu = 512, memoryMiB = 1024 } = props;
    const problems = [
      ...deployment.problems(),
      ...shutdownProblems(shutdownTimes(props.shutdown), IDLE_SECONDS),
      ...checkProblems(props.verification ?? []),
    ];
    if (!Token.isUnresolved(name) && !/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
      problems.push(`'name' must be 1 to 40 of a-z, 0-9 and -, got '${name}'`);
    const size = fargateSizeProblem(cpu, memoryMiB);
    if (size) problems.push(size);
    if (!(props.port >= 1 && props.port <= 65_535))
      problems.push(`'port' must be 1 to 65535, got ${props.port}`);
    if (!props.healthPath.startsWith('/'))
      problems.push(`'healthPath' must start with '/', got '${props.healthPath}'`);
    if (!(tasks.minimum >= 1 && tasks.maximum >= tasks.minimum))
      problems.push(`'tasks' must have 1 ≤ minimum ≤ maximum, got ${tasks.minimum} and ${tasks.maximum}`);
    if (props.verification && !deployment.twoColours)
      problems.push(
        "'verification' needs a deployment with two colours: Deployment.rolling() sends users to a new task " +
          'at once; leave it out or choose Deployment.blueGreen()',
      );
    if (problems.length > 0) throw new ConstructError(this, problems);
  }
}
