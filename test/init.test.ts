import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadSettings } from '../config';
import { findChromium } from '../lib/init/browser';
import { configFile } from '../lib/init/config-file';
import { decide } from '../lib/init/decide';
import { type InitReport, initApplication } from '../lib/init/init-application';
import { LocalCloudFront } from '../lib/init/local-cloudfront';
import { readable } from '../lib/init/readable-application';
import { visitPages } from '../lib/init/visit-pages';
import { Workspace } from '../lib/rehearsal/core/workspace';
import { type Differences, editedOf, makeApplication, temporaryFolder } from './application/support';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function application(differences: Differences): string {
  const folder = temporaryFolder();
  folders.push(folder);
  return makeApplication(folder, differences, { template: 'plain' });
}

const lines: string[] = [];
const run = (directory: string): Promise<InitReport> =>
  initApplication(directory, loadSettings('development', directory), (line) => lines.push(line));

/** Values that look like secrets, and that nothing that init produces may hold. */
const CANARIES = {
  file: 'canary-in-a-file-of-variables-4be1',
  process: 'canary-in-the-process-93c2',
};

/** The command lines of all processes of this machine. */
function commandLines(): string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc').flatMap((id) => {
    try {
      return /^\d+$/.test(id) ? [readFileSync(`/proc/${id}/cmdline`, 'latin1')] : [];
    } catch {
      // The process has ended.
      return [];
    }
  });
}

/** Writes the configuration as the command does. */
function write(directory: string, report: InitReport): string {
  const { path, text, state } = configFile(directory, report.decisions);
  writeFileSync(path, text);
  return state;
}

const index = (...replacements: [from: string, to: string][]) =>
  editedOf('plain', 'server/index.ts', ...replacements);

describe('an application whose code reveals little', () => {
  const directory = () =>
    application({
      '.env': `API_KEY_X=${CANARIES.file}\nTENANT_ID=${CANARIES.file}\n`,
      'server/.env': `DATABASE_URL=postgres://u:${CANARIES.file}@db/x\n`,
      'server/index.ts': index(
        ['process.env.PORT || 3000', `parseInt('15' + '5' + 'x90'.slice(1))`],
        [
          "app.get('/api/health'",
          "app.get('/api/health', (_req, res, next) => (res as never as { allowed?: boolean }).allowed ? next() : res.status(401).end());\napp.get('/api/other'",
        ],
        ['extra(app);', 'extra(app);\nimport(`./${"late"}`).catch(() => {});'],
        [
          'app.listen(',
          `const news = '/' + ['live', 'news'].reverse().reverse().join('-');
          const accepted = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', '', ''];
          const answers: Record<string, string> = { [news]: accepted.join('\\r\\n') };
          setTimeout(() => server.on('upgrade', (request, socket) => socket.end(answers[request.url!])), 1);
          const server = app.listen(`,
        ],
      ),
      'client/src/main.ts': 'new WebSocket(`wss://${location.host}/live-news`);',
      'server/extra.ts': `import type { Express } from 'express';
        import { pool } from './db';
        const names = JSON.parse('["API", "KEY"]');
        const needed = process.env[names.join('_') + '_X'];
        if (!needed) throw new Error('API_KEY_X must be set');
        if (!needed.startsWith('ax-')) throw new Error('API_KEY_X must start with "ax-"');
        if (!/^[0-9a-f]{64}$/.test(process.env.ENCRYPTION_KEY!)) throw new Error('ENCRYPTION_KEY must be 64 hex characters');
        if (!process.env[JSON.parse('["TENANT", "ID"]').join('_')]) throw new Error('this wants a clientID');
        if (Number(process.env.REQUEST_LIMIT ?? 3) > 5) throw new Error('the limit is out of range');
        export function extra(app: Express): void {
          for (const path of JSON.parse('["reports", "exports"]')) app.get('/' + path + '/:id', (_req, res) => res.json({}));
          void pool.query('CREATE TABLE IF NOT EXISTS boot (id int)').catch((error) => { console.error(error); process.exit(1); });
        }`,
    });

  test('gets settings from a trial run; a second run changes nothing', async () => {
    const app = directory();
    expect(readable(app, {}).guessedPort).toBe(true);
    for (const name of ['API_KEY_X', 'TENANT_ID', 'DATABASE_URL', 'PGPASSWORD', 'SESSION_SECRET'])
      vi.stubEnv(name, CANARIES.process);
    const started = new Set<string>();
    const watch = setInterval(() => {
      for (const line of commandLines()) started.add(line);
    }, 50);
    const first = await run(app).finally(() => {
      clearInterval(watch);
      vi.unstubAllEnvs();
    });
    expect(first.experiment).toMatchObject({
      comesUp: true,
      needed: ['API_KEY_X', 'TENANT_ID'],
      needsOwner: true,
    });
    expect(Object.fromEntries(first.decisions.map(({ path, value }) => [path.join('.'), value]))).toEqual({
      'application.server.port': 15590,
      'application.server.healthPath': '/__health',
      'application.server.paths': ['/api', '/api/*', '/exports/*', '/reports/*'],
      'application.server.webSockets': ['/live-news'],
      'application.secrets.API_KEY_X': 'provided',
      'application.secrets.ENCRYPTION_KEY': 'provided',
      'application.secrets.TENANT_ID': 'provided',
      'database.applicationRole': 'owner',
    });
    expect(write(app, first)).toBe('new');
    const text = readFileSync(join(app, 'framework53.config.ts'), 'utf8');
    expect(text).toContain('// The server does not start without it.\n');
    expect(text).toContain('64 letters and digits (must be 64 hex characters).\n');
    expect([...started].join()).toMatch(existsSync('/proc') ? /recorder/ : /^/);
    const produced = {
      text,
      report: JSON.stringify(first),
      log: readFileSync(first.log, 'utf8'),
      lines,
      started,
    };
    for (const [name, content] of Object.entries(produced))
      for (const canary of Object.values(CANARIES))
        expect([name, typeof content === 'string' ? content : [...content].join()]).not.toEqual([
          name,
          expect.stringContaining(canary),
        ]);
    expect(loadSettings('production', app)).toMatchObject({
      application: {
        server: { port: 15590 },
        secrets: { API_KEY_X: 'provided', ENCRYPTION_KEY: 'provided', TENANT_ID: 'provided' },
      },
      database: { applicationRole: 'owner' },
    });

    const second = await run(app);
    expect(second.experiment.comesUp).toBe(true);
    expect(second.decisions).toEqual([]);
    expect(write(app, second)).toBe('same');
    expect(readFileSync(join(app, 'framework53.config.ts'), 'utf8')).toBe(text);
  }, 120_000);
});

