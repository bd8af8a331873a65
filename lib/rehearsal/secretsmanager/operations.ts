import { randomUUID } from 'node:crypto';
import { type Input, missing, type Operations } from '../core/aws-api';
import type { Stage } from '../core/stage';
import type { Secrets } from './secrets';

/** API operations of Secrets Manager. */
export function secretsManagerOperations(secrets: Secrets, { bus }: Stage): Operations {
  const arnOf = ({ SecretId }: Input): string =>
    secrets.has(String(SecretId)) ? String(SecretId) : missing(SecretId);
  return {
    'secretsmanager:GetSecretValue': (input) => {
      const ARN = arnOf(input);
      const Name = secrets.name(ARN);
      return { ARN, Name, SecretString: secrets.value(ARN) ?? missing(`the value of ${Name}`) };
    },
    'secretsmanager:PutSecretValue': (input) => {
      const ARN = arnOf(input);
      secrets.put(ARN, String(input['SecretString']));
      bus.emit('event', {
        source: 'aws.secretsmanager',
        'detail-type': 'Secret Label Updated',
        resources: [ARN],
        detail: { labelUpdated: 'AWSCURRENT' },
      });
      return { ARN, VersionId: randomUUID(), VersionStages: ['AWSCURRENT'] };
    },
    'secretsmanager:DescribeSecret': (input) => {
      const ARN = arnOf(input);
      const set = secrets.value(ARN) !== undefined;
      return { ARN, Name: secrets.name(ARN), VersionIdsToStages: set ? { v1: ['AWSCURRENT'] } : {} };
    },
  };
}
