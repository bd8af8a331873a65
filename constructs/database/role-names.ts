/** The database roles of one database. */
export interface RoleNames {
  /** Owns the schema; migrations log in as it. */
  readonly owner: string;
  /** Group that may read and write data; nobody logs in as it. */
  readonly application: string;
  /** The two logins the server alternates between. */
  readonly logins: readonly [string, string];
  /** Reads only; people log in as it. */
  readonly reader: string;
}

/** Longest database name that leaves room for the longest role name in PostgreSQL's 63 bytes. */
export const MAXIMUM_DATABASE_NAME_LENGTH = 63 - '_application_a'.length;

/** The roles of the database `databaseName`, named after it because roles belong to the whole cluster. */
export function roleNames(databaseName: string): RoleNames {
  return {
    owner: `${databaseName}_owner`,
    application: `${databaseName}_application`,
    logins: [`${databaseName}_application_a`, `${databaseName}_application_b`],
    reader: `${databaseName}_reader`,
  };
}
