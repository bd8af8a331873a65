import type { AwsApi } from '../core/aws-api';
import type { Party } from '../core/network';
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

/** A secret that ECS cannot pass to a container. */
export class UnreadableSecret extends Error {
  constructor(
    /** Name of the environment variable. */
    readonly variable: string,
    message: string,
  ) {
    super(message);
  }
}

/** Reads a secret by its ARN. */
type ReadSecret = (secret: string) => Promise<{ readonly Name: string; readonly SecretString: string }>;

/**
 * Reads secrets with the execution role of a task definition, as ECS does at each start of a task.
 * @param from the task, whose network the call uses
 */
export const asEcs =
  (
    api: AwsApi,
    { logicalId: name, executionRole: principal }: Pick<TaskDefinition, 'logicalId' | 'executionRole'>,
    from: Party,
  ): ReadSecret =>
  (SecretId) =>
    api.call({ name, principal, from }, 'secretsmanager:GetSecretValue', { SecretId });

/** Reads secrets for the rehearsal itself. */
export const asRehearsal =
  (api: AwsApi): ReadSecret =>
  (SecretId) =>
    api.look('secretsmanager:GetSecretValue', { SecretId });

/**
 * Returns the values of a container's secrets, by the name of their environment variable. Throws an
 * `UnreadableSecret`.
 */
export async function secretValues(
  read: ReadSecret,
  container: Pick<ContainerDefinition, 'secrets'>,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [variable, valueFrom] of Object.entries(container.secrets)) {
    const [SecretId, field] = splitValueFrom(valueFrom);
    const { Name, SecretString } = await read(SecretId).catch(({ message }: Error) => {
      throw new UnreadableSecret(variable, `names a secret that cannot be read: ${message}`);
    });
    const value = field ? (JSON.parse(SecretString) as Record<string, unknown>)[field] : SecretString;
    if (value === undefined)
      throw new UnreadableSecret(variable, `names the field '${field}', but ${Name} has no such field`);
    values[variable] = String(value);
  }
  return values;
}

/** Returns the ARN and the field of `ARN[:FIELD:STAGE:VERSION]`. The field may be empty. */
function splitValueFrom(valueFrom: string): [arn: string, field: string | undefined] {
  const parts = valueFrom.split(':');
  return [parts.slice(0, 7).join(':'), parts[7]];
}
