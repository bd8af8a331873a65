// Bundles node-postgres into one file for `migrate.mjs`. One bundle for all applications keeps its bytes independent of
// the folder that it is installed in.
import pg from 'pg';

export const { Client, Pool, types } = pg;
export default pg;
