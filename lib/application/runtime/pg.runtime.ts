// node-postgres in one file, for `migrate.mjs`: bundled once, so that its bytes do not depend on where it lies.
import pg from 'pg';

export const { Client, Pool, types } = pg;
export default pg;
