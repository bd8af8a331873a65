import { Stack } from 'aws-cdk-lib';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** What the driver reads the user and the password from, out of `secret`, encrypted under `key`. */
export function credentials(secret: ISecret, key: IKey | undefined): Record<string, EcsSecret> {
  return { PGUSER: field(secret, 'username', key), PGPASSWORD: field(secret, 'password', key) };
}

/**
 * One field of `secret`. The right to decrypt goes to the reader's own policy: the CDK would write the reader
 * into the policy of the key, and the stack of the key would then depend on every stack that reads.
 */
function field(secret: ISecret, name: string, key: IKey | undefined): EcsSecret {
  const value = EcsSecret.fromSecretsManager(secret, name);
  if (!key) return value;
  const grantRead = (grantee: IGrantable): Grant =>
    secret.grantRead(grantee).combine(
      Grant.addToPrincipal({
        grantee,
        actions: ['kms:Decrypt'],
        resourceArns: [key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(secret).region}.amazonaws.com` },
        },
      }),
    );
  return Object.assign(value, { grantRead });
}
