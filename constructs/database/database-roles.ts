import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { HandlerFunction } from '../handler/handler-function';
import type { DatabaseRolesProperties } from './database-roles.properties';
import { type RoleNames, roleNames } from './role-names';
import type { ApplicationRole } from './role-statements';

export interface DatabaseRolesProps {
  readonly cluster: DatabaseCluster;
  readonly databaseName: string;
  readonly applicationRole: ApplicationRole;
  /** @default keys owned by AWS */
  readonly encryptionKey?: IKey;
}

/** Raised with a change of the statements in role-statements.ts, so that they run where they ran before. */
const REVISION = '1';

/**
 * The roles of a database and their passwords.
 *
 * Defines a secret for each login, one for the login that new tasks get, and a custom resource that keeps the
 * roles over the Data API: owner (migrations), application (two alternating logins) and reader (people).
 * @example
 * // For an Aurora cluster of your own: a `PooledPostgres` has its roles already, as `database.roles`.
 * const roles = new DatabaseRoles(this, 'Roles', {
 *   cluster: aurora,
 *   databaseName: 'guestbook',
 *   applicationRole: 'application',
 * });
 * const secrets = { PGPASSWORD: Secret.fromSecretsManager(roles.activeSecret, 'password') };
 */
export class DatabaseRoles extends Construct {
  readonly names: RoleNames;
  /** Secrets of the two logins the server alternates between; the proxy knows both. */
  readonly loginSecrets: readonly [ISecret, ISecret];
  /** Secret of the login that new tasks get; available once the roles are. */
  readonly activeSecret: ISecret;
  /** Secret of the role that migrations log in as; available once the roles are. */
  readonly ownerSecret: ISecret;
  /** Secret of the role that people read with; available once the roles are. */
  readonly readerSecret: ISecret;
  /** Every secret of these roles. */
  readonly secrets: Readonly<Record<'LoginA' | 'LoginB' | 'Active' | 'Owner' | 'Reader', ISecret>>;

  private readonly props: DatabaseRolesProps;

  constructor(scope: Construct, id: string, props: DatabaseRolesProps) {
    super(scope, id);
    this.props = props;
    this.names = roleNames(props.databaseName);

    const [loginA, loginB] = this.names.logins;
    const secrets = {
      LoginA: this.secret('LoginA', loginA, 'One of the two logins the server alternates between'),
      LoginB: this.secret('LoginB', loginB, 'One of the two logins the server alternates between'),
      Active: this.secret('Active', loginA, 'The login that new server tasks get'),
      Owner: this.secret('Owner', this.names.owner, 'The role that migrations log in as'),
      Reader: this.secret('Reader', this.names.reader, 'The role that people read with'),
    };
    this.secrets = secrets;
    this.loginSecrets = [secrets.LoginA, secrets.LoginB];

    const { function: handler } = new HandlerFunction(this, 'Handler', {
      bundle: 'database-roles',
      description: `Keeps the roles of the database ${props.databaseName}`,
      timeout: Duration.minutes(5),
    });
    this.grantDataApi(handler);
    secrets.Active.grantWrite(handler);

    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::DatabaseRoles',
      serviceToken: handler.functionArn,
      serviceTimeout: Duration.minutes(10),
      properties: {
        ClusterArn: props.cluster.clusterArn,
        ClusterResourceId: props.cluster.clusterResourceIdentifier,
        MasterSecretArn: props.cluster.secret!.secretArn,
        DatabaseName: props.databaseName,
        ApplicationRole: props.applicationRole,
        LoginASecretArn: secrets.LoginA.secretArn,
        LoginBSecretArn: secrets.LoginB.secretArn,
        ActiveSecretArn: secrets.Active.secretArn,
        OwnerSecretArn: secrets.Owner.secretArn,
        ReaderSecretArn: secrets.Reader.secretArn,
        Revision: REVISION,
      } satisfies DatabaseRolesProperties,
    });
    // The Data API needs the writer instance, not just the cluster.
    resource.node.addDependency(props.cluster, handler);

    // Whoever uses these waits for the roles, because the ARNs come from the resource that makes them.
    const available = (name: 'Active' | 'Owner' | 'Reader') =>
      Secret.fromSecretCompleteArn(this, `Available${name}`, resource.getAttString(`${name}SecretArn`));
    this.activeSecret = available('Active');
    this.ownerSecret = available('Owner');
    this.readerSecret = available('Reader');
  }

  /** Lets `grantee` run statements as the master user and as each of the roles. */
  grantDataApi(
    grantee: { addToRolePolicy(statement: PolicyStatement): void } & Parameters<ISecret['grantRead']>[0],
  ): void {
    grantee.addToRolePolicy(
      new PolicyStatement({
        actions: ['rds-data:ExecuteStatement'],
        resources: [this.props.cluster.clusterArn],
      }),
    );
    for (const secret of [this.props.cluster.secret!, ...Object.values(this.secrets)])
      secret.grantRead(grantee);
  }

  private secret(id: string, username: string, description: string): Secret {
    const secret = new Secret(this, id, {
      description: `${description}: ${username}`,
      encryptionKey: this.props.encryptionKey,
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
      'Rotated by a state machine of this construct, which also rolls the tasks; the rotation that Secrets Manager offers cannot.',
    );
    return secret;
  }
}
