import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Application } from '../application';
import { ApplicationError } from '../application-error';
import { packageFolder, readJson } from '../package-manifest';

const run = promisify(execFile);

/** The DDL of a pushed schema, from the application's own `drizzle-kit export`; no database is asked. */
export async function exportBaseline(application: Application): Promise<string> {
  const { directory, migrations } = application;
  const kit = packageFolder(directory, 'drizzle-kit');
  const bin = kit && readJson<{ bin?: Record<string, string> | string }>(join(kit, 'package.json'))?.bin;
  const script = typeof bin === 'string' ? bin : bin?.['drizzle-kit'];
  if (!kit || !script)
    throw new ApplicationError(directory, [
      {
        file: 'node_modules/drizzle-kit',
        problem: 'is not installed, so the DDL of the pushed schema cannot be exported',
        fix: 'add drizzle-kit to devDependencies and run `npm install`, or set application.migrations.kind to none',
      },
    ]);
  try {
    const { stdout } = await run(
      process.execPath,
      [join(kit, script), 'export', `--config=${migrations.drizzleConfig}`],
      {
        cwd: directory,
        maxBuffer: 64 * 1024 * 1024,
        env: {
          ...process.env,
          NO_COLOR: '1',
          // Configurations refuse to load without an address; nothing connects to it.
          DATABASE_URL: process.env['DATABASE_URL'] || 'postgresql://nobody@127.0.0.1:1/none',
        },
      },
    );
    return ddlOf(stdout);
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new ApplicationError(
      directory,
      [
        {
          file: migrations.drizzleConfig!,
          problem: 'drizzle-kit cannot export the schema',
          fix: 'correct what drizzle-kit reports below, or set application.migrations.kind to none',
        },
      ],
      stdout + stderr || message,
    );
  }
}

/** The statements, without what drizzle-kit says about itself. */
function ddlOf(stdout: string): string {
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => /^\s*(CREATE|ALTER|COMMENT|DO|INSERT|SET|--)\b/i.test(line));
  return first < 0 ? '' : `${lines.slice(first).join('\n').trim()}\n`;
}