test.each([
  [
    'ends by itself',
    index([
      'app.listen(Number(process.env.PORT || 3000));',
      'const port = process.env.PORT; if (port === "never") app.listen(port);',
    ]),
    /exit code 0: does it listen/,
    [],
  ],
  [
    'throws',
    index([
      'extra(app);',
      'extra(app);\nconst start = () => { throw new TypeError(`Acme refuses ACME_KEY ${process.env.ACME_KEY}`); };\nif (process.env.PORT) start();',
    ]),
    /exit code 1: TypeError: Acme refuses ACME_KEY/,
    [{ name: 'ACME_KEY', said: 'Acme refuses' }],
  ],
])(
  'a server that %s is reported with its reason and its log',
  async (_, server, reason, refused) => {
    const report = await run(application({ 'server/index.ts': server }));
    expect(report.experiment.comesUp).toBe(false);
    expect(report.experiment.reason).toMatch(reason);
    expect(report.experiment.refused).toEqual(refused);
    expect(existsSync(report.log)).toBe(true);
  },
  60_000,
);

test('init records the migrations that an application already has as applied', async () => {
  const journal = JSON.parse(editedOf('plain', 'migrations/meta/_journal.json')) as {
    entries: { tag: string }[];
  };
  journal.entries.push({ ...journal.entries[0]!, idx: 1, tag: '0001_shorter' } as never);
  const directory = application({
    'migrations/0000_initial.sql': `${editedOf('plain', 'migrations/0000_initial.sql')}\n--> statement-breakpoint\nCREATE TABLE "old" (id int);`,
    'migrations/0001_shorter.sql': 'DROP TABLE "old";',
    'migrations/meta/_journal.json': JSON.stringify(journal),
  });
  const { decisions } = await run(directory);
  expect(decisions).toMatchObject([
    { path: ['application', 'migrations', 'applied'], value: '0001_shorter' },
  ]);
}, 60_000);

