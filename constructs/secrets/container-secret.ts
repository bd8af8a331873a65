import { Stack } from 'aws-cdk-lib';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * Returns a secret for the container of a task definition.
 *
 * Adds the permission to read the secret to the policy of the reader only, never to the policy of the secret or its
 * key. The reader may therefore be in a stack that depends on the stack of the secret. The key's policy must delegate
 * to IAM policies of its account, as the policies of CDK keys do.
 * @param field key of a JSON secret; the whole value if you leave it out
 * @param encryptionKey key of the secret; the secret's own `encryptionKey` if you leave it out
 */
export function containerSecret(secret: ISecret, field?: string, encryptionKey?: IKey): EcsSecret {
  return new OneWaySecret(secret, field, encryptionKey ?? secret.encryptionKey);
}

class OneWaySecret extends EcsSecret {
  readonly arn: string;
  readonly hasField: boolean;

  constructor(
    private readonly secret: ISecret,
    field: string | undefined,
    private readonly encryptionKey: IKey | undefined,
  ) {
    super();
    this.arn = field === undefined ? secret.secretArn : `${secret.secretArn}:${field}::`;
    this.hasField = field !== undefined;
  }

  grantRead(grantee: IGrantable): Grant {
    const { encryptionKey } = this;
    const { secretArn } = this.secret;
    const read = Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [secretArn],
    });
    if (!encryptionKey) return read;
    return read.combine(
      Grant.addToPrincipal({
        grantee,
        actions: ['kms:Decrypt'],
        resourceArns: [encryptionKey.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(this.secret).region}.amazonaws.com` },
        },
      }),
    );
  }
}
