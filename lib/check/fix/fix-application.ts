import { existsSync, lstatSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { ChangedFile } from '../../files/difference';
import { checkApplication } from '../check-application';
import type { CheckSettings } from '../check-settings';
import { CheckedApplication } from '../sources/checked-application';
import { isDirty } from '../sources/git-files';
import { annotationEdits } from './annotations';
import { dependencyEdits } from './dependency-groups';
import { variableEdits } from './example-variables';

/** The repair of an application. */
export interface Repair {
  /** Changed files, with paths relative to the application. */
  readonly changes: readonly ChangedFile[];
  /** Reasons not to write, each a clause. `force` overrides them. */
  readonly cautions: readonly string[];
  /** Files that are not changed, each with the reason. */
  readonly refused: readonly string[];
  /** Writes all changes. */
  write(): void;
}

/** Finds the repairs of dependencies, documented variables and annotations. Writes nothing. */
export async function findRepair(directory: string, settings: CheckSettings = {}): Promise<Repair> {
  const application = new CheckedApplication(directory, settings);
  const { suppressed } = await checkApplication(directory, settings);
  const isSuppressed = (rule: string, file?: string, line?: number) =>
    suppressed.some(
      (each) =>
        each.rule === rule &&
        (file === undefined || each.file === file) &&
        (line === undefined || each.line === undefined || each.line === line),
    );
  const edits = [
    ...(isSuppressed('dependency-misplaced') ? [] : await dependencyEdits(application)),
    ...variableEdits(application, ({ file, line }) => isSuppressed('variable-undocumented', file, line)),
    ...annotationEdits(application).filter(({ rule, file }) => !isSuppressed(rule, file)),
  ];
  const changes = new Map<string, ChangedFile>();
  const refused: string[] = [];
  for (const { file, apply } of edits) {
    const before = changes.get(file)?.before ?? readText(join(application.directory, file));
    const known = changes.get(file)?.text ?? before;
    const text = known === undefined ? undefined : apply(known);
    if (text === known && text !== undefined) continue;
    const reason = isOutside(application.directory, file)
      ? 'is a link that leads out of the folder'
      : text === undefined && 'is not UTF-8';
    if (reason) refused.push(`${file} ${reason}`);
    else changes.set(file, { path: file, before: before!, text: text! });
  }
  return {
    changes: [...changes.values()],
    cautions: cautionsOf(application, [...changes.keys()]),
    refused,
    write() {
      for (const { path, text } of changes.values()) writeFileSync(join(application.directory, path), text);
    },
  };
}

/**
 * Returns the text of a file, or an empty text if it does not exist. Returns undefined if writing the text back would
 * change the file.
 */
function readText(path: string): string | undefined {
  if (!existsSync(path)) return '';
  const bytes = readFileSync(path);
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

function isOutside(directory: string, file: string): boolean {
  const path = join(directory, file);
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  // Writing through a dangling link would create a file at an unknown place.
  return !existsSync(path) || !realpathSync(path).startsWith(`${directory}${sep}`);
}

function cautionsOf(application: CheckedApplication, files: readonly string[]): string[] {
  const { directory } = application;
  const git = application.git();
  if (!git) return ['the folder is not under version control, so the files could not be restored'];
  const untracked = files.filter((file) => !git.tracked.has(file) && existsSync(join(directory, file)));
  return [
    ...(isDirty(directory, ['.']) ? ['the folder has uncommitted changes'] : []),
    ...untracked.map((file) => `git does not track ${file}`),
  ];
}