test('sessions are sticky if the server keeps visitor state in memory', () => {
  const found = (reading: object, ownServer: object) =>
    decide({
      application: {
        server: { port: { port: 3000 }, health: { path: '/__health' } },
        reading: { sessions: [], webSockets: [], ...reading },
      },
      config: {},
      ownServer,
      experiment: { needed: [], unusual: [] },
      guessedPort: false,
    } as never).map(({ path, value }) => [path.join('.'), value]);
  const settings = [
    ['server.stickySessionMinutes', 1440],
    ['server.deployment', 'rolling'],
  ];
  const inMemory = { sessions: [{ inMemory: true }] };
  expect(found(inMemory, {})).toEqual(settings);
  expect(found({ webSockets: [{ library: 'socket.io', polls: true }] }, {})).toEqual(settings);
  expect(found({ sessions: [{ inMemory: false }], webSockets: [{ library: 'socket.io' }] }, {})).toEqual([]);
  for (const own of [{ stickySessionMinutes: 0 }, { maximumTasks: 1 }, { deployment: 'canary' }])
    expect(found(inMemory, own)).toEqual([]);
});

test('existing settings remain when init adds others', () => {
  const app = application({
    'framework53.config.ts':
      "export default { default: { region: 'eu-west-1', application: { secrets: { A: 'provided' } } }, production: { server: { minimumTasks: 3 } } };",
  });
  const decisions = [{ path: ['application', 'secrets', 'B'], value: 'provided', because: 'it is needed' }];
  const { state, path, text } = configFile(app, decisions);
  expect(state).toBe('changed');
  writeFileSync(path, text);
  const { region, server, application: found } = loadSettings('production', app);
  expect({ region, tasks: server.minimumTasks, secrets: found.secrets }).toEqual({
    region: 'eu-west-1',
    tasks: 3,
    secrets: { A: 'provided', B: 'provided' },
  });
});

describe('the pages of a release', () => {
  const folder = temporaryFolder();
  folders.push(folder);
  const release = (paths: string[]) =>
    ({
      server: { paths },
      client: { contentSecurityPolicySources: { 'img-src': ['https://pictures.example'] } },
    }) as never;
  const page = (body: string) =>
    `<!doctype html><html><head><title>x</title></head><body>${body}</body></html>`;
  writeFileSync(join(folder, 'index.html'), page('<script src="/own.js"></script>'));
  writeFileSync(join(folder, 'fine.html'), page('<script>document.title = "fine"</script>'));
  writeFileSync(
    join(folder, 'own.js'),
    'fetch("https://api.example/x").catch(() => {}); fetch("/api/x").then((r) => r.json()); console.error("told", 1); eval("1")',
  );
  const server = createServer((request, response) => {
    response.end(
      JSON.stringify({ path: request.url, scheme: request.headers['cloudfront-forwarded-proto'] }),
    );
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => server.close());
  const port = () => (server.address() as AddressInfo).port;

  test('are served with their policies, together with the server', async () => {
    const front = new LocalCloudFront(release(['/api/*']), folder, port());
    const url = await front.listen();
    expect(front.pages.sort()).toEqual(['/', '/fine.html']);
    const index = await fetch(`${url}/some/page`);
    expect([index.status, await index.text()]).toEqual([200, expect.stringContaining('own.js')]);
    expect(index.headers.get('content-security-policy')).toContain('https://pictures.example');
    expect(await (await fetch(`${url}/api/y?z=1`)).json()).toEqual({ path: '/api/y?z=1', scheme: 'https' });
    expect((await fetch(`${url}/assets/missing.js`)).status).toBe(404);
    front.close();
  });

  const chromium = findChromium();
  if (!chromium) console.warn('SKIPPED: no Chromium on this machine, so no page was visited');

  test.skipIf(!chromium)(
    'are opened in a browser, which reports policy violations, exceptions and errors',
    async () => {
      const workspace = new Workspace();
      const pages = await visitPages(chromium!, workspace, {
        release: release(['/api/*']),
        client: folder,
        port: port(),
      });
      await workspace.close();
      const complaints = Object.fromEntries(
        pages!.map(({ path, complaints }) => [path, complaints.join('\n')]),
      );
      expect(complaints['/fine.html']).toBe('');
      expect(complaints['/']).toContain('https://api.example/x');
      expect(complaints['/']).toContain('told 1');
      expect(complaints['/']).toMatch(/EvalError/);
    },
    60_000,
  );

  test('are not opened if the browser does not start', async () => {
    const workspace = new Workspace();
    const made = visitPages('/bin/false', workspace, { release: release([]), client: folder, port: port() });
    expect(await made).toBeUndefined();
    await workspace.close();
    expect(findChromium('/nowhere:/not/there')).toBeUndefined();
  });
});
