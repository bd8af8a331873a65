import { Duration } from 'aws-cdk-lib';
import { type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  type CfnService,
  DeploymentLifecycleLambdaTarget,
  DeploymentLifecycleStage,
  type FargateService,
} from 'aws-cdk-lib/aws-ecs';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HandlerFunction } from '../handler/handler-function';
import type { Check } from '../verification/checks';
import { closedSecurityGroup } from './closed-security-group';
import { type ServerLoadBalancer, TEST_PORT } from './server-load-balancer';
import { WARM_UP, type WarmUp } from './warm-up';

export interface DeploymentVerificationProps {
  readonly vpc: IVpc;
  readonly loadBalancer: ServerLoadBalancer;
  /** Checks that a new release must pass on the test listener. */
  readonly checks: readonly Check[];
}

/**
 * Verifies a new release before it serves users.
 *
 * Defines an ECS lifecycle hook: a function in the VPC that can reach only the test listener, the role with which ECS
 * invokes the function, and a rule that invokes the function every day.
 */
export class DeploymentVerification extends Construct {
  readonly target: DeploymentLifecycleLambdaTarget;
  readonly role: Role;
  readonly handler: HandlerFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeploymentVerificationProps,
  ) {
    super(scope, id);

    const group = closedSecurityGroup(
      this,
      props.vpc,
      'Verification of a new release: to the test listener only',
    );
    props.loadBalancer.allowTestFrom(group);
    this.handler = new HandlerFunction(this, 'Handler', {
      bundle: 'deployment-verification',
      description: 'Verifies a new release on the test listener before it serves users',
      timeout: Duration.minutes(5),
      environment: {
        TEST_URL: `http://${props.loadBalancer.loadBalancer.loadBalancerDnsName}:${TEST_PORT}`,
        DEADLINE_MS: String(Duration.minutes(4).toMilliseconds()),
      },
      vpc: props.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [group],
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
      description: 'ECS invokes the verification of a new release',
    });
    // Nobody invokes a version of the function. `grantInvoke` would allow that, too.
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.handler.function.functionArn],
      }),
    );
    this.target = new DeploymentLifecycleLambdaTarget(this.handler.function, 'Verification', {
      role: this.role,
      lifecycleStages: [DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT],
    });
    this.keepActive();
  }

  /**
   * Invokes the function every day, so that Lambda does not remove its network interfaces. A deployment may begin
   * after weeks without a stack update: after a change of a secret, or by hand.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
   */
  private keepActive(): void {
    const event: WarmUp = { [WARM_UP]: true };
    new Rule(this, 'Daily', {
      description: 'Keeps the verification function attached to its VPC',
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new LambdaFunction(this.handler.function, { event: RuleTargetInput.fromObject(event) })],
    });
  }

  /** Stores the checks in the service, so that a stack rollback restores the previous checks. */
  attachTo(service: FargateService): void {
    (service.node.defaultChild as CfnService).addPropertyOverride(
      'DeploymentConfiguration.LifecycleHooks.0.HookDetails',
      { checks: this.props.checks },
    );
    // The service does not refer to the role's policy, which is a separate resource.
    service.node.addDependency(this.role, this.handler);
  }
}
