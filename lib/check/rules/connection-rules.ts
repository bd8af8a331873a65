import { poolFunction, writtenText } from '../../application/reading/database';
import { option, packageCalls } from '../../application/reading/package-calls';
import type { LiveCode } from '../../application/source/live-code';
import { placeOf } from '../../application/source/module';
import { findBinding } from '../../application/source/scope';
import {
  type CallNode,
  calledName,
  functionAround,
  isCall,
  isMember,
  type Node,
  parentOf,
  propertyName,
  wrapped,
} from '../../application/source/syntax';
import { textOf, truthOf, type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { splitPlace } from './place';
import { productionSettings } from './production-settings';
import { isWritten } from './written';

/** Matches the class of a single connection. */
const singleConnection = /^(pg|@neondatabase\/serverless)\.Client$/;

const poolWaits: Rule = {
  rule: 'pool-waits-forever',
  asks: 'A query waits for a connection for a limited time, as in A.3.',
  section: '7.3',
  severity: 'warning',
  why: 'if all connections are busy, or the database does not answer, requests wait without end and pile up',
  fix: ['set connectionTimeoutMillis of the pool, which is 0 (no limit) by default'],
  example: 'new Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 5000 })',
  find(application) {
    const code = application.server()?.code;
    return (code ? packageCalls(code) : [])
      .filter(({ path, argument }) => {
        if (!poolFunction.test(path)) return false;
        const options = argument(0);
        if (options && !isWritten(options)) return false;
        const limit = option(code!, options, 'connectionTimeoutMillis');
        return !limit || truthOf(limit) === false;
      })
      .slice(0, 1)
      .map(({ call }) => ({
        ...splitPlace(placeOf(call)),
        what: 'the pool has no connectionTimeoutMillis',
      }));
  },
};

const poolMissing: Rule = {
  rule: 'pool-missing',
  asks: 'The server has a pool of connections.',
  section: '7.3',
  severity: 'warning',
  why: 'all requests wait for one connection, and after the database closes the connection, every query fails until the next start',
  fix: ['use Pool instead of Client, with one pool for the whole server'],
  example: 'export const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });',
  find(application) {
    const server = application.server();
    if (!server || server.reading.pools.length > 0 || server.reading.listening.length === 0) return [];
    return packageCalls(server.code)
      .filter(({ path }) => singleConnection.test(path))
      .slice(0, 1)
      .map(({ call }) => ({
        ...splitPlace(placeOf(call)),
        what: 'the server has a single connection to the database, and no pool',
      }));
  },
};

const poolPerRequest: Rule = {
  rule: 'pool-per-request',
  asks: 'One pool serves all requests.',
  section: '7.3',
  severity: 'warning',
  why: 'each request opens connections of its own, until the database has none left',
  fix: ['create the pool once, in a module such as server/db.ts, and import it'],
  example: 'export const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });',
  find(application) {
    const server = application.server();
    if (!server) return [];
    const routes = new Set(server.reading.routes.map(({ place }) => place));
    return packageCalls(server.code)
      .filter(({ path, call }) => poolFunction.test(path) && isInHandler(call, routes))
      .map(({ call }) => ({
        ...splitPlace(placeOf(call)),
        what: 'a handler of requests creates this pool',
      }));
  },
};

/** Returns true for a call in a function that is an argument of a route. */
function isInHandler(call: Node, routes: ReadonlySet<string>): boolean {
  for (let at = functionAround(call); at; at = functionAround(at)) {
    const around = parentOf(at);
    if (around && isCall(around) && around.callee !== at && routes.has(placeOf(around))) return true;
  }
  return false;
}

const connectionNotReleased: Rule = {
  rule: 'connection-not-released',
  asks: 'The server gives each connection back to its pool.',
  section: '7.3',
  severity: 'warning',
  why: 'the pool has one connection less after each call, until all queries wait for a connection',
  fix: ['call release() of the connection in a `finally` block, or use pool.query() for single queries'],
  example: 'const client = await pool.connect();\ntry { … } finally { client.release(); }',
  find(application) {
    const code = application.server()?.code;
    return (code ? packageCalls(code) : [])
      .filter(({ path, call }) => borrows.test(path) && isKept(code!, call))
      .map(({ call }) => ({
        ...splitPlace(placeOf(call)),
        what: 'nothing releases the connection that the code takes here',
      }));
  },
};

const borrows = /^(pg|@neondatabase\/serverless|@vercel\/postgres)\.(Pool|createPool)\(\)\.connect$/;

/** Returns true for `const client = await pool.connect()`, if the code calls other methods of `client` alone. */
function isKept(code: LiveCode, call: CallNode): boolean {
  const declarator = parentOf(wrapped(call));
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return false;
  const declaration = parentOf(declarator);
  const isUsing = declaration?.type === 'VariableDeclaration' && /using/.test(declaration.kind);
  const binding = findBinding(declarator.id.name, declarator);
  if (!binding || isUsing || !functionAround(call)) return false;
  const references = code.references.get(binding) ?? [];
  return references.every((reference) => {
    const member = parentOf(wrapped(reference));
    if (!member || !isMember(member)) return false;
    const around = parentOf(member);
    return !/^(release|end|destroy)$/.test(propertyName(member) ?? 'release') && !!around && isCall(around);
  });
}

const databaseUnprotected: Rule = {
  rule: 'database-unprotected',
  asks: 'Connections to the database are encrypted, and the server checks the certificate of the database.',
  section: '11.2',
  severity: 'warning',
  why: 'a computer between the server and the database can read and change all data',
  fix: [
    'remove the setting, and use sslmode=verify-full in DATABASE_URL, with the certificate of the provider',
  ],
  example: "ssl: { ca: readFileSync('certs/global-bundle.pem', 'utf8') }",
  find(application) {
    const code = application.server()?.code;
    if (!code) return [];
    const found = [...uncheckedPools(code), ...uncheckedAddresses(code), ...uncheckedEverywhere(code)];
    return found.length > 0 ? found : unencryptedConfiguration(application);
  },
};

/** Finds `ssl: { rejectUnauthorized: false }`. */
function uncheckedPools(code: LiveCode): Found[] {
  return packageCalls(code).flatMap(({ path, call, argument }): Found[] => {
    const isPool = poolFunction.test(path) || singleConnection.test(path);
    if (!isPool && path !== 'postgres') return [];
    const ssl = option(code, path === 'postgres' ? argument(1) : argument(0), 'ssl');
    const checks = option(code, ssl, 'rejectUnauthorized');
    return checks !== undefined && isFalse(checks)
      ? [
          {
            ...splitPlace(placeOf(call)),
            what: 'the server accepts every certificate: ssl.rejectUnauthorized is false',
          },
        ]
      : [];
  });
}

/** Matches an option of a connection string that switches encryption or the check of the certificate off. */
const uncheckedMode = /[?&]sslmode=(disable|allow|no-verify)\b/;
const searches = /^(includes|replace|replaceAll|indexOf|endsWith|startsWith|split|match|test)$/;
const ownComputer = /localhost|127\.0\.0\.1|\[::1\]/;

/** Finds `${process.env.DATABASE_URL}?sslmode=no-verify`. */
function uncheckedAddresses(code: LiveCode): Found[] {
  return code.texts.flatMap((node): Found[] => {
    const text = writtenText(node);
    const [option, mode] = uncheckedMode.exec(text) ?? [];
    // Code that searches for the option, or removes it, is no address.
    const around = parentOf(node);
    const isSought = !!around && isCall(around) && searches.test(calledName(around) ?? '');
    if (option === undefined || isSought || ownComputer.test(text)) return [];
    const what =
      mode === 'no-verify'
        ? 'the server accepts every certificate'
        : 'the connection to the database is not always encrypted';
    return [{ ...splitPlace(placeOf(node)), what: `${what}: ${option.slice(1)}` }];
  });
}

/** Finds `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'`. */
function uncheckedEverywhere(code: LiveCode): Found[] {
  return code.members.flatMap((member): Found[] => {
    if (propertyName(member) !== 'NODE_TLS_REJECT_UNAUTHORIZED') return [];
    const around = parentOf(member);
    if (around?.type !== 'AssignmentExpression' || around.left !== member) return [];
    if (textOf(code.evaluator.value(around.right)) !== '0') return [];
    return [
      {
        ...splitPlace(placeOf(member)),
        what: 'the server accepts every certificate of every connection: NODE_TLS_REJECT_UNAUTHORIZED is 0',
        why: 'a computer between the server and any service can read and change all that the server sends',
      },
    ];
  });
}

/** Finds `ssl: false` in the configuration of production. */
function unencryptedConfiguration(application: CheckedApplication): Found[] {
  return productionSettings(application, /^(database|db|postgres|pool)$/i, /^(ssl|tls)$/i)
    .filter(({ value }) => isFalse(value))
    .map(({ file, line, name }) => ({
      file,
      line,
      what: `${name} is false in production`,
      fix: [`set ${name} to true, as in A.1`],
    }));
}

function isFalse(value: Value): boolean {
  return valuesOf(value).every((each) => each.kind === 'literal' && each.value === false);
}

export const connectionRules: readonly Rule[] = [
  poolWaits,
  poolMissing,
  poolPerRequest,
  connectionNotReleased,
  databaseUnprotected,
];
