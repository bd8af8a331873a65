import { Stack } from 'aws-cdk-lib';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * A secret as a container definition takes it.
 *
 * The right to read it is given in the reader's own policy alone, never in the policy of the secret or its
 * key: the reader may be in a stack that depends on theirs. The key must trust the policies of its account,
 * as keys made by the CDK do.
 *
 * @param field key of a JSON secret; @default the whole value
 * @param encryptionKey @default the key the secret says it has
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
      actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
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
