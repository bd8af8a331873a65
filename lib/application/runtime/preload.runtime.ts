// Node.js loads this file before the application, with `node --import`. The file adds the features that the platform
// needs and the application does not have: a graceful end, the viewer's own scheme and address, a health route, answers
// that CloudFront never shares between users, and limited pool sizes. Outside production, it shows the environment on
// pages that the server renders. It uses no packages. It changes Server and
// ServerResponse of node:http, and Pool of node-postgres.
import http from 'node:http';
import net from 'node:net';
import { endWorkers, livingWorkers } from './cluster-workers';
import { nameDatabase } from './database-names';
import { showEnvironment } from './environment-banner';
import { limitPools } from './pool-size';
import { closeWebSockets, destroyWebSockets, openWebSockets, trackUpgrade } from './web-sockets';

/**
 * Longer than the load balancer's idle timeout of 60 s, so that the load balancer closes idle connections, not the
 * server.
 */
const keepAliveTimeout = 65_000;
/** Least milliseconds for the application's own listeners, if the requests used up the time. */
const leastWork = 2_000;
/**
 * Milliseconds that the first process of a cluster waits longer than its workers, which end at once when that process
 * ends. A worker gets SIGTERM a moment later, and has `leastWork` after its time is up.
 */
const workersLonger = leastWork + 500;
/** Share of the time after which the listeners run even if requests are open, such as long polling. */
const listenersLatest = 0.75;
/**
 * Milliseconds to wait twice: for connections that clients have already begun to open, and for requests that they have
 * already sent.
 */
const lastArrivals = 125;
/** Header for answers whose `Cache-Control` the application does not set. */
const UNSHARED = ['Cache-Control', 'private'] as const;

const healthPath = process.env['FRAMEWORK53_HEALTH_PATH'];
/** Name of the environment to show on pages; not set in production. */
const shownEnvironment = process.env['FRAMEWORK53_SHOWN_ENVIRONMENT'];
const shutdownTimeout = Number(process.env['SHUTDOWN_TIMEOUT_MS']) || 25_000;

const servers = new Set<http.Server>();
const untouched = new http.Server();
let draining = false;
/** Answers in progress. */
const open = new Set<http.ServerResponse>();

nameDatabase();

function log(level: string, event: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}

limitPools(Number(process.env['DATABASE_POOL_SIZE']), (asked) =>
  log('warn', 'database.pool-limited', { asked, limit: Number(process.env['DATABASE_POOL_SIZE']) }),
);

/**
 * Restores the viewer's scheme and address in the request headers. The load balancer appends CloudFront's address to
 * X-Forwarded-For, after the viewer's address that CloudFront appended. The last but one address is therefore the
 * viewer's. The viewer may have forged the addresses before it. A single address comes from the load balancer, for a
 * client inside the VPC.
 */
function restoreViewer({ headers }: http.IncomingMessage): void {
  const scheme = headers['cloudfront-forwarded-proto'];
  const addresses = headers['x-forwarded-for'];
  if (scheme === 'https' || scheme === 'http') headers['x-forwarded-proto'] = scheme;
  // This request is a health check. A server that redirects http to https would answer with a redirect and never be
  // healthy.
  else if (addresses === undefined) headers['x-forwarded-proto'] = 'https';
  if (typeof addresses === 'string') {
    const hops = addresses.split(',').map((hop) => hop.trim());
    headers['x-forwarded-for'] = hops.at(-2) ?? hops[0]!;
  }
}

function answerHealth(request: http.IncomingMessage, response: http.ServerResponse): boolean {
  if (!healthPath || request.url?.split('?')[0] !== healthPath) return false;
  response.writeHead(draining ? 503 : 200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : `{"status":"${draining ? 'ending' : 'ok'}"}`);
  return true;
}

function track(response: http.ServerResponse): void {
  open.add(response);
  if (draining) response.shouldKeepAlive = false;
  response.once('close', () => open.delete(response));
}

