// Node.js preloads this file in each process of a rehearsal. It gives the process the network of a task in AWS: the
// host names of the private network, and an address of its own, so that every port is free.
import { writeSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { standInForIdentityProviders } from './identity-provider';

/** The rehearsal sets this variable. The application cannot see it. */
const { names, tell, fault, guard, isServer, isShutIn } = JSON.parse(process.env['REHEARSAL'] ?? '{}') as {
  /**
   * Ports of this machine, by `host:port`; null if the plan refuses the connection. `*` as the first label of a host
   * matches any label.
   */
  readonly names: Readonly<Record<string, number | null>>;
  /** File descriptor for messages about each connection, and each port that the process listens on. */
  readonly tell: number;
  /** True for a task, whose ports belong to its own address. */
  readonly isServer?: boolean;
  /** True if the plan refuses connections to the internet. */
  readonly isShutIn: boolean;
  /** Name of the fault of this process. */
  readonly fault?: string;
  /** File descriptor that closes when the rehearsal ends, even if it is killed. */
  readonly guard?: number;
};
delete process.env['REHEARSAL'];
delete process.env['NODE_OPTIONS'];

type Options = { host?: string; port?: number | string; path?: string; lookup?: unknown };

/** Milliseconds until a refused connection ends. On AWS, this takes minutes. */
const PATIENCE = 250;
const LOOPBACK = /^(127\.|localhost$|::1$)/;

/** Returns options for a connection that fails, like one that a security group drops or that nothing accepts. */
function failing(code: 'ETIMEDOUT' | 'ECONNREFUSED', to: string): Options {
  const error = Object.assign(new Error(`connect ${code} ${to}`), { code, syscall: 'connect' });
  const milliseconds = code === 'ETIMEDOUT' ? PATIENCE : 0;
  const lookup = (_host: string, _options: object, answer: (problem: Error) => void) => {
    setTimeout(() => answer(error), milliseconds);
  };
  return { host: 'refused.rehearsal', lookup };
}

/** Returns replacement options for a connection, or undefined for an unchanged connection. */
function local({ host, port, path }: Options): Options | undefined {
  if (path || !host || LOOPBACK.test(host)) return undefined;
  const to = `${host}:${port}`;
  const found = [to, to.replace(/^[^.]+/, '*')].find((name) => name in names);
  writeSync(tell, `connect ${to}\n`);
  if (found) {
    const actual = names[found]!;
    return actual === null ? failing('ETIMEDOUT', to) : { host: '127.0.0.1', port: actual };
  }
  if (Object.keys(names).some((name) => name.startsWith(`${host}:`))) return failing('ECONNREFUSED', to);
  return isShutIn ? failing('ETIMEDOUT', to) : undefined;
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
  const [first, second] = args;
  if (Array.isArray(first)) {
    // Node.js modules pass options and listener in one array, marked by a symbol.
    const found = local(first[0] as Options);
    if (found) args[0] = Object.assign(first.slice(), symbols(first), { 0: { ...first[0], ...found } });
  } else if (typeof first === 'object') {
    args[0] = { ...first, ...local(first as Options) };
  } else {
    const found = typeof second === 'string' ? local({ host: second, port: first as number }) : undefined;
    if (found) args.splice(0, 2, { port: first, ...found });
  }
  return Reflect.apply(connect, this, args) as net.Socket;
} as typeof connect;

const symbols = (from: object): object =>
  Object.fromEntries(
    Object.getOwnPropertySymbols(from).map((symbol) => [symbol, (from as Record<symbol, unknown>)[symbol]]),
  );

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]): net.Server {
  const [first, second] = args;
  const given = (typeof first === 'object' ? first : { port: first, host: second }) as Options;
  const port = Number(given?.port);
  if (!isServer || !port) return Reflect.apply(listen, this, args) as net.Server;
  const loopback = LOOPBACK.test(String(given.host));
  this.once('listening', () => {
    const actual = (this.address() as net.AddressInfo).port;
    // A server on the loopback address is unreachable from outside the task.
    if (!loopback) writeSync(tell, `listen ${port} ${actual}\n`);
  });
  const callback = args.find((argument) => typeof argument === 'function');
  return Reflect.apply(listen, this, [{ host: '127.0.0.1', port: 0 }, callback]) as net.Server;
} as typeof listen;

if (isServer) standInForIdentityProviders((host) => writeSync(tell, `provider ${host}\n`));

if (guard !== undefined)
  new net.Socket({ fd: guard, readable: true, writable: false })
    .on('close', () => process.exit(1))
    .resume()
    .unref();

// Faults. Some start with the process, others with the signal that traffic has moved.
if (fault === 'exit') {
  process.stderr.write('the rehearsal ends this process\n');
  process.exit(1);
}
if (fault === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);

let active = fault === 'unhealthy' || fault === 'unverified';
process.on('SIGUSR2', () => {
  active = true;
});
const { emit } = http.Server.prototype;
http.Server.prototype.emit = function (this: http.Server, event: string, ...args: unknown[]): boolean {
  const go = (): boolean => Reflect.apply(emit, this, [event, ...args]) as boolean;
  if (!active || !fault || event !== 'request') return go();
  const [request, response] = args as [http.IncomingMessage, http.ServerResponse];
  const health = request.headers['user-agent'] === 'ELB-HealthChecker/2.0';
  if (health !== (fault === 'unhealthy')) return go();
  if (fault === 'latency') return setTimeout(go, 3_000) !== undefined;
  response.writeHead(500).end('the rehearsal breaks this answer');
  return true;
} as typeof emit;
