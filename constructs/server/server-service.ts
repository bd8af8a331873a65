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
  /** Name of the cluster; a string where the name is known at synth. */
  readonly clusterName: string;
  readonly taskDefinition: FargateTaskDefinition;
  readonly port: number;
  readonly balancer: ServerLoadBalancer;
  readonly alarms: RollbackAlarms;
  readonly strategy: DeploymentStrategy;
  /** Checks that a new release passes on the test listener; unused with one target group. */
  readonly checks: readonly Check[];
  /** Number of tasks; undefined if autoscaling decides. */
  readonly desiredCount?: number;
  /** Further security groups of the tasks. */
  readonly securityGroups?: readonly ISecurityGroup[];
  readonly enableExecuteCommand?: boolean;
}

/**
 * The service of a server.
 *
 * Defines a Fargate service with its deployment strategy and a security group, and for two colours the roles in which ECS
 * acts, the verification of a new release and the watchdog.
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
        // Imported as immutable: a rule that is added to one would make its stack depend on this stack.
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
    // A task fails when it starts before its role may read a new secret.
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
    // The watchdog also follows the first deployment.
    this.service.node.addDependency(watchdog);
    Annotations.of(this.service).acknowledgeWarning(
      '@aws-cdk/aws-ecs:shouldUseCircuitBreaker',
      'ECS has a circuit breaker for rolling deployments only; here the watchdog ends a deployment that does not get healthy.',
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
      'The policy AWS keeps for exactly this; ECS needs what it lists.',
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
