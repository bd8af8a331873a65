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
  /** The cluster's name, known before it is there. */
  readonly clusterName: string;
  readonly taskDefinition: FargateTaskDefinition;
  readonly port: number;
  readonly balancer: ServerLoadBalancer;
  readonly alarms: RollbackAlarms;
  readonly deployment: DeploymentStrategy;
  /** What a new release must answer; unused with one colour. */
  readonly checks: readonly Check[];
  /** @default left to autoscaling */
  readonly desiredCount?: number;
  readonly securityGroups: readonly ISecurityGroup[];
  readonly exec: boolean;
}

/**
 * The service that replaces one release by the next.
 *
 * Defines a Fargate service with its deployment strategy and, for two colours, the roles ECS acts in, the
 * verification of the new release and the watchdog.
 */
export class ServerService extends Construct {
  readonly service: FargateService;
  readonly watchdog?: DeploymentWatchdog;

  constructor(scope: Construct, id: string, props: ServerServiceProps) {
    super(scope, id);

    const { deployment, balancer } = props;
    const { steps, strategy, isBlueGreen } = deployment;
    const verification = isBlueGreen
      ? new DeploymentVerification(this, 'Verification', {
          vpc: props.vpc,
          loadBalancer: balancer,
          checks: props.checks,
        })
      : undefined;
    const shift = steps && { stepPercent: steps.percent, stepBakeTime: steps.watch };
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
        new SecurityGroup(this, 'SecurityGroup', { vpc: props.vpc, description: 'Tasks of the server' }),
        // Seen from here they are someone else's: a rule added to them would tie their stack to this one.
        ...props.securityGroups.map((group, index) =>
          SecurityGroup.fromSecurityGroupId(this, `SecurityGroup${index + 1}`, group.securityGroupId, {
            mutable: false,
          }),
        ),
      ],
      enableExecuteCommand: props.exec,
      propagateTags: PropagatedTagSource.SERVICE,
      enableECSManagedTags: true,
      deploymentStrategy: strategy,
      bakeTime: isBlueGreen ? deployment.bakeTime : undefined,
      canaryConfiguration: strategy === EcsDeploymentStrategy.CANARY ? shift : undefined,
      linearConfiguration: strategy === EcsDeploymentStrategy.LINEAR ? shift : undefined,
      circuitBreaker: isBlueGreen ? undefined : { enable: true, rollback: true },
      deploymentAlarms: { alarmNames: [...props.alarms.names], behavior: AlarmBehavior.ROLLBACK_ON_ALARM },
      lifecycleHooks: verification && [verification.target],
    });
    // A task that starts before its role may read a new secret fails.
    this.service.node.addDependency(props.taskDefinition.obtainExecutionRole());
    this.service.node.addDependency(props.alarms, balancer.productionRule);
    verification?.attachTo(this.service);
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
    const watchdog = new DeploymentWatchdog(this, 'Watchdog', props);
    // The first deployment is watched too.
    this.service.node.addDependency(watchdog);
    Annotations.of(this.service).acknowledgeWarning(
      '@aws-cdk/aws-ecs:shouldUseCircuitBreaker',
      'ECS has it for rolling deployments only; here the watchdog ends what does not get healthy.',
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
