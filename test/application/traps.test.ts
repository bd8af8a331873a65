import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import http from 'node:http';
import { connect as connectTo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApplication } from '../../lib/application/build-application';
import type { Release } from '../../lib/application/release';
import { warningText } from '../../lib/application/warning';
import { resources, testEnvironment } from '../support/environment';
import { sharedPostgres } from '../support/postgres';
import {
  installedExtras,
  installedGuestbook,
  linkPackages,
  makeApplication,
  migrate,
  portOfCode,
  type RunningServer,
  start,
  temporaryFolder,
} from './support';
import { type Answer, type Asked, type Deployed, type Trap, traps } from './traps';

/** The parts of the templates that the plain application leads to. */
const byTheBook: Deployed = {
  port: 3000,
  healthPath: '/api/health',
  paths: ['/api', '/api/*'],
  secrets: [],
  awaited: 0,
  writable: [],
  migrations: 'journal',
};

const folder = temporaryFolder();
const installed = join(folder, 'packages');
beforeAll(() => linkPackages(installed, [installedGuestbook(), installedExtras()]), 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npm test` leaves out applications whose trap others show in part; `TRAPS=similar` tries those. */
const triesSimilar = process.env['TRAPS'] === 'similar';
const tried = traps.filter(({ similar = false }) => similar === triesSimilar);

/**
 * Builds each application, composes an environment and compares its important properties, migrates as the owner, and
 * runs the server as the template says: with the packages of the image only, and a database role that may not change
 * the schema.
 */
test.concurrent.each(tried)('an application with $name', (trap) => inTurn(() => overcome(trap)), 300_000);

async function overcome({ name, differences, config, warnings = [], deployed, refusals = 0, ask }: Trap) {
  const own = join(folder, name.replaceAll(/\W+/g, '-'));
  const port = await portOfCode();
  const out = join(own, 'release');
  const release = await buildApplication({
    directory: makeApplication(own, differences?.(port), { template: 'plain', installed }),
    out,
    config: config?.(port) ?? {},
  });
  expect(release.warnings.map(warningText)).toEqual(
    warnings.map((warning) => expect.stringMatching(warning)),
  );

  const template = deployedOf(release, out);

  expect(template.summary).toEqual({ ...byTheBook, ...deployed?.(port) });

  const image = join(out, 'image');
  const database = await makeDatabase();
  const { code, lines } = migrate(out, { DATABASE_URL: database.url, PGUSER: 'postgres' });
  expect([code, lines]).toMatchObject([0, [{ event: 'migrations.applied', count: 1 }, ...lines.slice(1)]]);
  linkLocked(image);
  const before = written(image);

  const gate = refusals ? await refusing(database.url, refusals) : undefined;
  const run = () =>
    start(
      template.command.slice(1).map((arg) => arg.replace('/app/', `${image}/`)),
      image,
      {
        ...template.environment,
        ...Object.fromEntries(
          template.summary.secrets.map((secret) => [secret, `${secret}-`.padEnd(40, 'x')]),
        ),
        // The code fixes this port, or the port is free here. Two tests may use the port that decides the result.
        PORT: String(port),
        DATABASE_URL: gate?.url ?? database.url,
        PGUSER: database.role,
      },
      `http://127.0.0.1:${port}`,
      template.summary.healthPath,
    );
  let server = await run();
  // A connection to a server that has ended does not lead to the next.
  let agent = new http.Agent({ keepAlive: true });
  const app: Asked = {
    send: (path, init) => send(server, agent, path, init),
    output: () => server.output(),
    query: database.query,
    file: (path) => (existsSync(join(out, path)) ? readFileSync(join(out, path), 'utf8') : undefined),
    stop: () => server.stop(),
    async restart() {
      expect(await server.stop()).toBe(0);
      agent.destroy();
      agent = new http.Agent({ keepAlive: true });
      server = await run();
    },
  };
  try {
    const note = await app.send('/api/notes', { data: { text: name } });
    expect(note).toMatchObject({ status: 201, json: { text: name } });
    expect((await app.send('/api/notes')).json[0]).toEqual(note.json);
    await ask?.(app);
    expect(await server.stop()).toBe(0);
    expect(server.output()).toMatch(/server\.ending.*server\.ended/s);
  } catch (error) {
    (error as Error).message += `\nThe server said:\n${server.output()}`;
    throw error;
  } finally {
    await server.stop();
    agent.destroy();
    await gate?.close();
  }
  const mayBeWritten = template.summary.writable.map((path) => path.replace('/app/', ''));
  expect(written(image).filter((file) => !mayBeWritten.includes(file.split('/')[0]!))).toEqual(before);
}

let free = 3;
const waiting: (() => void)[] = [];

/** Runs only a few at a time, because they use the CPU. */
async function inTurn(work: () => Promise<void>): Promise<void> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  await work().finally(() => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  });
}

const composed = new Map<string, ReturnType<typeof compose>>();

