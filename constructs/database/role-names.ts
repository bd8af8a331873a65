/** Names of the PostgreSQL roles of one database. */
export interface RoleNames {
  /** Role that owns the schema. Migrations log in as this role. */
  readonly owner: string;
  /** Group role that may read and write rows. Nobody logs in as this role. */
  readonly application: string;
  /** Two login roles in the group. The server alternates between them. */
  readonly logins: readonly [string, string];
  /** Role that may only read. People log in as this role. */
  readonly reader: string;
  /** Role that may list and end sessions, but read no rows. People log in as this role. */
  readonly operator: string;
}

/** Maximum length of a database name in characters, so that the longest role name fits into PostgreSQL's 63 bytes. */
export const MAXIMUM_DATABASE_NAME_LENGTH = 63 - '_application_a'.length;

/**
 * Returns the role names of a database. They contain the name of the database, because roles belong to the whole
 * cluster.
 */
export function roleNames(databaseName: string): RoleNames {
  return {
    owner: `${databaseName}_owner`,
    application: `${databaseName}_application`,
    logins: [`${databaseName}_application_a`, `${databaseName}_application_b`],
    reader: `${databaseName}_reader`,
    operator: `${databaseName}_operator`,
  };
}
