// `framework53 init` loads this file before the server and its preload. The recorder reports how the server uses
// Node.js, as one JSON line per observation on file descriptor 3. It makes the server listen on a free port of this
// machine, whatever port the server asks for.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { join, relative, resolve } from 'node:path';
import { standInForIdentityProviders } from '../rehearsal/runtime/identity-provider';
import type { Observation } from './observation';

const { writeSync } = fs;
const root = process.cwd();

function report(observation: Observation): void {
  writeSync(3, `${JSON.stringify(observation)}\n`);
}

const told = new Set<string>();
function reportOnce(observation: Observation): void {
  const line = JSON.stringify(observation);
  if (told.has(line)) return;
  told.add(line);
  report(observation);
}

/** Returns true if the nearest caller is the server's own code and not a package. */
function isAskedByServer(): boolean {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 12;
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = limit;
  const caller = frames.find((frame) => !/recorder|preload\.mjs|\(node:|at node:|<anonymous>\)$/.test(frame));
  return caller !== undefined && !/[\\/]node_modules[\\/]/.test(caller);
}

// Variables.
const seen = new Set<string>();
function read(name: string | symbol): void {
  if (typeof name !== 'string' || seen.has(name)) return;
  if (!isAskedByServer()) return;
  seen.add(name);
  report({ kind: 'variable', name });
}
process.env = new Proxy(process.env, {
  get(target, name) {
    read(name);
    return Reflect.get(target, name);
  },
  has(target, name) {
    read(name);
    return Reflect.has(target, name);
  },
});

// Ports.
const servers: net.Server[] = [];
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]): net.Server {
  const [first, second] = args;
  const given = (typeof first === 'object' && first !== null ? first : { port: first, host: second }) as {
    port?: unknown;
    host?: unknown;
  };
  const port = Number(given.port);
  const callback = args.find((argument) => typeof argument === 'function');
  if (!port) return Reflect.apply(listen, this, args) as net.Server;
  servers.push(this);
  this.once('listening', () =>
    report({
      kind: 'listening',
      port,
      actualPort: (this.address() as net.AddressInfo).port,
      ...(typeof given.host === 'string' && { host: given.host }),
    }),
  );
  return Reflect.apply(listen, this, [{ host: '127.0.0.1', port: 0 }, callback]) as net.Server;
} as typeof listen;

standInForIdentityProviders((host) => reportOnce({ kind: 'provider', host }));

// Programs and files.
type Functions = Record<string, (...args: unknown[]) => unknown>;
function watch(
  module: object,
  names: readonly string[],
  note: (first: unknown, second: unknown) => void,
): void {
  for (const name of names) {
    const original = (module as Functions)[name];
    if (typeof original !== 'function') continue;
    (module as Functions)[name] = function (this: unknown, ...args: unknown[]) {
      note(args[0], args[1]);
      return Reflect.apply(original, this, args);
    };
  }
}
watch(
  childProcess,
  ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'],
  (command) => {
    const name = String(command).trim().split(/\s+/)[0]!;
    if (name !== process.execPath && name !== 'node') reportOnce({ kind: 'program', name });
  },
);
const writing = [
  'writeFile',
  'writeFileSync',
  'appendFile',
  'appendFileSync',
  'mkdir',
  'mkdirSync',
  'createWriteStream',
];
for (const module of [fs, fs.promises])
  watch(module, writing, (path) => {
    if (typeof path !== 'string') return;
    const inside = relative(root, resolve(path));
    if (inside && !inside.startsWith('..')) reportOnce({ kind: 'written', path: inside });
  });
syncBuiltinESMExports();

// Routes. Express stores the path of a mounted router nowhere for long, so the recorder notes it at the mount.
const mountPath = Symbol('path');
interface Layer {
  readonly name?: string;
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: Router;
  [mountPath]?: unknown;
}
interface Router {
  stack?: Layer[];
  use?: (...args: unknown[]) => unknown;
}
try {
  const express = createRequire(join(root, 'dist', 'index.js'))('express') as {
    Router: Router & { prototype?: Router };
  };
  const prototype = express.Router.prototype?.use ? express.Router.prototype : express.Router;
  const { use } = prototype;
  prototype.use = function (this: Router, ...args: unknown[]) {
    const before = this.stack?.length ?? 0;
    const result = Reflect.apply(use!, this, args);
    const isPath = (value: unknown): boolean =>
      typeof value === 'string' || value instanceof RegExp || (Array.isArray(value) && value.some(isPath));
    for (const layer of this.stack?.slice(before) ?? []) layer[mountPath] = isPath(args[0]) ? args[0] : '/';
    return result;
  };
} catch {
  // A server that does not use Express.
}

function routesOf({ stack = [] }: Router, prefix: string): Extract<Observation, { kind: 'route' }>[] {
  return stack.flatMap((layer) => {
    if (layer.route) {
      const methods = Object.keys(layer.route.methods).filter((method) => method !== '_all');
      const method = layer.route.methods['_all'] ? 'all' : (methods[0] ?? 'all');
      return pathsOf(layer.route.path).map((path) => ({
        kind: 'route' as const,
        method,
        path: join(prefix, path),
      }));
    }
    const mounts = pathsOf(layer[mountPath] ?? '/').map((path) => join(prefix, path));
    if (layer.handle?.stack) return mounts.flatMap((mount) => routesOf(layer.handle!, mount));
    return mounts
      .filter((path) => path !== '/')
      .map((path) => ({ kind: 'route' as const, method: 'use', path, files: layer.name === 'serveStatic' }));
  });
}

function pathsOf(path: unknown): string[] {
  if (typeof path === 'string') return [path];
  return Array.isArray(path) ? path.flatMap(pathsOf) : [];
}

process.on('SIGUSR2', () => {
  for (const server of servers) {
    if (server.listenerCount('upgrade') > 0) reportOnce({ kind: 'upgrades' });
    for (const listener of server.listeners('request') as unknown[]) {
      const application = listener as Router & { _router?: Router; router?: Router };
      const router = application.stack ? application : (application._router ?? application.router);
      if (router?.stack) for (const route of routesOf(router, '/')) reportOnce(route);
    }
  }
  report({ kind: 'reported' });
});
