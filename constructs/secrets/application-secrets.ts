import { RemovalPolicy } from 'aws-cdk-lib';
import type { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { nameProblems, physicalName } from '../physical-name';
import { containerSecret } from './container-secret';

/**
 * Origin of the value of a secret: `generated` once by Secrets Manager, such as a session secret, or `provided` by people
 * with `framework53 secrets set`, such as a third party's key.
 */
export type SecretOrigin = 'generated' | 'provided';

/** Properties of the secrets of an application. */
export interface ApplicationSecretsProps {
  /**
   * Prefix of the names of the secrets, `<name>/<VARIABLE>`: 1 to 40 lower-case letters, digits and single hyphens.
   * @default - derived from the name of the stack and the path of the construct
   */
  readonly name?: string;
  /** Environment variables of the application that are secret, with the origin of each value. */
  readonly variables: Readonly<Record<string, SecretOrigin>>;
  /**
   * Key that encrypts the values.
   * @default - the key `aws/secretsmanager` of the account
   */
  readonly encryptionKey?: IKey;
  /**
   * Removal policy of a secret when its variable or the stack is removed.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The secrets that an application reads from its environment.
 *
 * Defines a secret of Secrets Manager for each variable.
 */
export class ApplicationSecrets extends Construct {
  /** Secrets by variable. */
  readonly secrets: Readonly<Record<string, ISecret>>;
  /** Secrets by variable, for the container of `ContainerServer` and other task definitions. */
  readonly containerSecrets: Readonly<Record<string, ContainerSecret>>;
  /** Secrets whose value people provide. */
  readonly provided: readonly ISecret[];

  constructor(scope: Construct, id: string, props: ApplicationSecretsProps) {
    super(scope, id);

    const problems = [
      ...nameProblems(props.name),
      ...Object.keys(props.variables)
        .filter((variable) => !/^[A-Za-z_]\w*$/.test(variable))
        .map(
          (variable) =>
            `'variables' must be letters, digits and _, not beginning with a digit, got '${variable}'; rename the variable`,
        ),
    ];
    if (problems.length > 0) throw new ConstructError(this, problems);
    const name = physicalName(this, props.name);

    const entries = Object.entries(props.variables).map(([variable, origin]) => {
      const secret = new Secret(this, variable, {
        secretName: `${name}/${variable}`,
        description: `${variable} of ${name}, ${origin}`,
        encryptionKey: props.encryptionKey,
        removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
        generateSecretString: { passwordLength: 64, excludePunctuation: true },
      });
      if (origin === 'provided') {
        // The secret has no value until people set one, so that ProvidedSecretsCheck notices a forgotten value.
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
