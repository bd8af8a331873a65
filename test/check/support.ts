import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CheckReport, checkApplication } from '../../lib/check/check-application';
import { placeText } from '../../lib/check/finding';

/** Files of an application: path → text. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** A folder with these files, gone after the test. */
export function folderOf(files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'check-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** As little as an application can have. */
export const small: Files = {
  'package.json': '{ "name": "shop" }',
  'client/index.html': '<script type="module" src="/src/main.tsx"></script>',
  'server/index.ts': "import express from 'express';\nexpress().listen(process.env.PORT ?? 8080);",
};

export function check(files: Files): Promise<CheckReport> {
  return checkApplication(folderOf({ ...small, ...files }));
}

/** The places at which one rule finds something, as `file:line`. */
export async function places(rule: string, files: Files): Promise<string[]> {
  const { findings } = await check(files);
  return findings.filter((finding) => finding.rule === rule).map(placeText);
}
