import { CustomResource, Duration, Stack, Token } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { DatabaseCluster, IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { HandlerFunction } from '../handler/handler-function';
import type { DatabaseRolesProperties } from './database-roles.properties';
import { MAXIMUM_DATABASE_NAME_LENGTH, type RoleNames, roleNames } from './role-names';
import type { ApplicationRole } from './role-statements';

/** Properties of `DatabaseRoles`. */
export interface DatabaseRolesProps {
  /** Aurora PostgreSQL cluster with the Data API enabled. */
  readonly cluster: IDatabaseCluster;
  /**
   * Secret with `username` and `password` of the cluster's master user.
   * @default - the secret of `cluster`, if this app defines the cluster
   */
  readonly masterSecret?: ISecret;
  /**
   * Name of an existing database of the cluster, at most 49 bytes. Role names contain it and must fit into 63 bytes.
   */
  readonly databaseName: string;
  /**
   * Privileges of the server's logins.
   * @default 'application'
   */
  readonly applicationRole?: ApplicationRole;
  /**
   * Key that encrypts the secrets.
   * @default - the account's key `aws/secretsmanager`
   */
  readonly encryptionKey?: IKey;
}

/**
 * Revision of the statements. Increase it with every change of role-statements.ts, so that existing databases get the
 * new statements.
 */
const REVISION = '3';

/**
 * Roles of a database and their passwords.
 *
 * Defines a secret for each login, a secret with the login for new tasks, and a custom resource that creates and
 * updates the roles through the Data API. The roles are owner (for migrations), application (two alternating logins),
 * reader and operator (for people).
 * @example
 * // For an Aurora cluster of your own. A `PooledPostgres` has its roles already, as `database.roles`.
 * const roles = new DatabaseRoles(this, 'Roles', { cluster: aurora, databaseName: 'guestbook' });
 * const secrets = { PGPASSWORD: containerSecret(roles.activeSecret, 'password') };
 */
export class DatabaseRoles extends Construct {
  /** Cluster of the roles. */
  readonly cluster: IDatabaseCluster;
  /** Secret of the cluster's master user. */
  readonly masterSecret: ISecret;
  /** Name of the database. */
  readonly databaseName: string;
  /** Names of the roles in PostgreSQL. */
  readonly names: RoleNames;
  /**
   * Secrets of the two alternating logins of the server. A proxy needs both, and permission to decrypt with
   * `encryptionKey`.
   */
  readonly loginSecrets: readonly [ISecret, ISecret];
  /** Secret with the login for new tasks. Resources that refer to it wait until the roles exist. */
  readonly activeSecret: ISecret;
  /** Secret of the role for migrations. Resources that refer to it wait until the roles exist. */
  readonly ownerSecret: ISecret;
  /** Secret of the role with which people read data. Resources that refer to it wait until the roles exist. */
  readonly readerSecret: ISecret;
  /**
   * Secret of the role with which people list and end sessions. Resources that refer to it wait until the roles exist.
   */
  readonly operatorSecret: ISecret;
  /** All secrets of these roles. Resources that refer to them do not wait until the roles exist. */
  readonly secrets: Readonly<
    Record<'LoginA' | 'LoginB' | 'Active' | 'Owner' | 'Reader' | 'Operator', ISecret>
  >;

  private readonly keys: ReadonlySet<IKey>;
  private readonly encryptionKey?: IKey;

  constructor(scope: Construct, id: string, props: DatabaseRolesProps) {
    super(scope, id);
    this.cluster = props.cluster;
    this.masterSecret = this.withoutKey('MasterWithoutKey', this.validated(props));
    const masterKey = props.masterSecret?.encryptionKey;
    this.keys = new Set([props.encryptionKey, masterKey].flatMap((key) => key ?? []));
    this.databaseName = props.databaseName;
    this.encryptionKey = props.encryptionKey;
    this.names = roleNames(props.databaseName);

    const [loginA, loginB] = this.names.logins;
    const secrets = {
      LoginA: this.secret('LoginA', loginA, 'One of the two alternating logins of the server'),
      LoginB: this.secret('LoginB', loginB, 'One of the two alternating logins of the server'),
      Active: this.secret('Active', loginA, 'The login for new server tasks'),
      Owner: this.secret('Owner', this.names.owner, 'The role for migrations'),
      Reader: this.secret('Reader', this.names.reader, 'The role with which people read data'),
      Operator: this.secret(
        'Operator',
        this.names.operator,
        'The role with which people list and end sessions',
      ),
    };
    this.secrets = secrets;
    this.loginSecrets = [secrets.LoginA, secrets.LoginB];

    const { function: handler } = new HandlerFunction(this, 'Handler', {
      bundle: 'database-roles',
      description: `Creates and updates the roles of the database ${props.databaseName}`,
      timeout: Duration.minutes(5),
    });
    this.grantDataApiAccess(handler);
    this.grantWrite(handler, [secrets.Active]);

    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::DatabaseRoles',
      serviceToken: handler.functionArn,
      serviceTimeout: Duration.minutes(10),
      properties: {
        ClusterArn: props.cluster.clusterArn,
        ClusterResourceId: props.cluster.clusterResourceIdentifier,
        MasterSecretArn: this.masterSecret.secretArn,
        DatabaseName: props.databaseName,
        ApplicationRole: props.applicationRole ?? 'application',
        LoginASecretArn: secrets.LoginA.secretArn,
        LoginBSecretArn: secrets.LoginB.secretArn,
        ActiveSecretArn: secrets.Active.secretArn,
        OwnerSecretArn: secrets.Owner.secretArn,
        ReaderSecretArn: secrets.Reader.secretArn,
        OperatorSecretArn: secrets.Operator.secretArn,
        Revision: REVISION,
      } satisfies DatabaseRolesProperties,
    });
    // The Data API needs the writer instance, not only the cluster.
    resource.node.addDependency(props.cluster, handler);

    // The ARNs are attributes of the custom resource, so that resources which use these secrets wait for the roles.
    const available = (name: 'Active' | 'Owner' | 'Reader' | 'Operator') =>
      Secret.fromSecretCompleteArn(this, `Available${name}`, resource.getAttString(`${name}SecretArn`));
    this.activeSecret = available('Active');
    this.ownerSecret = available('Owner');
    this.readerSecret = available('Reader');
    this.operatorSecret = available('Operator');
  }

  /**
   * Grants a principal permission to read the user name and the password of a login from its secret. The permission is
   * added to the principal's own policy, so the principal may be in another stack.
   * @param login login of the server (`activeSecret`), of migrations (`ownerSecret`) or of people (`readerSecret`,
   * `operatorSecret`); a rotation changes each of them
   */
  grantLogin(grantee: IGrantable, login: 'server' | 'migration' | 'reader' | 'operator'): Grant {
    const { activeSecret: server, ownerSecret: migration } = this;
    const { readerSecret: reader, operatorSecret: operator } = this;
    const secret = { server, migration, reader, operator }[login];
    return grantValues(grantee, 'Get', [secret]).combine(this.grantKeys(grantee, ['kms:Decrypt']));
  }

  /** Grants a principal permission to run statements through the Data API, as the master user and as each role. */
  grantDataApiAccess(grantee: IGrantable): Grant {
    const statements = Grant.addToPrincipal({
      grantee,
      actions: ['rds-data:ExecuteStatement'],
      resourceArns: [this.cluster.clusterArn],
    });
    const secrets = [this.masterSecret, ...Object.values(this.secrets)];
    return statements
      .combine(grantValues(grantee, 'Get', secrets))
      .combine(this.grantKeys(grantee, ['kms:Decrypt']));
  }

  /** Grants a principal permission to change all passwords: to run statements as each role and to write each secret. */
  grantRotation(grantee: IGrantable): Grant {
    return this.grantDataApiAccess(grantee).combine(this.grantWrite(grantee, Object.values(this.secrets)));
  }

  private grantWrite(grantee: IGrantable, secrets: readonly ISecret[]): Grant {
    return grantValues(grantee, 'Put', secrets).combine(
      this.grantKeys(grantee, ['kms:Decrypt', 'kms:GenerateDataKey']),
    );
  }

  /** Grants the use of customer managed keys, in the principal's own policy. */
  private grantKeys(grantee: IGrantable, actions: string[]): Grant {
    if (this.keys.size === 0) return Grant.drop(grantee, 'AWS managed keys need no grant');
    return Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [...this.keys].map(({ keyArn }) => keyArn),
      conditions: {
        StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com` },
      },
    });
  }

  /** Validates the props, and returns the secret of the master user. */
  private validated({ cluster, masterSecret, databaseName }: DatabaseRolesProps): ISecret {
    const secret = masterSecret ?? (cluster as Partial<DatabaseCluster>).secret;
    const bytes = Token.isUnresolved(databaseName) ? 0 : Buffer.byteLength(databaseName);
    const isLong = bytes > MAXIMUM_DATABASE_NAME_LENGTH;
    if (secret && !isLong) return secret;
    throw new ConstructError(this, [
      ...(isLong
        ? [
            `'databaseName' must have at most ${MAXIMUM_DATABASE_NAME_LENGTH} bytes, got ${bytes}: '${databaseName}'`,
          ]
        : []),
      ...(secret
        ? []
        : [
            "'masterSecret' is missing, and 'cluster' has no secret, because it is imported; set 'masterSecret' to the secret with the user name and the password of the master user",
          ]),
    ]);
  }

  /**
   * Returns a secret whose grants do not change its key. The CDK would grant the use of the key in the key's policy.
   * That does nothing for an imported key, and creates a dependency cycle for a key of another stack.
   */
  private withoutKey(id: string, secret: ISecret): ISecret {
    if (!secret.encryptionKey) return secret;
    return secret.secretFullArn
      ? Secret.fromSecretCompleteArn(this, id, secret.secretFullArn)
      : Secret.fromSecretPartialArn(this, id, secret.secretArn);
  }

  private secret(id: string, username: string, description: string): ISecret {
    const secret = new Secret(this, id, {
      description: `${description}: ${username}`,
      encryptionKey: this.encryptionKey,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username }),
        generateStringKey: 'password',
        passwordLength: 32,
        excludePunctuation: true,
      },
    });
    acknowledge(
      secret,
      'SMG4',
      'The state machine of `DatabaseRotation` rotates it and replaces the tasks. The rotation of Secrets Manager cannot replace tasks.',
    );
    return this.withoutKey(`${id}WithoutKey`, secret);
  }
}

/** Grants access to the values of secrets only. The CDK's own grants include more actions. */
function grantValues(grantee: IGrantable, verb: 'Get' | 'Put', secrets: readonly ISecret[]): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: [`secretsmanager:${verb}SecretValue`],
    resourceArns: secrets.map(({ secretArn }) => secretArn),
  });
}
