// Node.js loads this file first in each process of a rehearsal. It gives the process what a task has in AWS: the host
// names of the private network, and an address of its own, so that every port is free.
import { writeSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';

/** The rehearsal sets this variable. The application does not see it. */
const { names, tell, fault, guard } = JSON.parse(process.env['REHEARSAL'] ?? '{}') as {
  /** Ports of this machine, by `host:port`. `*` as the first label of a host stands for any. */
  readonly names: Readonly<Record<string, number>>;
  /** File descriptor for a line with each port that the process listens on. */
  readonly tell?: number;
  /** Name of the fault that this process has. */
  readonly fault?: string;
  /** File descriptor that closes when the rehearsal ends, even if it is killed. */
  readonly guard?: number;
};
delete process.env['REHEARSAL'];
delete process.env['NODE_OPTIONS'];

type Options = { host?: string; port?: number | string; path?: string };

function local({ host, port }: Options): Options | undefined {
  const found = names[`${host}:${port}`] ?? names[`${host?.replace(/^[^.]+/, '*')}:${port}`];
  return found === undefined ? undefined : { host: '127.0.0.1', port: found };
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
  const [first, second] = args;
  if (Array.isArray(first)) {
    // Node's own modules pass options and listener in one array, marked by a symbol.
    const found = local(first[0] as Options);
    if (found) args[0] = Object.assign(first.slice(), symbols(first), { 0: { ...first[0], ...found } });
  } else if (typeof first === 'object') {
    args[0] = { ...first, ...local(first as Options) };
  } else {
    const found = local({ host: second as string, port: first as number });
    if (found) args.splice(0, 2, found.port, found.host);
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
  if (tell === undefined || !port) return Reflect.apply(listen, this, args) as net.Server;
  const loopback = /^(127\.|localhost$|::1$)/.test(String(given.host));
  this.once('listening', () => {
    const actual = (this.address() as net.AddressInfo).port;
    // A server on the loopback is out of reach from outside the task.
    if (!loopback) writeSync(tell, `${port} ${actual}\n`);
  });
  const callback = args.find((argument) => typeof argument === 'function');
  return Reflect.apply(listen, this, [{ host: '127.0.0.1', port: 0 }, callback]) as net.Server;
} as typeof listen;

if (guard !== undefined)
  new net.Socket({ fd: guard, readable: true, writable: false })
    .on('close', () => process.exit(1))
    .resume()
    .unref();

// Faults. Some begin with the process, others with the signal that traffic has moved.
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
