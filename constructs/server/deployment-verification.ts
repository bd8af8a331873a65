import { Duration } from 'aws-cdk-lib';
import { type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  type CfnService,
  DeploymentLifecycleLambdaTarget,
  DeploymentLifecycleStage,
  type FargateService,
} from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { HandlerFunction } from '../handler/handler-function';
import type { Check } from '../verification/checks';
import { closedSecurityGroup } from './closed-security-group';
import { type ServerLoadBalancer, TEST_PORT } from './server-load-balancer';

export interface DeploymentVerificationProps {
  readonly vpc: IVpc;
  readonly loadBalancer: ServerLoadBalancer;
  /** What the new release must answer on the test listener. */
  readonly checks: readonly Check[];
}

/**
 * Verifies a new release before any user meets it.
 *
 * Defines a lifecycle hook of ECS: a function in the VPC that can reach the test listener and nothing
 * else, and the role ECS invokes it with.
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
      description: 'Verifies a new release on the test listener before users meet it',
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
    this.handler.function.grantInvoke(this.role);
    acknowledge(
      this.role,
      `IAM5[Resource::${this.handler.function.functionArn}:*]`,
      'Any version of exactly this function.',
    );
    this.target = new DeploymentLifecycleLambdaTarget(this.handler.function, 'Verification', {
      role: this.role,
      lifecycleStages: [DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT],
    });
  }

  /** Makes the checks part of the service, so that a rollback of the stack brings the former ones back. */
  attachTo(service: FargateService): void {
    (service.node.defaultChild as CfnService).addPropertyOverride(
      'DeploymentConfiguration.LifecycleHooks.0.HookDetails',
      { checks: this.props.checks },
    );
    // The role's policy is a resource of its own, which the service does not refer to.
    service.node.addDependency(this.role, this.handler);
  }
}
