import { packageCalls } from '../../application/reading/package-calls';
import { placeOf } from '../../application/source/module';
import { textOf, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { splitPlace } from './place';
import { poolBudget } from './pool-budget';
import { poolsText, poolsTogether, sumOf } from './pools-together';
import { productionSettings } from './production-settings';
import { shutdownOf, withoutComments } from './shutdown';

const poolTooLarge: Rule = {
  rule: 'pool-too-large',
  asks: 'The pools of a server process have at most the connections of the setting `database.poolSize`, which is 20 by default as in A.1.',
  section: '7.3',
  severity: 'warning',
  why: 'outside the release, several servers exhaust the connections of the database; in the release, queries wait',
  fix: [
    'lower max to the setting',
    'or raise database.poolSize in framework53.config.ts, within the connection budget',
  ],
  example: 'new Pool({ connectionString: process.env.DATABASE_URL, max: 20 })',
  find(application) {
    const { allowed, sumFor } = poolBudget(application.settings);
    const pools = application.server()?.reading.pools ?? [];
    const found = pools.flatMap(({ place, size }): Found[] =>
      size === undefined || size <= allowed
        ? []
        : [
            {
              ...splitPlace(place),
              what: `the pool requests up to ${size} connections in each server process, but gets the ${allowed} of database.poolSize; ${sumFor(size)}`,
            },
          ],
    );
    if (found.length > 0 || pools.length === 0) return found;
    const configured = configuredPools(application);
    return configured.length > 0 ? configured : severalPools(application);
  },
};

/** Finds a size in the configuration of production that is too large. */
function configuredPools(application: CheckedApplication): Found[] {
  const { allowed, sumFor } = poolBudget(application.settings);
  return productionSettings(
    application,
    /^(database|db|pool|postgres)$/i,
    /^(poolSize|poolMax|maxConnections)$/i,
  ).flatMap(({ file, line, name, value }): Found[] => {
    const size = Math.max(
      ...valuesOf(value).map((each) => (each.kind === 'literal' ? Number(each.value) : 0)),
    );
    return size > allowed
      ? [{ file, line, what: `${name} asks for up to ${size} connections; ${sumFor(size)}` }]
      : [];
  });
}

/** Finds several pools of one server process that are too large together. */
function severalPools(application: CheckedApplication): Found[] {
  const code = application.server()?.code;
  const { allowed, sumFor } = poolBudget(application.settings);
  const pools = code ? poolsTogether(code) : [];
  const [last] = pools.slice(-1);
  const sum = sumOf(pools);
  if (!last || sum <= allowed) return [];
  return [
    {
      ...splitPlace(placeOf(last.call)),
      what: `the ${pools.length} pools of each server process request up to ${sum} connections together (${poolsText(pools)}), more than the ${allowed} of database.poolSize; ${sumFor(sum)}`,
      why: 'database.poolSize limits each pool, and not their sum, so several servers exhaust the connections of the database',
      fix: [
        'share one pool: export it from one module, and give it to packages such as connect-pg-simple',
        'or lower max, so that the pools together have at most database.poolSize',
      ],
    },
  ];
}

const poolErrorUnhandled: Rule = {
  rule: 'pool-error-unhandled',
  asks: "The server handles the pool's `error` event.",
  section: '7.3',
  severity: 'warning',
  why: 'if the database closes an idle connection, for example in a failover, the unhandled event ends the server process',
  fix: ["add pool.on('error', …) after the creation of the pool"],
  example: "pool.on('error', (error) => console.error('Unexpected database pool error', error));",
  find(application) {
    const server = application.server();
    const pool = server?.reading.pools.find(({ library }) => library !== 'postgres');
    if (!server || !pool) return [];
    const handled = packageCalls(server.code).some(({ path, argument }) => {
      const event = argument(0);
      return (
        /\.on(ce)?$/.test(path) && /pool/i.test(path) && event !== undefined && textOf(event) === 'error'
      );
    });
    const written = serverTexts(application).some((text) =>
      /(pool|client)\w*\s*\.on\(\s*['"]error['"]/i.test(withoutComments(text)),
    );
    return handled || written
      ? []
      : [{ ...splitPlace(pool.place), what: 'nothing handles errors of idle connections of this pool' }];
  },
};

const poolNotClosed: Rule = {
  rule: 'pool-not-closed',
  asks: 'The server closes its pool on SIGTERM.',
  section: '7.3',
  severity: 'warning',
  why: 'after the server ends, its connections stay open in the database until they time out',
  fix: ["in process.on('SIGTERM', …), close the server and then the pool"],
  example: "process.on('SIGTERM', () => server.close(() => pool.end()));",
  find(application) {
    const pool = application.server()?.reading.pools[0];
    if (!pool) return [];
    const { hears, closesPool, endsAtOnce } = shutdownOf(application);
    // The rule server-not-closed reports a process that ends at once, which also ends its connections.
    if (hears && (closesPool || endsAtOnce)) return [];
    const what = hears
      ? 'nothing closes this pool on SIGTERM'
      : 'nothing in the server handles SIGTERM, so this pool stays open';
    return [{ ...splitPlace(pool.place), what }];
  },
};

const serverNotClosed: Rule = {
  rule: 'server-not-closed',
  asks: 'On SIGTERM, the server stops listening and completes the requests in progress.',
  section: '7.3',
  severity: 'warning',
  why: 'each release and each scale-in interrupts requests of users',
  fix: ["in process.on('SIGTERM', …), call close() of the server"],
  example: "const server = app.listen(port);\nprocess.on('SIGTERM', () => server.close(() => pool.end()));",
  find(application) {
    const reading = application.server()?.reading;
    const listening = reading?.listening[0];
    if (!listening) return [];
    const { hears, closesServer, endsAtOnce } = shutdownOf(application);
    // The rule pool-not-closed reports a missing handler.
    if (hears ? closesServer : (reading?.pools.length ?? 0) > 0) return [];
    const what = endsAtOnce
      ? 'a handler of SIGTERM ends the process before this server is closed'
      : hears
        ? 'the handlers of SIGTERM do not close this server'
        : 'nothing in the server handles SIGTERM';
    return [{ ...splitPlace(listening.place), what }];
  },
};

function serverTexts(application: CheckedApplication): string[] {
  return application.modules('server', 'shared').map((file) => application.text(file) ?? '');
}

export const poolRules: readonly Rule[] = [poolTooLarge, poolErrorUnhandled, poolNotClosed, serverNotClosed];
