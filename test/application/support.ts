import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Release } from '../../lib/application/release';

export const guestbook = join(__dirname, '..', '..', 'examples', 'guestbook');
const templates = join(__dirname, '..', 'fixtures', 'applications');

/** A folder of one's own, gone after the test when it is handed to `onTestFinished` or `afterAll`. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'application-')));
}

/** Packages of the fixtures in addition to those of the guestbook: name → main module. */
const stands: Record<string, string> = {
  '@replit/vite-plugin-runtime-error-modal': 'export default () => ({ name: "runtime-error-modal" });',
};

/** Files that differ from the template: their contents, or null for a missing file. */
export type Differences = Readonly<Record<string, string | Buffer | null>>;

export interface ApplicationOptions {
  /** Folder below test/fixtures/applications. @default 'pushed' */
  readonly template?: string;
  /**
   * Packages that consist of one module with this text.
   * @default none
   */
  readonly packages?: Readonly<Record<string, string>>;
  /** Its node_modules. @default the packages of the guestbook, and those above */
  readonly installed?: string;
}

/** An application made from a template and what differs from it, with packages that are linked. */
export function makeApplication(
  folder: string,
  differences: Differences = {},
  { template = 'pushed', packages, installed }: ApplicationOptions = {},
): string {
  const directory = join(folder, 'app');
  cpSync(join(templates, template), directory, { recursive: true });
  const modules = join(directory, 'node_modules');
  if (packages) linkPackages(modules, [installedGuestbook()], { ...stands, ...packages });
  else symlinkSync(installed ?? sharedPackages(), modules, 'junction');
  for (const [file, text] of Object.entries(differences)) {
    rmSync(join(directory, file), { recursive: true, force: true });
    if (text === null) continue;
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  if (!('package-lock.json' in differences) && existsSync(join(directory, 'package.json')))
    writeFileSync(join(directory, 'package-lock.json'), lockOf(directory));
  return directory;
}

let shared: string | undefined;

/** One node_modules for all applications that a process makes. */
function sharedPackages(): string {
  if (shared) return shared;
  shared = temporaryFolder();
  process.once('exit', () => rmSync(shared!, { recursive: true, force: true }));
  linkPackages(shared, [installedGuestbook()], stands);
  return shared;
}

/** The template's file with some text replaced; fails when the text is not there. */
export function edited(file: string, ...replacements: [from: string, to: string][]): string {
  return editedOf('pushed', file, ...replacements);
}

export function editedOf(
  template: string,
  file: string,
  ...replacements: [from: string, to: string][]
): string {
  return replacements.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`${file} does not hold: ${from}`);
      return text.replace(from, () => to);
    },
    readFileSync(join(templates, template, file), 'utf8'),
  );
}

/** Links the packages that are installed in folders, the later ones' first, and those given as a module's text. */
export function linkPackages(
  folder: string,
  installations: readonly string[],
  modules: Readonly<Record<string, string>> = {},
): void {
  for (const installed of installations.map((each) => join(each, 'node_modules')))
    for (const name of readdirSync(installed)) {
      if (name.startsWith('.')) continue;
      const names = name.startsWith('@')
        ? readdirSync(join(installed, name)).map((inner) => `${name}/${inner}`)
        : [name];
      for (const each of names) {
        mkdirSync(dirname(join(folder, each)), { recursive: true });
        rmSync(join(folder, each), { force: true });
        symlinkSync(join(installed, each), join(folder, each), 'junction');
      }
    }
  for (const [name, text] of Object.entries(modules)) {
    rmSync(join(folder, name), { recursive: true, force: true });
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(
      join(folder, name, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' }),
    );
    writeFileSync(join(folder, name, 'index.js'), text);
  }
}

/** The guestbook with its packages; a fresh checkout has none yet. */
export function installedGuestbook(): string {
  if (!existsSync(join(guestbook, 'node_modules', 'vite')))
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd: guestbook,
      stdio: 'pipe',
    });
  return guestbook;
}

/**
 * Installs the packages of the fixtures once, in addition to those of the guestbook. The complete folder is moved into
 * place, because other tests may install it at the same time.
 */
