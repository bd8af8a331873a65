import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LintReport, lintMigrations } from '../../lib/migration-lint';

/** Writes files as drizzle-kit does: 0000, 0001, … */
export async function withMigrations<T>(files: readonly string[], use: (directory: string) => Promise<T>) {
  const directory = mkdtempSync(join(tmpdir(), 'migrations-'));
  try {
    mkdirSync(join(directory, 'meta'));
    const entries = files.map((sql, idx) => {
      const tag = `${String(idx).padStart(4, '0')}_step`;
      writeFileSync(join(directory, `${tag}.sql`), sql);
      return { idx, version: '7', when: 1_700_000_000_000 + idx, tag, breakpoints: true };
    });
    writeFileSync(
      join(directory, 'meta', '_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
    );
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export const lint = (files: readonly string[], applied?: number | string): Promise<LintReport> =>
  withMigrations(files, (directory) =>
    lintMigrations({ directory, ...(applied !== undefined && { applied }) }),
  );

/** `line rule` of each finding. */
export const places = ({ findings }: LintReport): string[] =>
  findings.map(({ place, rule }) => `${place.line} ${rule}`);

export const breakpoint = '\n--> statement-breakpoint\n';
