import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import type { Application } from '../application';
import { ApplicationError } from '../application-error';
import { packageFolder, readJson } from '../package-manifest';

const run = promisify(execFile);

/** Milliseconds after which drizzle-kit is stopped. It probably waits for an answer at a prompt. */
const patience = 60_000;

/**
 * Returns the DDL of a pushed schema from the application's own drizzle-kit. Does not connect to a database.
 * @param work temporary folder
 * @throws ApplicationError with the output of drizzle-kit
 */
export async function exportSchema(application: Application, work: string): Promise<string> {
  const { directory, migrations } = application;
  const cwd = join(directory, migrations.kitFolder ?? '.');
  const script = scriptOf(cwd);
  if (!script)
    throw new ApplicationError(directory, [
      {
        file: 'node_modules/drizzle-kit',
        problem: 'is not installed, so the DDL of the pushed schema cannot be exported',
        fix: 'add drizzle-kit to devDependencies and run `npm install`, or set application.migrations.kind to none',
      },
    ]);
  try {
    const { stdout } = await drizzleKit(cwd, script, [
      'export',
      `--config=${posix.relative(migrations.kitFolder ?? '.', migrations.drizzleConfig!)}`,
    ]);
    return ddlOf(stdout);
  } catch (error) {
    // Versions of drizzle-kit before 0.30 have no `export` command.
    if (!/unknown command:? '?export/i.test(outputOf(error))) throw failure(application, error);
  }
  try {
    const folder = await generateInto(application, script, join(work, 'schema'));
    const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
    return files
      .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll(breakpoint, ''))
      .join('\n');
  } catch (error) {
    throw failure(application, error);
  }
}

const breakpoint = /-->\s*statement-breakpoint/g;

/**
 * True if drizzle-kit would generate another migration, because no migration contains some changes of the schema.
 * @param work temporary folder
 */
export async function hasUngenerated(application: Application, work: string): Promise<boolean> {
  const { directory, migrations } = application;
  const script = scriptOf(join(directory, migrations.kitFolder ?? '.'));
  if (!script || !migrations.drizzleConfig || !migrations.folder) return false;
  const copy = join(work, 'migrations');
  mkdirSync(copy, { recursive: true });
  cpSync(join(directory, migrations.folder), join(copy, 'out'), { recursive: true });
  const sql = () =>
    readdirSync(join(copy, 'out'), { recursive: true }).filter((name) => String(name).endsWith('.sql'));
  const before = sql().length;
  try {
    await generateInto(application, script, copy);
    return sql().length > before;
  } catch (error) {
    // drizzle-kit asks if something was renamed. A build cannot answer.
    return /interactive prompts|TTY/i.test(outputOf(error));
  }
}

/**
 * Generates migrations into the folder `out` of a temporary folder, and returns that folder. The application's own
 * migrations stay unchanged.
 */
async function generateInto(
  { directory, migrations }: Application,
  script: string,
  work: string,
): Promise<string> {
  mkdirSync(work, { recursive: true });
  const cwd = join(directory, migrations.kitFolder ?? '.');
  const path = (file: string) => relative(cwd, file).split(sep).join('/');
  const out = join(work, 'out');
  const config = join(work, 'drizzle.config.ts');
  const own = JSON.stringify(join(directory, migrations.drizzleConfig!));
  writeFileSync(
    config,
    `import own from ${own};\nexport default { ...(own as object), out: ${JSON.stringify(path(out))} };\n`,
  );
  const { version = '0' } =
    readJson<{ version?: string }>(join(packageFolder(cwd, 'drizzle-kit')!, 'package.json')) ?? {};
  // Up to version 0.20, each dialect has its own command.
  const command = /^0\.(1?\d|20)\./.test(version) ? 'generate:pg' : 'generate';
  await drizzleKit(cwd, script, [command, `--config=${path(config)}`]);
  return out;
}

function scriptOf(cwd: string): string | undefined {
  const kit = packageFolder(cwd, 'drizzle-kit');
  const bin = kit && readJson<{ bin?: Record<string, string> | string }>(join(kit, 'package.json'))?.bin;
  const script = typeof bin === 'string' ? bin : bin?.['drizzle-kit'];
  return kit && script && existsSync(join(kit, script)) ? join(kit, script) : undefined;
}

function drizzleKit(cwd: string, script: string, words: readonly string[]) {
  const child = run(process.execPath, [script, ...words], {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
    timeout: patience,
    env: {
      ...process.env,
      NO_COLOR: '1',
      // Configurations may throw without an address. drizzle-kit does not connect to this address.
      DATABASE_URL: process.env['DATABASE_URL'] || 'postgresql://nobody@127.0.0.1:1/none',
    },
  });
  child.child.stdin?.end();
  return child;
}

function outputOf(error: unknown): string {
  const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
  return stdout + stderr || message;
}

function failure({ directory, migrations }: Application, error: unknown): ApplicationError {
  return new ApplicationError(
    directory,
    [
      {
        file: migrations.drizzleConfig!,
        problem: 'drizzle-kit cannot export the schema',
        fix: 'correct what drizzle-kit reports below, or set application.migrations.kind to none',
      },
    ],
    outputOf(error),
  );
}

/** Returns the statements without the messages of drizzle-kit. */
function ddlOf(stdout: string): string {
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => /^\s*(CREATE|ALTER|COMMENT|DO|INSERT|SET|--)\b/i.test(line));
  return first < 0 ? '' : `${lines.slice(first).join('\n').trim()}\n`;
}
