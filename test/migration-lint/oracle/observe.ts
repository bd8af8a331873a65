import type { Client } from 'pg';
import { SERVER } from './schema';

/** The effect of a statement on a database in use, as PostgreSQL itself reports it. */
export interface Effect {
  /** PostgreSQL refuses the statement. */
  readonly error?: string;
  /** Tables that are written again, and indexes that are built, while others wait. */
  readonly rewritten: readonly string[];
  /** Tables that are read whole under a lock that stops writers. */
  readonly scanned: readonly string[];
  /** Rows of the server's tables that are changed or copied, when they are many. */
  readonly rows: number;
  /** Queries of the server that fail afterwards. */
  readonly broken: readonly string[];
}

const RELATIONS = `SELECT c.oid, c.relname, c.relkind, pg_relation_filenode(c.oid) AS file, i.indrelid::regclass::text AS owner
  FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'm', 'i', 'p')`;
const ACCESS = `SELECT relname, seq_scan, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables`;
const LOCKS = `SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
  WHERE l.pid = pg_backend_pid() AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;

interface Relation {
  readonly oid: number;
  readonly relname: string;
  readonly relkind: string;
  readonly file: number;
  readonly owner: string | null;
}

interface Access {
  readonly relname: string;
  readonly seq_scan: string;
  readonly n_tup_ins: string;
  readonly n_tup_upd: string;
  readonly n_tup_del: string;
}

/** Runs a statement in a transaction, observes its effects, and rolls back. */
export async function observe(client: Client, statement: string): Promise<Effect> {
  const nothing: Effect = { rewritten: [], scanned: [], rows: 0, broken: [] };
  const relations = async () => (await client.query<Relation>(RELATIONS)).rows;
  const before = await relations();
  await client.query('BEGIN');
  // The counters of a session may still hold those of its last transaction.
  const counted = new Map((await client.query<Access>(ACCESS)).rows.map((row) => [row.relname, row]));
  try {
    await client.query(statement);
  } catch (error) {
    await client.query('ROLLBACK');
    return { ...nothing, error: (error as Error).message };
  }
  const files = new Set(before.map(({ file }) => file));
  const olds = new Set(before.map(({ oid }) => oid));
  const names = new Set(before.map(({ relname }) => relname));
  const after = await relations();
  const locked = new Set((await client.query(LOCKS)).rows.map(({ relname }) => relname as string));
  const access = (await client.query<Access>(ACCESS)).rows.map((row) => {
    const was = counted.get(row.relname);
    const since = (name: Exclude<keyof Access, 'relname'>) => Number(row[name]) - Number(was?.[name] ?? 0);
    return {
      relname: row.relname,
      scans: since('seq_scan'),
      inserted: since('n_tup_ins'),
      changed: since('n_tup_upd') + since('n_tup_del'),
    };
  });
  const own = access.filter(({ relname }) => names.has(relname));
  const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
  const inserted = sum(access.map((one) => one.inserted));
  const rows = sum(own.map((one) => one.changed));
  const effect = {
    // An index that is made again may take over the file of the old one: then nothing was built.
    rewritten: after
      .filter(({ oid, file, owner, relkind }) => {
        if (files.has(file)) return false;
        return olds.has(oid) || (relkind === 'i' && owner !== null && names.has(owner));
      })
      .map(({ relname }) => relname),
    scanned: own
      .filter(({ relname, scans }) => scans > 0 && locked.has(relname))
      .map(({ relname }) => relname),
    rows: rows + (inserted > 100 ? inserted : 0),
    broken: await brokenBy(client),
  };
  await client.query('ROLLBACK');
  return effect;
}

async function brokenBy(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ broken: string[] }>('SELECT oracle.broken($1)', [SERVER]);
  return rows[0]!.broken;
}
