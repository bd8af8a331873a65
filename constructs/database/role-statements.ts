import type { RoleNames } from './role-names';
import { quoteIdentifier as id, quoteLiteral } from './sql-quoting';

/**
 * Privileges of the server. With `application`, it may read and write rows. With `owner`, it may also change the
 * schema, for an application that creates tables when it starts.
 */
export type ApplicationRole = 'application' | 'owner';

/** SQL statement and its purpose. Errors and logs show only the purpose. */
export interface RoleStatement {
  readonly purpose: string;
  readonly sql: string;
  /** SQLSTATE that shows that the statement has run before, but its response was lost. */
  readonly doneState?: string;
}

/** Desired roles, and the roles that exist. */
export interface RoleStatementsInput {
  readonly database: string;
  readonly names: RoleNames;
  readonly applicationRole: ApplicationRole;
  /** SCRAM verifier of each login role, by role. */
  readonly verifiers: Readonly<Record<string, string>>;
  /** Existing roles. */
  readonly existing: ReadonlySet<string>;
}

/** Privileges of each role on the owner's objects: existing ones, and those that migrations will create. */
const TABLE_RIGHTS = {
  // MAINTAIN allows VACUUM, ANALYZE, REINDEX and REFRESH MATERIALIZED VIEW.
  application: 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, MAINTAIN',
  reader: 'SELECT',
} as const;
const SEQUENCE_RIGHTS = { application: 'USAGE, SELECT, UPDATE', reader: 'SELECT' } as const;
/** SQLSTATE for a role that already exists. https://www.postgresql.org/docs/17/errcodes-appendix.html */
const DUPLICATE_OBJECT = '42710';
const GRANTEES = ['application', 'reader'] as const;

/** Returns the query for the existing roles. */
export function existingRolesQuery(names: RoleNames): RoleStatement {
  const all = allRoles(names);
  return {
    purpose: 'list the existing roles',
    sql: `SELECT rolname AS name FROM pg_roles WHERE rolname IN (${all.map(quoteLiteral).join(', ')})`,
  };
}

/**
 * Returns the statements that create or update the roles, whatever their current state. The master user of RDS can run
 * them. This user is not a superuser, but has CREATEROLE and owns the database.
 */
export function roleStatements(input: RoleStatementsInput): RoleStatement[] {
  const { names } = input;
  return [
    ...allRoles(names).flatMap((role) => ensured(role, input)),
    ...ownership(input),
    ...futureObjects(input),
    ...names.logins.flatMap((login) => membership(login, input)),
    ...[names.reader, names.operator].map((role) => ({
      purpose: `make ${role} read-only`,
      sql: `ALTER ROLE ${id(role)} SET default_transaction_read_only = on`,
    })),
    ...OPERATOR_ROLES.map((right) => ({
      purpose: `make ${names.operator} a member of ${right}`,
      // A master user without permission to grant the role must not fail the deployment.
      sql: `DO $$ BEGIN GRANT ${right} TO ${id(names.operator)}; EXCEPTION WHEN insufficient_privilege THEN RAISE WARNING 'no ${right}'; END $$`,
    })),
  ];
}

/** PostgreSQL roles whose members may list all sessions and statistics, and end other users' sessions. */
const OPERATOR_ROLES = ['pg_monitor', 'pg_signal_backend'];

function allRoles(names: RoleNames): string[] {
  return [names.owner, names.application, ...names.logins, names.reader, names.operator];
}

/** Returns the statement that sets the password of an existing role, as a verifier. */
export function passwordStatement(role: string, verifier: string): RoleStatement {
  return {
    purpose: `set the password of ${role}`,
    sql: `ALTER ROLE ${id(role)} LOGIN PASSWORD ${quoteLiteral(verifier)}`,
  };
}

function ensured(role: string, { verifiers, existing }: RoleStatementsInput): RoleStatement[] {
  const verifier = verifiers[role];
  return [
    ...(existing.has(role)
      ? []
      : [{ purpose: `create ${role}`, sql: `CREATE ROLE ${id(role)}`, doneState: DUPLICATE_OBJECT }]),
    ...(verifier ? [passwordStatement(role, verifier)] : []),
    // The creator of a role can administer the role, but is not its member, and so cannot transfer objects to it.
    {
      purpose: `make the master user a member of ${role}`,
      sql: `GRANT ${id(role)} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE`,
    },
  ];
}

