import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { HandlerFunction } from '../handler/handler-function';
import { declareReleasePart } from '../release-parts';

/** Properties of `ProvidedSecretsCheck`. */
export interface ProvidedSecretsCheckProps {
  /** Secrets that must have a value. */
  readonly secrets: readonly ISecret[];
  /** Id of the release. The check runs once per release. */
  readonly releaseId: string;
  /** Instruction for a secret without a value. `{name}` is replaced with the last part of the secret's name. */
  readonly remedy: string;
}

/**
 * Check that every provided secret has a value. Without a value, the check fails the deployment before the migrations
 * and the server.
 *
 * Defines a custom resource and its handler, which does not read the values.
 */
export class ProvidedSecretsCheck extends Construct {
  constructor(scope: Construct, id: string, props: ProvidedSecretsCheckProps) {
    super(scope, id);

    const { function: handler } = new HandlerFunction(this, 'Handler', {
      bundle: 'provided-secrets-check',
      description: 'Fails the deployment if a provided secret has no value',
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
