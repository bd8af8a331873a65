import { madeUpValue } from '../core/made-up-value';
import { arn, named } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';
import { generateSecret, type Secrets } from './secrets';

/** Resource types of Secrets Manager. */
export function secretsManagerResources(secrets: Secrets): ResourceHandlers {
  return {
    'AWS::SecretsManager::Secret': {
      supportedProperties: ['Name', 'GenerateSecretString', 'SecretString'],
      apply(request) {
        const { properties, before } = request;
        const name = properties['Name'] ?? named(request);
        const Ref = before?.attributes.Ref ?? arn(request, 'secretsmanager', `secret:${name}-abcdef`);
        const { GenerateSecretString: generation, SecretString } = properties;
        // The plan has no value for a provided secret. The rehearsal makes one up, as `framework53 init` does. The last
        // part of the name is the variable's.
        const value = generation
          ? generateSecret(generation)
          : (SecretString ?? madeUpValue(name.split('/').at(-1)!));
        if (!secrets.has(Ref)) secrets.create(Ref, name, value);
        return { Ref, Id: Ref };
      },
    },
  };
}
