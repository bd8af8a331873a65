import type { RoleNames } from './role-names';
import { quoteIdentifier as id, quoteLiteral } from './sql-quoting';

/**
 * What the server may do: `application` reads and writes data; `owner` may also change the schema, for an
 * application that creates tables when it starts.
 */
export type ApplicationRole = 'application' | 'owner';

/** One SQL statement and what it is for; the purpose is what errors and logs show. */
export interface RoleStatement {
  readonly purpose: string;
  readonly sql: string;
}

export interface RoleStatementsInput {
  readonly database: string;
  readonly names: RoleNames;
  readonly applicationRole: ApplicationRole;
  /** SCRAM verifier of each role that logs in. */
  readonly verifiers: Readonly<Record<string, string>>;
  /** Roles that exist already. */
  readonly existing: ReadonlySet<string>;
}

/** What each role may do with the owner's objects, those that exist and those that migrations will make. */
const TABLE_RIGHTS = { application: 'SELECT, INSERT, UPDATE, DELETE', reader: 'SELECT' } as const;
const SEQUENCE_RIGHTS = { application: 'USAGE, SELECT, UPDATE', reader: 'SELECT' } as const;
const GRANTEES = ['application', 'reader'] as const;

/** Asks which of the roles exist. */
export function existingRolesQuery(names: RoleNames): RoleStatement {
  const all = [names.owner, names.application, ...names.logins, names.reader];
  return {
    purpose: 'look the roles up',
    sql: `SELECT rolname AS name FROM pg_roles WHERE rolname IN (${all.map(quoteLiteral).join(', ')})`,
  };
}

/**
 * Brings the roles to the wanted state, whatever state they are in. Written for a master user that is no
 * superuser: it has CREATEROLE and owns the database, nothing more.
 */
export function roleStatements(input: RoleStatementsInput): RoleStatement[] {
  const { names } = input;
  return [
    ...[names.owner, names.application, ...names.logins, names.reader].flatMap((role) =>
      ensured(role, input),
    ),
    ...ownership(input),
    ...futureObjects(input),
    ...names.logins.flatMap((login) => membership(login, input)),
    {
      purpose: 'make the reader read-only',
      sql: `ALTER ROLE ${id(names.reader)} SET default_transaction_read_only = on`,
    },
  ];
}

/** The statement that gives a role that exists the password behind `verifier`. */
export function passwordStatement(role: string, verifier: string): RoleStatement {
  return {
    purpose: `set the password of ${role}`,
    sql: `ALTER ROLE ${id(role)} LOGIN PASSWORD ${quoteLiteral(verifier)}`,
  };
}

function ensured(role: string, { verifiers, existing }: RoleStatementsInput): RoleStatement[] {
  const verifier = verifiers[role];
  return [
    ...(existing.has(role) ? [] : [{ purpose: `create ${role}`, sql: `CREATE ROLE ${id(role)}` }]),
    ...(verifier ? [passwordStatement(role, verifier)] : []),
    // The creator of a role may administer it but is no member: it could not hand objects over to it.
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
      purpose: 'let the owner create schemas',
      sql: `GRANT CREATE, CONNECT, TEMPORARY ON DATABASE ${id(database)} TO ${owner}`,
    },
    { purpose: 'create the schema public', sql: `CREATE SCHEMA IF NOT EXISTS public AUTHORIZATION ${owner}` },
    { purpose: 'hand the schema public to the owner', sql: `ALTER SCHEMA public OWNER TO ${owner}` },
    ...GRANTEES.map((grantee) => ({
      purpose: `let ${names[grantee]} use the schema public`,
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
  const grant = { purpose: `let ${login} write data`, sql: `GRANT ${id(names.application)} TO ${id(login)}` };
  if (applicationRole === 'application')
    return [
      grant,
      { purpose: `keep ${login} from the schema`, sql: `REVOKE ${id(names.owner)} FROM ${id(login)}` },
      { purpose: `let ${login} act as itself`, sql: `ALTER ROLE ${id(login)} RESET role` },
    ];
  return [
    grant,
    { purpose: `let ${login} change the schema`, sql: `GRANT ${id(names.owner)} TO ${id(login)}` },
    // What it creates then belongs to the owner, so migrations and both logins can change it.
    {
      purpose: `let ${login} act as the owner`,
      sql: `ALTER ROLE ${id(login)} SET role = ${quoteLiteral(names.owner)}`,
    },
  ];
}

/** An object of the owner that exists already, as `ownedObjectsQuery` answers. */
export interface OwnedObject {
  readonly schema: string;
  /** Absent for the schema itself. */
  readonly name: string | null;
  readonly kind: 'table' | 'sequence' | 'schema';
}

/** Asks for the owner's schemas, tables, views and sequences: default privileges cover only later ones. */
export function ownedObjectsQuery({ owner }: RoleNames): RoleStatement {
  const isOwner = `= (SELECT oid FROM pg_roles WHERE rolname = ${quoteLiteral(owner)})`;
  return {
    purpose: 'look up what the owner has',
    sql:
      `SELECT n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind ` +
      `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace ` +
      `WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relowner ${isOwner} ` +
      `UNION ALL SELECT nspname, NULL, 'schema' FROM pg_namespace WHERE nspowner ${isOwner}`,
  };
}

/** Objects a statement names, to stay far below the Data API's limit of 64 KiB a statement. */
const OBJECTS_A_STATEMENT = 100;

/** Grants on what the owner has already, so that a restored database ends up like a new one. */
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
        purpose: `let ${names[grantee]} use ${chunk.length} ${kind}s that exist`,
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