export function installedExtras(): string {
  const folder = join(templates, 'packages');
  if (existsSync(join(folder, 'node_modules'))) return folder;
  const work = mkdtempSync(join(folder, '.installing-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(folder, file), join(work, file));
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: work, stdio: 'pipe' });
    renameSync(join(work, 'node_modules'), join(folder, 'node_modules'));
  } catch (error) {
    if (!existsSync(join(folder, 'node_modules'))) throw error;
  } finally {
    rmSync(work, { recursive: true });
  }
  return folder;
}

/** The lockfile of the guestbook with the packages of the fixtures, and with the root entry of another package.json. */
export function lockOf(directory: string): string {
  const lock = JSON.parse(readFileSync(join(guestbook, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, object>;
  };
  const extras = JSON.parse(
    readFileSync(join(templates, 'packages', 'package-lock.json'), 'utf8'),
  ) as typeof lock;
  lock.packages = { ...extras.packages, ...lock.packages };
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  lock.packages[''] = manifest;
  for (const [name, version] of Object.entries({
    ...manifest['dependencies'],
    ...manifest['devDependencies'],
  }))
    lock.packages[`node_modules/${name}`] ??= {
      version,
      resolved: `https://registry.example.com/${name}/-/${name}-${version}.tgz`,
      integrity: 'sha512-AA==',
    };
  return JSON.stringify(lock);
}

/** A server that runs as its image would run it. */
export interface RunningServer {
  readonly url: string;
  readonly process: ChildProcess;
  output(): string;
  /** Ends it as ECS does, and says its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the server of a release as its image does: from the image's folder, through the preload. */
export async function runServer(
  out: string,
  release: Release,
  environment: Readonly<Record<string, string>>,
  packages?: string,
): Promise<RunningServer> {
  const image = join(out, 'image');
  if (packages && !existsSync(join(image, 'node_modules')))
    symlinkSync(packages, join(image, 'node_modules'), 'junction');
  const { command, environment: constants, healthPath } = release.server;
  const port = environment['PORT'] ?? String(release.server.port);
  const args = command.slice(1).map((arg) => arg.replace('/app/', `${image}/`));
  return start(args, image, { ...constants, ...environment }, `http://127.0.0.1:${port}`, healthPath);
}

export async function start(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
  url: string,
  healthPath: string,
): Promise<RunningServer> {
  const child = spawn(process.execPath, [...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  // The event `exit` can come before the last output.
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  let exited = false;
  void ended.then(() => {
    exited = true;
  });
  for (let attempt = 0; !(await answers(url + healthPath)); attempt++) {
    if (exited || attempt > 1200) {
      child.kill('SIGKILL');
      throw new Error(`the server does not answer ${healthPath}:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    process: child,
    output: () => output,
    async stop() {
      if (!exited) child.kill('SIGTERM');
      const guard = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const code = await ended;
      clearTimeout(guard);
      return code;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { headers: { connection: 'close' } })).ok;
  } catch {
    return false;
  }
}

let lastPort = 5100 + ((process.pid * 13) % 20_000);

/** Returns a free port below the ephemeral range, so that the port is still free when a server listens on it. */
export async function portOfCode(): Promise<number> {
  for (;;) {
    const port = ++lastPort;
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** Runs the migrations of a release as its image does; says the exit code and the log lines. */
export function migrate(
  out: string,
  environment: Readonly<Record<string, string>>,
): { code: number; lines: Record<string, unknown>[] } {
  let output: string;
  let code = 0;
  try {
    output = execFileSync(process.execPath, ['migrate.mjs'], {
      cwd: join(out, 'image'),
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).toString();
  } catch (error) {
    const failed = error as { status: number; stdout: Buffer; stderr: Buffer };
    code = failed.status;
    output = failed.stdout.toString();
    if (failed.stderr.length) throw new Error(failed.stderr.toString());
  }
  return {
    code,
    lines: output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

/** Paths, sizes and times of all files, to see whether anything was written. */
export function listing(directory: string): string[] {
  const { statSync, lstatSync } = require('node:fs') as typeof import('node:fs');
  return (readdirSync(directory, { recursive: true }) as string[])
    .sort()
    .map(
      (file) =>
        `${file} ${lstatSync(join(directory, file)).size} ${lstatSync(join(directory, file)).isSymbolicLink() ? '' : statSync(join(directory, file)).mtimeMs}`,
    );
}
