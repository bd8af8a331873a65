import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { HandlerFunction } from '../handler/handler-function';
import { declareReleasePart } from '../release-parts';

export interface ProvidedSecretsCheckProps {
  /** The secrets that must have a value. */
  readonly secrets: readonly ISecret[];
  /** Identifies the release; the check is made once for each. */
  readonly releaseId: string;
  /** What to tell people to do about a secret without value; `{name}` stands for the variable. */
  readonly remedy: string;
}

/**
 * Fails a deployment, before anything that depends on it starts, when a provided secret was never set.
 *
 * Defines a custom resource, which reads no values.
 */
export class ProvidedSecretsCheck extends Construct {
  constructor(scope: Construct, id: string, props: ProvidedSecretsCheckProps) {
    super(scope, id);

    const { function: handler } = new HandlerFunction(this, 'Handler', {
      bundle: 'provided-secrets-check',
      description: 'Fails the deployment when a provided secret has no value',
      timeout: Duration.minutes(1),
    });
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:DescribeSecret'],
        resources: props.secrets.map((secret) => secret.secretArn),
      }),
    );
    declareReleasePart(this, 'providedSecrets');
    new CustomResource(this, 'Resource', {
      serviceToken: handler.functionArn,
      serviceTimeout: Duration.minutes(2),
      resourceType: 'Custom::ProvidedSecretsCheck',
      properties: {
        SecretArns: props.secrets.map((secret) => secret.secretArn),
        ReleaseId: props.releaseId,
        Remedy: props.remedy,
      },
    }).node.addDependency(handler);
  }
}