function ownership({ database, names }: RoleStatementsInput): RoleStatement[] {
  const owner = id(names.owner);
  return [
    {
      purpose: 'allow the owner to create schemas',
      sql: `GRANT CREATE, CONNECT, TEMPORARY ON DATABASE ${id(database)} TO ${owner}`,
    },
    { purpose: 'create the schema public', sql: `CREATE SCHEMA IF NOT EXISTS public AUTHORIZATION ${owner}` },
    { purpose: 'transfer the schema public to the owner', sql: `ALTER SCHEMA public OWNER TO ${owner}` },
    ...GRANTEES.map((grantee) => ({
      purpose: `allow ${names[grantee]} to use the schema public`,
      sql: `GRANT USAGE ON SCHEMA public TO ${id(names[grantee])}`,
    })),
  ];
}

function futureObjects({ names }: RoleStatementsInput): RoleStatement[] {
  const defaults = `ALTER DEFAULT PRIVILEGES FOR ROLE ${id(names.owner)} GRANT`;
  return GRANTEES.flatMap((grantee) => {
    const role = names[grantee];
    return [
      {
        purpose: `default privileges of ${role} on tables`,
        sql: `${defaults} ${TABLE_RIGHTS[grantee]} ON TABLES TO ${id(role)}`,
      },
      {
        purpose: `default privileges of ${role} on sequences`,
        sql: `${defaults} ${SEQUENCE_RIGHTS[grantee]} ON SEQUENCES TO ${id(role)}`,
      },
      {
        purpose: `default privileges of ${role} on schemas`,
        sql: `${defaults} USAGE ON SCHEMAS TO ${id(role)}`,
      },
    ];
  });
}

function membership(login: string, { names, applicationRole }: RoleStatementsInput): RoleStatement[] {
  const grant = {
    purpose: `allow ${login} to write data`,
    sql: `GRANT ${id(names.application)} TO ${id(login)}`,
  };
  if (applicationRole === 'application')
    return [
      grant,
      { purpose: `forbid ${login} to change the schema`, sql: `REVOKE ${id(names.owner)} FROM ${id(login)}` },
      { purpose: `let ${login} act as itself`, sql: `ALTER ROLE ${id(login)} RESET role` },
    ];
  return [
    grant,
    { purpose: `allow ${login} to change the schema`, sql: `GRANT ${id(names.owner)} TO ${id(login)}` },
    // Tables that the login creates then belong to the owner, so migrations and both logins can change them.
    {
      purpose: `let ${login} act as the owner`,
      sql: `ALTER ROLE ${id(login)} SET role = ${quoteLiteral(names.owner)}`,
    },
  ];
}

/** An existing object of the owner: a row of `ownedObjectsQuery`. */
export interface OwnedObject {
  readonly schema: string;
  /** Name of a table or sequence; null for the schema itself. */
  readonly name: string | null;
  readonly kind: 'table' | 'sequence' | 'schema';
}

/**
 * Returns the query for the owner's schemas, tables, views and sequences. Default privileges apply to later objects
 * only.
 */
export function ownedObjectsQuery({ owner }: RoleNames): RoleStatement {
  const isOwner = `= (SELECT oid FROM pg_roles WHERE rolname = ${quoteLiteral(owner)})`;
  return {
    purpose: 'list the objects of the owner',
    sql:
      `SELECT n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind ` +
      `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace ` +
      `WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relowner ${isOwner} ` +
      `UNION ALL SELECT nspname, NULL, 'schema' FROM pg_namespace WHERE nspowner ${isOwner}`,
  };
}

/** Number of objects in one statement, which keeps it far below the Data API's limit of 64 KiB. */
const OBJECTS_A_STATEMENT = 100;

/**
 * Returns the grants on the owner's existing objects, so that a restored database has the same privileges as a new
 * one.
 */
export function grantsOnOwned(objects: readonly OwnedObject[], names: RoleNames): RoleStatement[] {
  const rights = {
    table: TABLE_RIGHTS,
    sequence: SEQUENCE_RIGHTS,
    schema: { application: 'USAGE', reader: 'USAGE' },
  };
  return (['schema', 'table', 'sequence'] as const).flatMap((kind) => {
    const targets = objects
      .filter((object) => object.kind === kind)
      .map(({ schema, name }) => (name === null ? id(schema) : `${id(schema)}.${id(name)}`));
    return chunks(targets, OBJECTS_A_STATEMENT).flatMap((chunk) =>
      GRANTEES.map((grantee) => ({
        purpose: `allow ${names[grantee]} to use ${chunk.length} existing ${kind}s`,
        sql: `GRANT ${rights[kind][grantee]} ON ${kind.toUpperCase()} ${chunk.join(', ')} TO ${id(names[grantee])}`,
      })),
    );
  });
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
