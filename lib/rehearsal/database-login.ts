import { Client } from 'pg';
import type { Party } from './core/network';
import { PlanError } from './core/plan-error';
import type { EmulatedAccount } from './emulated-account';

/** Milliseconds in which the login to the database must succeed. */
const PATIENCE = 5_000;

/**
 * Logs in to the database with the variables of each running server. The requests of a rehearsal may not reach the
 * database, so a server without its password could pass otherwise. A server of another database is left out.
 * @throws PlanError for a server that cannot log in
 */
export async function logInAsServers(account: EmulatedAccount): Promise<void> {
  for (const { running, definition, party, secrets } of account.ecs.tasks.values()) {
    const { image, container } = definition;
    const given = { ...image.recipe.environment, ...container.environment, ...secrets };
    const environment = { ...given, ...addressOf(given['DATABASE_URL']) };
    const isOurs = account.stage.inventory.having(environment['PGHOST'])?.type.startsWith('AWS::RDS::');
    if (running && isOurs) await logIn(account, definition.logicalId, party, environment);
  }
}

/** Returns the address in a `DATABASE_URL`, and the login if it has one, as variables of `psql`. */
function addressOf(url: string | undefined): Record<string, string> {
  if (!url || !URL.canParse(url)) return {};
  const { hostname, port, pathname, username, password } = new URL(url);
  const own = username && { PGUSER: decodeURIComponent(username), PGPASSWORD: decodeURIComponent(password) };
  return { PGHOST: hostname, PGPORT: port || '5432', PGDATABASE: pathname.slice(1), ...own };
}

/**
 * Logs in to the database with the variables of `psql`.
 * @param definition logical id of the task definition with the variables
 */
export async function logIn(
  { stage, rds }: EmulatedAccount,
  definition: string,
  party: Party,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const { PGHOST, PGPORT = '5432', PGUSER, PGPASSWORD, PGDATABASE } = environment;
  const fail = (why: string): never => {
    throw new PlanError(definition, 'ContainerDefinitions', `cannot log in to ${PGHOST}:${PGPORT}: ${why}`);
  };
  if (!PGPASSWORD) return fail('PGPASSWORD is not set');
  const port = stage.network.reach(party, `${PGHOST}:${PGPORT}`);
  if (port === undefined) return fail('connection timed out');
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: PGUSER,
    password: PGPASSWORD,
    database: PGDATABASE,
    ssl: { ca: rds.database?.authority.certificate, servername: PGHOST },
    connectionTimeoutMillis: PATIENCE,
  });
  try {
    await client.connect();
    await client.query('SELECT 1');
  } catch (error) {
    fail((error as Error).message);
  } finally {
    await client.end();
  }
}
