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
  /** The description of the function, as the Lambda console shows it. */
  readonly description: string;
  /** How long one invocation may take; at most 15 minutes. */
  readonly timeout: Duration;
  /**
   * Memory in MiB.
   * @default 256
   */
  readonly memorySize?: number;
  /** @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Network the function runs in; give `securityGroups` and `vpcSubnets` with it.
   * @default outside any VPC
   */
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: readonly ISecurityGroup[];
}

/**
 * A Lambda function that runs one of this package's own bundles.
 *
 * Defines the function (Node.js, arm64), its protected log group and a role that may write only there.
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
        'Network interfaces have no name to restrict by; the policy allows nothing else.',
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
    // The function is of no use before its role's policy is.
    this.function.node.addDependency(role);
  }
}
