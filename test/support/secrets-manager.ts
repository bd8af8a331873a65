import { AwsServiceError } from './aws-service';

/** Secrets Manager's values, kept in memory: the ARN is the key. */
export function emulateSecretsManager(values: Map<string, object>) {
  return {
    GetSecretValue({ SecretId }: { SecretId: string }) {
      if (!values.has(SecretId)) throw new AwsServiceError('ResourceNotFoundException');
      return { ARN: SecretId, SecretString: JSON.stringify(values.get(SecretId)) };
    },
    PutSecretValue({ SecretId, SecretString }: { SecretId: string; SecretString: string }) {
      if (!values.has(SecretId)) throw new AwsServiceError('ResourceNotFoundException');
      values.set(SecretId, JSON.parse(SecretString));
      return { ARN: SecretId };
    },
  };
}
