import type { AwsApi } from '../core/aws-api';
import type { Image } from './image';

export interface TaskDefinition {
  readonly logicalId: string;
  readonly image: Image;
  readonly container: ContainerDefinition;
  /** ARN of the role that reads secrets and writes logs. */
  readonly executionRole: string;
}

export interface ContainerDefinition {
  readonly name: string;
  /** @default - the image's own command */
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** `ValueFrom` of each secret, by the name of its environment variable. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  readonly log: { readonly group: string; readonly prefix: string };
}

type Secretive = Pick<TaskDefinition, 'logicalId' | 'executionRole'> & {
  readonly container: Pick<ContainerDefinition, 'secrets'>;
};

/** A secret that ECS cannot give to a container. */
export class UnreadableSecret extends Error {
  constructor(
    /** Name of the environment variable. */
    readonly variable: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Values of a container's secrets, by the name of their environment variable. ECS reads them each time a task starts.
 * Throws an `UnreadableSecret`.
 */
export async function secretValues(api: AwsApi, definition: Secretive): Promise<Record<string, string>> {
  const { logicalId: name, executionRole: principal, container } = definition;
  const values: Record<string, string> = {};
  for (const [variable, valueFrom] of Object.entries(container.secrets)) {
    const [SecretId, field] = splitValueFrom(valueFrom);
    const { Name, SecretString } = await api
      .call<{ Name: string; SecretString: string }>({ name, principal }, 'secretsmanager:GetSecretValue', {
        SecretId,
      })
      .catch(({ message }: Error) => {
        throw new UnreadableSecret(variable, `names a secret that cannot be read: ${message}`);
      });
    const value = field ? (JSON.parse(SecretString) as Record<string, unknown>)[field] : SecretString;
    if (value === undefined)
      throw new UnreadableSecret(variable, `names the field '${field}', which ${Name} does not have`);
    values[variable] = String(value);
  }
  return values;
}

/** ARN and field of `ARN[:FIELD:STAGE:VERSION]`. The field may be empty. */
function splitValueFrom(valueFrom: string): [arn: string, field: string | undefined] {
  const parts = valueFrom.split(':');
  return [parts.slice(0, 7).join(':'), parts[7]];
}
