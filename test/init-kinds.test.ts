import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { loadSettings } from '../config';
import { configFile } from '../lib/init/config-file';
import { type InitReport, initApplication } from '../lib/init/init-application';
import { kinds } from './application/kinds';
import {
  installedExtras,
  installedGuestbook,
  linkPackages,
  portOfCode,
  temporaryFolder,
} from './application/support';

/** `npm test` leaves these to `KINDS=all`, because each takes seconds and test/init.test.ts plays one more. */
const plays = process.env['KINDS'] === 'all';

const packages = temporaryFolder();
const installed = join(packages, 'node_modules');
beforeAll(() => linkPackages(installed, [installedGuestbook(), installedExtras()]), 120_000);
afterAll(() => rmSync(packages, { recursive: true, force: true }));

const run = (directory: string): Promise<InitReport> =>
  initApplication(directory, loadSettings('development', directory), () => {});

test.runIf(plays).each(Object.entries(kinds))(
  'a second init of %s changes nothing',
  async (_, make) => {
    const folder = temporaryFolder();
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const directory = make(folder, installed, await portOfCode());
    const first = await run(directory);
    expect(first.experiment).toMatchObject({ comesUp: true });
    const { path, text } = configFile(directory, first.decisions);
    writeFileSync(path, text);

    const second = await run(directory);
    expect(second.experiment).toMatchObject({ comesUp: true });
    expect(second.decisions).toEqual([]);
    expect(configFile(directory, second.decisions)).toMatchObject({ state: 'same', text });
    expect(existsSync(path) && readFileSync(path, 'utf8')).toBe(text);
  },
  180_000,
);
