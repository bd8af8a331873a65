import type { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { containerSecret } from '../secrets/container-secret';

/** Returns `PGUSER` and `PGPASSWORD` for a PostgreSQL driver, read from a secret. */
export function credentials(secret: ISecret, key: IKey | undefined): Record<string, EcsSecret> {
  return {
    PGUSER: containerSecret(secret, 'username', key),
    PGPASSWORD: containerSecret(secret, 'password', key),
  };
}
