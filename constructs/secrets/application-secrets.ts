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
 * Origin of a secret's value. Secrets Manager generates a `generated` value once, such as a session secret. A person
 * sets a `provided` value with `framework53 secrets set`, such as an API key of a third party.
 */
export type SecretOrigin = 'generated' | 'provided';

/** Properties of `ApplicationSecrets`. */
export interface ApplicationSecretsProps {
  /**
   * Prefix of the secrets' names, `<name>/<VARIABLE>`: 1 to 40 lower-case letters, digits and single hyphens.
   * @default - derived from the name of the stack and the path of the construct
   */
  readonly name?: string;
  /** Secret environment variables of the application, with the origin of each value. */
  readonly variables: Readonly<Record<string, SecretOrigin>>;
  /**
   * Key that encrypts the values.
   * @default - the account's key `aws/secretsmanager`
   */
  readonly encryptionKey?: IKey;
  /**
   * Removal policy of a secret, for the removal of its variable or of the stack.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Secrets that an application reads from its environment variables.
 *
 * Defines a secret in Secrets Manager for each variable.
 */
export class ApplicationSecrets extends Construct {
  /** Secrets by variable. */
  readonly secrets: Readonly<Record<string, ISecret>>;
  /** Secrets by variable, for containers of `ContainerServer` and of other task definitions. */
  readonly containerSecrets: Readonly<Record<string, ContainerSecret>>;
  /** Secrets whose value a person sets. */
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
        // Without an initial value, ProvidedSecretsCheck can detect that nobody has set one.
        (secret.node.defaultChild as CfnSecret).generateSecretString = undefined;
      }
      acknowledge(
        secret,
        'SMG4',
        origin === 'provided'
          ? 'Only the third party that issued the value can rotate it.'
          : 'Rotation of a session secret would end every session, so people decide when.',
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