/** Templates depend only on these values, apart from file hashes, and several applications have the same values. */
function deployedOf(release: Release, directory: string) {
  const key = JSON.stringify([release.server, release.client, release.migrations]);
  const known = composed.get(key) ?? compose(release, directory);
  composed.set(key, known);
  return known;
}

/** Returns the parts of the templates that depend on the application, and the start command of its task. */
function compose(release: Release, directory: string) {
  // The synthesis fails if cdk-nag has a finding.
  const { environment } = testEnvironment('production', { change: release, directory });
  const all = Object.values(resources(environment.release));
  const ofType = (type: string) =>
    all.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  const definitions = ofType('AWS::ECS::TaskDefinition');
  const container = definitions.flatMap((d) => d.ContainerDefinitions).find(({ Name }) => Name === 'server');
  expect(definitions[0].RuntimePlatform.CpuArchitecture).toBe('ARM64');
  expect(container.ReadonlyRootFilesystem).toBe(true);
  const [distribution] = ofType('AWS::CloudFront::Distribution');
  const behaviors = distribution.DistributionConfig.CacheBehaviors as {
    PathPattern: string;
    AllowedMethods?: string[];
  }[];
  const [check] = ofType('Custom::ProvidedSecretsCheck');
  const [migrations] = ofType('Custom::Migrations');
  expect(migrations?.Digest).toBe(release.migrations.digest);
  const healthPaths = new Set(
    ofType('AWS::ElasticLoadBalancingV2::TargetGroup').map((group) => group.HealthCheckPath),
  );
  expect(healthPaths.size).toBe(1);
  return {
    summary: {
      port: container.PortMappings[0].ContainerPort as number,
      healthPath: [...healthPaths][0] as string,
      paths: behaviors
        .filter(({ AllowedMethods = [] }) => AllowedMethods.includes('POST'))
        .map(({ PathPattern }) => PathPattern)
        .sort(),
      secrets: (container.Secrets as { Name: string }[])
        .map(({ Name }) => Name)
        .filter((name) => !name.startsWith('PG')),
      awaited: (check?.SecretArns ?? []).length as number,
      writable: (container.MountPoints as { ContainerPath: string }[])
        .map(({ ContainerPath }) => ContainerPath)
        .filter((path) => path !== '/tmp'),
      migrations: release.migrations.kind,
    } satisfies Deployed,
    command: container.Command as string[],
    environment: Object.fromEntries(
      (container.Environment as { Name: string; Value: unknown }[])
        .filter(({ Value }) => typeof Value === 'string')
        .map(({ Name, Value }) => [Name, Value as string]),
    ),
  };
}

/** As `npm ci` would: the packages that the image's lock names, and no other. */
function linkLocked(image: string): void {
  const { packages } = JSON.parse(readFileSync(join(image, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, object>;
  };
  for (const place of Object.keys(packages).filter((path) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path))) {
    mkdirSync(dirname(join(image, place)), { recursive: true });
    symlinkSync(join(installed, place.slice('node_modules/'.length)), join(image, place), 'junction');
  }
}

function written(image: string): string[] {
  return (readdirSync(image, { recursive: true }) as string[])
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}

let databases = 0;

/** A database with two roles, as there are: the owner makes the schema, the server's only uses it. */
async function makeDatabase() {
  const url = await (await sharedPostgres()).createDatabase();
  const role = `server_${process.pid}_${++databases}`;
  const query = async (sql: string) => {
    const client = new Client(url);
    await client.connect();
    try {
      return (await client.query(sql)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  await query(`CREATE ROLE ${role} LOGIN;
    ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};
    ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO ${role}`);
  return { url: url.replace('postgres@', ''), role, query };
}

/** A way to the database that hangs up on the first who come. */
async function refusing(database: string, refusals: number) {
  const { port, hostname } = new URL(database);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (refusals-- > 0) {
      socket.resetAndDestroy();
      return;
    }
    const onward = connectTo(Number(port), hostname);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: database.replace(port, String((server.address() as { port: number }).port)),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function send(
  { url }: RunningServer,
  agent: http.Agent,
  path: string,
  { data, headers = {} }: { data?: object; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url + path,
      {
        agent,
        method: data ? 'POST' : 'GET',
        headers: {
          ...(data && { 'Content-Type': 'application/json' }),
          'X-Forwarded-Proto': 'http',
          'CloudFront-Forwarded-Proto': 'https',
          'X-Forwarded-For': '6.6.6.6, 203.0.113.7, 130.176.1.1',
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject).on('end', () => {
          const named = Object.entries(response.headers).map(
            ([key, value]) => [key, String(value)] as [string, string],
          );
          let json: unknown;
          try {
            json = JSON.parse(text);
          } catch {}
          resolve({ status: response.statusCode!, headers: new Headers(named), text, json });
        });
      },
    );
    request.on('error', reject).end(data && JSON.stringify(data));
  });
}
