import { RemovalPolicy } from 'aws-cdk-lib';
import type { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { containerSecret } from './container-secret';

/**
 * Where a secret's value comes from: `generated` once by Secrets Manager (a session secret), or `provided`
 * by people (a third party's key), with `framework53 secrets set`.
 */
export type SecretOrigin = 'generated' | 'provided';

export interface ApplicationSecretsProps {
  /** Environment-unique prefix; a secret's name is `<name>/<VARIABLE>`. */
  readonly name: string;
  /** Each environment variable of the application that is secret, and where its value comes from. */
  readonly variables: Readonly<Record<string, SecretOrigin>>;
  /** @default the account's key `aws/secretsmanager` */
  readonly encryptionKey?: IKey;
  /**
   * What happens to the values when a variable is no longer listed or the stack goes.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The secrets an application reads from its environment.
 *
 * Defines one Secrets Manager secret a variable.
 */
export class ApplicationSecrets extends Construct {
  /** The secrets by variable. */
  readonly secrets: Readonly<Record<string, ISecret>>;
  /** The same, as a container definition takes them. */
  readonly containerSecrets: Readonly<Record<string, ContainerSecret>>;
  /** Those whose value people provide. */
  readonly provided: readonly ISecret[];

  constructor(scope: Construct, id: string, props: ApplicationSecretsProps) {
    super(scope, id);

    const misnamed = Object.keys(props.variables).filter((variable) => !/^[A-Za-z_]\w*$/.test(variable));
    if (misnamed.length > 0) {
      throw new ConstructError(
        this,
        misnamed.map(
          (variable) =>
            `'variables' must be named like environment variables (letters, digits, _), got '${variable}'`,
        ),
      );
    }

    const entries = Object.entries(props.variables).map(([variable, origin]) => {
      const secret = new Secret(this, variable, {
        secretName: `${props.name}/${variable}`,
        description: `${variable} of ${props.name}, ${origin}`,
        encryptionKey: props.encryptionKey,
        removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
        generateSecretString: { passwordLength: 64, excludePunctuation: true },
      });
      if (origin === 'provided') {
        // Without a value until people set one, so that a forgotten one is noticed, not made up.
        (secret.node.defaultChild as CfnSecret).generateSecretString = undefined;
      }
      acknowledge(
        secret,
        'SMG4',
        origin === 'provided'
          ? 'The value is a third party’s key; only that party can issue a new one.'
          : 'Renewing a session secret ends every session; people decide when.',
      );
      return [variable, secret, origin] as const;
    });

    this.secrets = Object.fromEntries(entries.map(([variable, secret]) => [variable, secret]));
    this.containerSecrets = Object.fromEntries(
      entries.map(([variable, secret]) => [variable, containerSecret(secret)]),
    );
    this.provided = entries.filter(([, , origin]) => origin === 'provided').map(([, secret]) => secret);
  }
}
