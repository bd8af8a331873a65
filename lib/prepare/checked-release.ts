import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestFile } from '../application/release-folder';
import { type CheckReport, checkApplication } from '../check/check-application';
import type { CheckSettings } from '../check/check-settings';
import { readGitFiles } from '../check/sources/git-files';

const reportFile = 'check.json';

/**
 * Checks the application that a release was built from. The report is cached beside the release, until the sources or
 * the files tracked by git change.
 *
 * @param checking a check of the same sources that has begun
 */
export async function checkedRelease(
  application: string,
  settings: CheckSettings,
  release: string,
  checking?: Promise<CheckReport>,
): Promise<CheckReport> {
  const file = join(release, reportFile);
  const digest = digestOf(application, settings, release);
  const before = readReport(file);
  if (before?.digest === digest) return before.report;
  const report = await (checking ?? checkApplication(application, settings));
  writeFileSync(file, JSON.stringify({ digest, report }));
  return report;
}

function digestOf(application: string, { database, server }: CheckSettings, release: string): string {
  const sources = readFileSync(join(release, digestFile));
  const tracked = [...(readGitFiles(application)?.tracked ?? [])].join('\n');
  return createHash('sha256')
    .update(sources)
    .update(tracked)
    .update(JSON.stringify([database, server?.maximumTasks]))
    .digest('hex');
}

function readReport(file: string): { digest: string; report: CheckReport } | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { digest: string; report: CheckReport };
  } catch {
    // Two commands may write at the same time.
    return undefined;
  }
}
