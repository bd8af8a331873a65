import { spawnSync } from 'node:child_process';
import { z } from 'zod';

const reportSchema = z.looseObject({
  metadata: z.looseObject({
    vulnerabilities: z.looseObject({ high: z.number(), critical: z.number(), total: z.number() }),
  }),
});

/** Numbers of known vulnerabilities of the production packages; undefined without an answer. */
export type Audit = { readonly severe: number; readonly total: number } | undefined;

/** Requests known vulnerabilities from the npm registry. Waits at most 30 seconds. */
export function auditProduction(application: string): Audit {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: application,
    encoding: 'utf8',
    timeout: 30_000,
    shell: process.platform === 'win32',
  });
  return auditOf(stdout ?? '');
}

/** Parses the output of `npm audit --json`. */
export function auditOf(text: string): Audit {
  try {
    const { high, critical, total } = reportSchema.parse(JSON.parse(text)).metadata.vulnerabilities;
    return { severe: high + critical, total };
  } catch {
    return undefined;
  }
}
