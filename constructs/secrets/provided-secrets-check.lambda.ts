import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { customResource } from '../handler/custom-resource';

const client = new SecretsManagerClient({});

/** Succeeds if each secret has a current value. Otherwise fails with the names of the secrets without a value. */
export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  const { SecretArns, Remedy } = event.ResourceProperties as unknown as {
    SecretArns: string[];
    Remedy: string;
  };
  const secrets = await Promise.all(
    SecretArns.map((SecretId) => client.send(new DescribeSecretCommand({ SecretId }))),
  );
  const unset = secrets
    .filter(({ VersionIdsToStages = {} }) => !Object.values(VersionIdsToStages).flat().includes('AWSCURRENT'))
    .map(({ Name, ARN }) => Name ?? ARN ?? '');
  if (unset.length > 0) {
    throw new Error(
      `never set: ${unset.join(', ')}. ${unset.map((name) => Remedy.replace('{name}', name.split('/').at(-1) ?? name)).join('; ')}`,
    );
  }
  return undefined;
});
