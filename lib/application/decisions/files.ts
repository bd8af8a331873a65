import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin, leadsOut } from '../../files/inside';
import { filesOf } from '../digest';
import type { FileRead } from '../reading/server-reading';
import type { Warning } from '../warning';

/** Largest file or folder, in megabytes, that is added to the image automatically. */
const largest = 10;

/**
 * Matches folders of sources, generated files or packages. A path to one of these does not mean that the server reads
 * it.
 */
const wholes = /^(\.|client|server|shared|src|client\/src|node_modules|dist|build|\.git)$/;
const never =
  /(^|\/)(node_modules|\.git|\.env[^/]*|package(-lock)?\.json)(\/|$)|\.([cm]?[jt]sx?|map)$|^(dist|client\/(src|index\.html))(\/|$)/;

/** Returns the files and folders of the application that the image needs, because the server reads them. */
export function decideFiles(
  directory: string,
  reads: readonly FileRead[],
  outDir: string,
  written: readonly string[],
): { files: string[]; warnings: Warning[] } {
  const found = reads.filter(
    ({ path }) => !wholes.test(path) && !never.test(path) && !isWithin(path, outDir),
  );
  // A folder that the server also writes to contains files that it expects there.
  const committed = written
    .filter((folder) => !wholes.test(folder) && !never.test(folder) && existsSync(join(directory, folder)))
    .filter((folder) => statSync(join(directory, folder)).isDirectory())
    .map((path) => ({ path, place: path }));
  const all = [...found, ...committed];
  const kept = [...new Map(all.map((read) => [read.path, read])).values()]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .filter(({ path }) => !all.some((other) => other.path !== path && isWithin(path, other.path)));
  const warnings: Warning[] = [];
  const files = kept.filter(({ path, place }) => {
    if (leadsOut(directory, join(directory, path))) {
      warnings.push({
        rule: 'linked-file-left-out',
        severity: 'danger',
        place: path,
        what: `the server seems to read this path (${place}), but the image does not contain it`,
        why: 'it is a link to a place outside the application, from which Docker copies nothing',
        fix: ['put the files in its place'],
      });
      return false;
    }
    const size = sizeOf(join(directory, path)) / 1e6;
    if (size <= largest) return true;
    warnings.push({
      rule: 'large-file-left-out',
      severity: 'danger',
      place: path,
      what: `the server seems to read this path (${place}), but the image does not contain it`,
      why: `its size is ${Math.round(size)} MB`,
      fix: ['store it in S3, or list it in application.server.files'],
    });
    return false;
  });
  return { files: files.map(({ path }) => path), warnings };
}

function sizeOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return filesOf(path).reduce((sum, file) => sum + statSync(join(path, file)).size, 0);
}