const { writeHead } = http.ServerResponse.prototype;

/**
 * Adds `Cache-Control: private` to answers without the header. Otherwise CloudFront may send one answer to several
 * users whose requests arrive at the same time.
 */
http.ServerResponse.prototype.writeHead = function (
  this: http.ServerResponse,
  status: number,
  ...rest: unknown[]
): http.ServerResponse {
  const given = rest.at(-1);
  const names = Array.isArray(given)
    ? given.flat()
    : Object.keys(given && typeof given === 'object' ? given : {});
  const isSaid =
    this.hasHeader('cache-control') || names.some((name) => /^cache-control$/i.test(String(name)));
  if (isSaid) return Reflect.apply(writeHead, this, [status, ...rest]) as http.ServerResponse;
  if (Array.isArray(given))
    rest[rest.length - 1] = [...given, ...(Array.isArray(given[0]) ? [UNSHARED] : UNSHARED)];
  else this.setHeader(...UNSHARED);
  return Reflect.apply(writeHead, this, [status, ...rest]) as http.ServerResponse;
} as typeof writeHead;

const { emit } = http.Server.prototype;
http.Server.prototype.emit = function (
  this: http.Server,
  event: string | symbol,
  ...args: unknown[]
): boolean {
  if (event === 'request' || event === 'checkContinue') {
    const [request, response] = args as [http.IncomingMessage, http.ServerResponse];
    restoreViewer(request);
    track(response);
    if (answerHealth(request, response)) return true;
    if (shownEnvironment && showEnvironment(shownEnvironment, request, response)) return true;
  } else if (event === 'upgrade') {
    const [request, socket] = args as [http.IncomingMessage, net.Socket];
    restoreViewer(request);
    trackUpgrade(request, socket);
  }
  return Reflect.apply(emit, this, [event, ...args]) as boolean;
} as typeof emit;

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Returns the arguments of `listen` without a loopback host. The load balancer could not reach a loopback host. */
function reachable(args: unknown[]): unknown[] {
  const [first, second] = args;
  const options =
    typeof first === 'object' && first !== null ? (first as { port?: unknown; host?: unknown }) : undefined;
  // Other ports of the application, such as a port for metrics, keep their host.
  if (String(options?.port ?? first) !== process.env['PORT']) return args;
  if (options)
    return loopback.test(String(options.host)) ? [{ ...options, host: '0.0.0.0' }, ...args.slice(1)] : args;
  return typeof second === 'string' && loopback.test(second) ? [first, '0.0.0.0', ...args.slice(2)] : args;
}

const { listen } = http.Server.prototype;
http.Server.prototype.listen = function (this: http.Server, ...args: unknown[]): http.Server {
  servers.add(this);
  if (this.keepAliveTimeout === untouched.keepAliveTimeout) this.keepAliveTimeout = keepAliveTimeout;
  if (this.headersTimeout === untouched.headersTimeout) this.headersTimeout = keepAliveTimeout + 1_000;
  return Reflect.apply(listen, this, reachable(args)) as http.Server;
} as typeof listen;

// If the application closes its server on SIGTERM, it gets no error. The callback runs after the last open request.
const { close } = http.Server.prototype;
http.Server.prototype.close = function (this: http.Server, callback?: (error?: Error) => void): http.Server {
  if (draining && servers.has(this) && !this.listening) {
    if (callback) void until(() => open.size === 0).then(() => setImmediate(callback));
    return this;
  }
  return close.call(this, callback);
};

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await later(20);
}

/**
 * Waits for late connections and requests. If the event loop was blocked meanwhile, the timer runs before Node.js reads
 * from the kernel: the first turn then accepts the connections, and the next one reads their requests.
 */
