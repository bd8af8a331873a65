import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../lib/rehearsal/rds/postgres';
import { postgresBinaries } from '../../lib/rehearsal/rds/postgres-binaries';
import { createCluster, giveToOwner, OWNER } from '../../lib/rehearsal/rds/postgres-cluster';

/** A real PostgreSQL of one's own, gone when the test process is, however that ends. */
export interface Postgres {
  readonly port: number;
  /** Certificate of the authority that signed the server's, when TLS was asked for. */
  readonly ca?: string;
  /** Returns the address of a database for the superuser `postgres`, who needs no password. */
  url(database?: string): string;
  /** Makes an empty database and says its address. */
  createDatabase(name?: string): Promise<string>;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** True if the server accepts TLS connections only, for the name localhost. @default false */
  readonly tls?: boolean;
  /** TCP port. @default any free one */
  readonly port?: number;
}

let shared: Promise<Postgres> | undefined;
let databases = 0;

/** The server of all tests in a process. Each test creates its own database. */
export function sharedPostgres(): Promise<Postgres> {
  shared ??= startPostgres();
  return shared;
}

export async function startPostgres({ tls = false, port: wanted }: PostgresOptions = {}): Promise<Postgres> {
  const binaries = await postgresBinaries('17');
  const home = mkdtempSync(join(tmpdir(), 'postgres-'));
  const data = join(home, 'data');
  giveToOwner(home);
  await createCluster(binaries, data, 'CREATE ROLE postgres SUPERUSER LOGIN');
  writeFileSync(join(data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n');
  const ca = tls ? writeCertificates(home, data) : undefined;
  const port = wanted ?? (await freePort());
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: 100,
    ...(tls && { ssl: 'on', ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' }),
  };
  // A watcher of its own stops the server when this process is gone, even when it was killed.
  const watcher = spawn(
    process.execPath,
    [
      '-e',
      watch,
      join(binaries, 'bin', 'postgres'),
      home,
      JSON.stringify(OWNER),
      '-D',
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  const ended = new Promise<void>((resolve) => watcher.once('exit', () => resolve()));
  const url = (database = 'postgres') =>
    `postgresql://postgres@${tls ? 'localhost' : '127.0.0.1'}:${port}/${database}`;
  await untilReady(
    tls ? { connectionString: url(), ssl: { ca: ca! } } : { connectionString: url() },
    join(home, 'log'),
  );

  return {
    port,
    ...(ca && { ca }),
    url,
    async createDatabase(name = `test_${process.pid}_${++databases}`) {
      const client = new Client({ connectionString: url(), ...(ca && { ssl: { ca } }) });
      await client.connect();
      await client.query(`CREATE DATABASE "${name}"`);
      await client.end();
      return url(name);
    },
    async stop() {
      watcher.stdin.end();
      await ended;
    },
  };
}

const watch = `
const { spawn } = require('node:child_process');
const { openSync, rmSync } = require('node:fs');
const [program, home, as, ...args] = process.argv.slice(1);
const log = openSync(home + '/log', 'a');
const server = spawn(program, args, { ...JSON.parse(as), cwd: home, stdio: ['ignore', log, log] });
const gone = () => { rmSync(home, { recursive: true, force: true }); process.exit(); };
server.on('exit', gone);
const stop = () => { server.kill('SIGINT'); setTimeout(() => server.kill('SIGKILL'), 3000).unref(); };
process.stdin.on('end', stop).on('close', stop).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
`;

async function untilReady(config: object, log: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new Client(config);
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt >= 100)
        throw new Error(
          `PostgreSQL does not start: ${(error as Error).message}\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** An authority and a certificate for localhost, made by openssl. */
function writeCertificates(home: string, data: string): string {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: home, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
  );
  openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
  writeFileSync(join(home, 'names'), 'subjectAltName=DNS:localhost\n');
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    'names',
    '-out',
    'server.crt',
  );
  for (const file of ['server.key', 'server.crt']) {
    cpSync(join(home, file), join(data, file));
    chmodSync(join(data, file), 0o600);
    giveToOwner(join(data, file));
  }
  return readFileSync(join(home, 'ca.crt'), 'utf8');
}
