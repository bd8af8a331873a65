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
   * Secret with the `username` and the `password` of the cluster's master user.
   * @default - the secret of `cluster`, if this app defines the cluster
   */
  readonly masterSecret?: ISecret;
  /** Name of an existing database of the cluster; at most 49 bytes, which leaves room for the names of its roles. */
  readonly databaseName: string;
  /**
   * Rights of the server's logins.
   * @default 'application'
   */
  readonly applicationRole?: ApplicationRole;
  /**
   * Key that encrypts the secrets.
   * @default - the key `aws/secretsmanager` of the account
   */
  readonly encryptionKey?: IKey;
}

/** Increase this number with every change of role-statements.ts, so that existing databases get the new statements. */
const REVISION = '3';

/**
 * The roles of a database and their passwords.
 *
 * Defines a secret for each login, a secret with the login that new tasks get, and a custom resource that keeps the
 * roles over the Data API: owner (migrations), application (two alternating logins), reader and operator (people).
 * @example
 * // For an Aurora cluster of your own. A `PooledPostgres` has its roles already, as `database.roles`.
 * const roles = new DatabaseRoles(this, 'Roles', { cluster: aurora, databaseName: 'guestbook' });
 * const secrets = { PGPASSWORD: containerSecret(roles.activeSecret, 'password') };
 */
export class DatabaseRoles extends Construct {
  /** Cluster that has the roles. */
  readonly cluster: IDatabaseCluster;
  /** Secret of the cluster's master user. */
  readonly masterSecret: ISecret;
  /** Name of the database. */
  readonly databaseName: string;
  /** Names of the roles in PostgreSQL. */
  readonly names: RoleNames;
  /**
   * Secrets of the two logins that the server alternates between. A proxy needs both, and the right to decrypt with
   * `encryptionKey`.
   */
  readonly loginSecrets: readonly [ISecret, ISecret];
  /** Secret of the login that new tasks get. Resources that use it wait until the roles exist. */
  readonly activeSecret: ISecret;
  /** Secret of the role that migrations log in as. Resources that use it wait until the roles exist. */
  readonly ownerSecret: ISecret;
  /** Secret of the role that people read with. Resources that use it wait until the roles exist. */
  readonly readerSecret: ISecret;
  /** Secret of the role that people see and end sessions with. Resources that use it wait until the roles exist. */
  readonly operatorSecret: ISecret;
  /** All secrets of these roles. Resources that use them do not wait until the roles exist. */
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
      LoginA: this.secret('LoginA', loginA, 'One of the two logins the server alternates between'),
      LoginB: this.secret('LoginB', loginB, 'One of the two logins the server alternates between'),
      Active: this.secret('Active', loginA, 'The login that new server tasks get'),
      Owner: this.secret('Owner', this.names.owner, 'The role that migrations log in as'),
      Reader: this.secret('Reader', this.names.reader, 'The role that people read with'),
      Operator: this.secret(
        'Operator',
        this.names.operator,
        'The role that people see and end sessions with',
      ),
    };
    this.secrets = secrets;
    this.loginSecrets = [secrets.LoginA, secrets.LoginB];

    const { function: handler } = new HandlerFunction(this, 'Handler', {
      bundle: 'database-roles',
      description: `Keeps the roles of the database ${props.databaseName}`,
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

    // The ARNs come from the custom resource, so that resources which use these secrets wait for the roles.
    const available = (name: 'Active' | 'Owner' | 'Reader' | 'Operator') =>
      Secret.fromSecretCompleteArn(this, `Available${name}`, resource.getAttString(`${name}SecretArn`));
    this.activeSecret = available('Active');
    this.ownerSecret = available('Owner');
    this.readerSecret = available('Reader');
    this.operatorSecret = available('Operator');
  }

  /**
   * Grants a principal the right to read the user name and the password of a login from its secret. The right is
   * added to the principal's own policy, so that the principal may be in another stack.
   * @param login login of the server (`activeSecret`), of migrations (`ownerSecret`) or of people (`readerSecret`,
   * `operatorSecret`); a rotation changes each of them
   */
  grantLogin(grantee: IGrantable, login: 'server' | 'migration' | 'reader' | 'operator'): Grant {
    const { activeSecret: server, ownerSecret: migration } = this;
    const { readerSecret: reader, operatorSecret: operator } = this;
    const secret = { server, migration, reader, operator }[login];
    return grantValues(grantee, 'Get', [secret]).combine(this.grantKeys(grantee, ['kms:Decrypt']));
  }

  /** Grants a principal the right to run statements as the master user and as each of the roles, over the Data API. */
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

  /** Grants a principal the right to renew all passwords: to run statements as each role and to write each secret. */
  grantRotation(grantee: IGrantable): Grant {
    return this.grantDataApiAccess(grantee).combine(this.grantWrite(grantee, Object.values(this.secrets)));
  }

  private grantWrite(grantee: IGrantable, secrets: readonly ISecret[]): Grant {
    return grantValues(grantee, 'Put', secrets).combine(
      this.grantKeys(grantee, ['kms:Decrypt', 'kms:GenerateDataKey']),
    );
  }

  /** Grants the use of customer keys, in the principal's own policy. */
  private grantKeys(grantee: IGrantable, actions: string[]): Grant {
    if (this.keys.size === 0) return Grant.drop(grantee, 'keys of AWS need no grant');
    return Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [...this.keys].map(({ keyArn }) => keyArn),
      conditions: {
        StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com` },
      },
    });
  }

  /** Checks the props, and returns the secret of the master user. */
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
            "'masterSecret' is missing, and 'cluster' has no secret, as no imported cluster has; set 'masterSecret' to the secret with the user name and the password of the master user",
          ]),
    ]);
  }

  /**
   * Returns a secret whose grants leave its key alone. The CDK grants the use of a secret's key in the policy of the key:
   * not at all for an imported key, and with a cycle of stacks for a key of another stack.
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
      'The state machine of `DatabaseRotation` rotates it and replaces the tasks; the rotation of Secrets Manager cannot replace tasks.',
    );
    return this.withoutKey(`${id}WithoutKey`, secret);
  }
}

/** Grants access to the values of secrets alone. The CDK's own grants include the description and the versions. */
function grantValues(grantee: IGrantable, verb: 'Get' | 'Put', secrets: readonly ISecret[]): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: [`secretsmanager:${verb}SecretValue`],
    resourceArns: secrets.map(({ secretArn }) => secretArn),
  });
}