async function lateArrivals(): Promise<void> {
  await later(lastArrivals);
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** True if an answer is an event stream, which stays open until the application ends it. */
function isEventStream(response: http.ServerResponse): boolean {
  const { _header: sent } = response as { readonly _header?: string | null };
  return /^content-type: *text\/event-stream/im.test(sent ?? '');
}

/** Finishes the open requests, runs the listeners, and then waits for event streams and WebSockets. */
async function drain(runListeners: () => void): Promise<void> {
  const latest = Date.now() + shutdownTimeout * listenersLatest;
  // No client may send another request on a connection whose answer is in progress.
  for (const response of open) response.shouldKeepAlive = false;
  await lateArrivals();
  // This is the `close` method of net. The method of http would also end connections on which a request may still
  // arrive.
  for (const server of servers) if (server.listening) net.Server.prototype.close.call(server);
  await lateArrivals();
  for (const server of servers) server.closeIdleConnections();
  // The requests may need a connection pool that a listener ends.
  await until(() => [...open].every(isEventStream) || Date.now() > latest);
  runListeners();
  closeWebSockets();
  const lastAnswer = Date.now() + leastWork;
  await until(() => openWebSockets() === 0 || Date.now() > lastAnswer);
  destroyWebSockets();
  await until(() => open.size === 0);
  for (const server of servers) server.closeIdleConnections();
}

/**
 * Ends the workers of a cluster, finishes the requests, and runs the application's own listeners, such as one that
 * ends the pool. Ends the process when the promises of the listeners are settled, when nothing is open any more, or
 * when the time is up.
 */
async function shutDown(...args: unknown[]): Promise<void> {
  const start = Date.now();
  log('info', 'server.ending', { inFlight: open.size });
  let work: Promise<boolean> | undefined;
  const runListeners = () => {
    work ??= callListeners(args);
    return work;
  };
  let isWhole = true;
  const inTime = await new Promise<boolean>((resolve) => {
    // The open requests keep the process alive. This timer must not.
    const longest = shutdownTimeout + (livingWorkers().length > 0 ? workersLonger : 0);
    setTimeout(resolve, longest, false).unref();
    void endWorkers().then(async (ended) => {
      isWhole = ended;
      await drain(runListeners);
      resolve(true);
    });
  });
  if (!inTime) {
    log('warn', 'server.requests-cut', { inFlight: open.size, afterMs: Date.now() - start });
    for (const server of servers) server.closeAllConnections();
    destroyWebSockets();
  }
  process.exitCode = inTime && isWhole ? 0 : 1;
  const left = Math.max(leastWork, start + shutdownTimeout - Date.now());
  setTimeout(() => {
    log('warn', 'server.work-cut', { afterMs: left });
    process.exit(1);
  }, left).unref();
  const isDone = await runListeners();
  // The channel to the first process of a cluster would keep a worker alive.
  process.channel?.unref();
  if (isDone) setImmediate(() => process.exit());
  log('info', 'server.ended', { afterMs: Date.now() - start });
}

/** Calls the application's listeners. Returns true after their work is done, if all of them return a promise. */
async function callListeners(args: unknown[]): Promise<boolean> {
  const listeners = process.rawListeners('SIGTERM').filter((listener) => listener !== hold);
  const results = listeners.map((listener): unknown => {
    try {
      return Reflect.apply(listener, process, args);
    } catch (error) {
      log('error', 'server.sigterm-listener-failed', { message: String(error) });
      return Promise.resolve();
    }
  });
  await Promise.allSettled(results);
  return results.every((result) => result instanceof Promise);
}

const emitOfProcess = process.emit;
process.emit = function (this: NodeJS.Process, event: string, ...args: unknown[]): boolean {
  if (event !== 'SIGTERM') return Reflect.apply(emitOfProcess, this, [event, ...args]) as boolean;
  if (!draining) {
    draining = true;
    void shutDown(...args);
  }
  return true;
} as typeof process.emit;

// With a listener, Node.js does not end the process at the signal. This line must come after the change of `emit`,
// because Node.js binds the signal to the `emit` that exists when the first listener is added.
const hold = () => {};
process.on('SIGTERM', hold);
