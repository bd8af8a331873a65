import { join } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ProtectedLogGroup } from '../logs/protected-log-group';

export interface HandlerFunctionProps {
  /** Name of the bundle: `roles` for the source `roles.lambda.ts`. */
  readonly bundle: string;
  /** Description of the function in the Lambda console. */
  readonly description: string;
  /** Timeout of one invocation, at most 15 minutes. */
  readonly timeout: Duration;
  /**
   * Memory in MiB.
   * @default 256
   */
  readonly memorySize?: number;
  /**
   * Environment variables of the function.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * VPC of the function. Also set `securityGroups` and `vpcSubnets`.
   * @default - the function runs outside a VPC
   */
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: readonly ISecurityGroup[];
}

/**
 * Lambda function that runs a bundle of this package.
 *
 * Defines the function (Node.js, arm64), its protected log group, and a role that may write only to this log group.
 */
export class HandlerFunction extends Construct {
  /** The Lambda function. */
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);

    const { logGroup } = new ProtectedLogGroup(this, 'Logs');
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    if (props.vpc) {
      role.addManagedPolicy(
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaENIManagementAccess'),
      );
      acknowledge(
        role,
        'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaENIManagementAccess]',
        'The network interfaces of a function have no ARNs known in advance, and the policy allows nothing else.',
      );
    }
    this.function = new LambdaFunction(this, 'Resource', {
      role,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(__dirname, '..', '..', 'bundles', props.bundle)),
      handler: 'index.handler',
      description: props.description,
      timeout: props.timeout,
      memorySize: props.memorySize ?? 256,
      environment: props.environment,
      logGroup,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups ? [...props.securityGroups] : undefined,
    });
    // The function must not run before its role has its policy.
    this.function.node.addDependency(role);
  }
}
