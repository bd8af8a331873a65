import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

const client = new SecretsManagerClient({});

/** Content of a login's secret. */
export interface LoginSecret {
  readonly username: string;
  readonly password: string;
}

/** Reads the current version of a secret. */
export async function readSecret<T extends LoginSecret>(secretArn: string): Promise<T> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  return JSON.parse(SecretString ?? '{}') as T;
}

/** Writes a new version of a secret. */
export async function writeSecret(secretArn: string, value: LoginSecret): Promise<void> {
  await client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: JSON.stringify(value) }));
}
