import { Annotations, Duration } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AlarmBehavior,
  AlternateTarget,
  DeploymentStrategy as EcsDeploymentStrategy,
  FargateService,
  type FargateTaskDefinition,
  type ICluster,
  ListenerRuleConfiguration,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { Check } from '../verification/checks';
import type { DeploymentStrategy } from './deployment-strategy';
import { DeploymentVerification } from './deployment-verification';
import { DeploymentWatchdog } from './deployment-watchdog';
import type { RollbackAlarms } from './rollback-alarms';
import type { ServerLoadBalancer } from './server-load-balancer';

export interface ServerServiceProps {
  readonly vpc: IVpc;
  /** Name of the service. */
  readonly name: string;
  readonly cluster: ICluster;
  /** Name of the cluster. The value is a plain string if the name is known at synthesis. */
  readonly clusterName: string;
  readonly taskDefinition: FargateTaskDefinition;
  readonly port: number;
  readonly balancer: ServerLoadBalancer;
  readonly alarms: RollbackAlarms;
  readonly strategy: DeploymentStrategy;
  /** Checks that a new release must pass on the test listener; unused with one target group. */
  readonly checks: readonly Check[];
  /** Number of tasks; undefined with autoscaling. */
  readonly desiredCount?: number;
  /** Additional security groups of the tasks. */
  readonly securityGroups?: readonly ISecurityGroup[];
  readonly enableExecuteCommand?: boolean;
}

/**
 * ECS service of a server.
 *
 * Defines a Fargate service with its deployment strategy and a security group. For blue/green deployments, it also
 * defines the roles of ECS, the verification of a new release and the watchdog.
 */
export class ServerService extends Construct {
  readonly service: FargateService;
  /** Security group of the tasks. */
  readonly securityGroup: SecurityGroup;
  readonly watchdog?: DeploymentWatchdog;
  /** Function of the lifecycle hook. */
  readonly hook?: IFunction;

  constructor(scope: Construct, id: string, props: ServerServiceProps) {
    super(scope, id);

    const { balancer } = props;
    const { steps, strategy, isBlueGreen, bakeTime } = props.strategy;
    const verification = isBlueGreen
      ? new DeploymentVerification(this, 'Verification', {
          vpc: props.vpc,
          loadBalancer: balancer,
          checks: props.checks,
        })
      : undefined;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Tasks of the server',
    });
    this.service = new FargateService(this, 'Resource', {
      serviceName: props.name,
      cluster: props.cluster,
      taskDefinition: props.taskDefinition,
      desiredCount: props.desiredCount,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: Duration.minutes(1),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [
        this.securityGroup,
        // The groups are imported as immutable: a rule added to one of them would make its stack depend on this stack.
        ...(props.securityGroups ?? []).map((group, index) =>
          SecurityGroup.fromSecurityGroupId(this, `SecurityGroup${index + 1}`, group.securityGroupId, {
            mutable: false,
          }),
        ),
      ],
      enableExecuteCommand: props.enableExecuteCommand ?? false,
      propagateTags: PropagatedTagSource.SERVICE,
      enableECSManagedTags: true,
      deploymentStrategy: strategy,
      bakeTime: isBlueGreen ? bakeTime : undefined,
      canaryConfiguration: strategy === EcsDeploymentStrategy.CANARY ? steps : undefined,
      linearConfiguration: strategy === EcsDeploymentStrategy.LINEAR ? steps : undefined,
      circuitBreaker: isBlueGreen ? undefined : { enable: true, rollback: true },
      deploymentAlarms: {
        alarmNames: [...props.alarms.deploymentNames],
        behavior: AlarmBehavior.ROLLBACK_ON_ALARM,
      },
      lifecycleHooks: verification && [verification.target],
    });
    // Without this dependency, a task can start before its role may read a new secret, and fail.
    this.service.node.addDependency(props.taskDefinition.obtainExecutionRole());
    this.service.node.addDependency(props.alarms, balancer.productionRule);
    verification?.attachTo(this.service);
    this.hook = verification?.handler.function;
    if (isBlueGreen) this.watchdog = this.watch(props);
    balancer.blue.addTarget(
      this.service.loadBalancerTarget({
        containerName: 'server',
        containerPort: props.port,
        alternateTarget: this.alternateTarget(balancer),
      }),
    );
  }

  private watch(props: ServerServiceProps): DeploymentWatchdog {
    const { name, clusterName, strategy } = props;
    const watchdog = new DeploymentWatchdog(this, 'Watchdog', { name, clusterName, strategy });
    // The watchdog must exist first, so that it also follows the first deployment.
    this.service.node.addDependency(watchdog);
    Annotations.of(this.service).acknowledgeWarning(
      '@aws-cdk/aws-ecs:shouldUseCircuitBreaker',
      'The circuit breaker of ECS covers rolling deployments only. The watchdog ends a deployment that does not become healthy.',
    );
    return watchdog;
  }

  private alternateTarget({ green, testRule, productionRule }: ServerLoadBalancer) {
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
      'AWS maintains this policy for this purpose, and ECS needs all of its actions.',
    );
    this.service.node.addDependency(role, testRule);
    return new AlternateTarget('Green', {
      role,
      alternateTargetGroup: green,
      productionListener: ListenerRuleConfiguration.applicationListenerRule(productionRule),
      testListener: ListenerRuleConfiguration.applicationListenerRule(testRule),
    });
  }
}
