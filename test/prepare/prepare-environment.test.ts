import { appendFileSync, cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { prepareEnvironment } from '../../lib/prepare/prepare-environment';

const GUESTBOOK = join(__dirname, '../../examples/guestbook');
/** Made of two parts, so that no scanner takes this file for a leak. */
const KEY = `sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}`;

test('an error of the check blocks production, and is a warning in other environments', async ({
  expect,
}) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'prepare-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const application = join(folder, 'guestbook');
  cpSync(GUESTBOOK, application, {
    recursive: true,
    filter: (path) => !['node_modules', 'dist'].includes(basename(path)),
  });
  symlinkSync(join(GUESTBOOK, 'node_modules'), join(application, 'node_modules'));
  appendFileSync(join(application, 'client/src/main.tsx'), `\nconsole.info('${KEY}');\n`);
  const of = (environment: string) =>
    prepareEnvironment({ application, environment, out: join(folder, 'release') });

  await expect(of('production')).rejects.toThrow(/client\/src\/main\.tsx:\d+/);
  const { check, release } = await of('staging');
  expect(check.findings.filter(({ severity }) => severity === 'error').map(({ file }) => file)).toEqual([
    'client/src/main.tsx',
  ]);
  expect(release.warnings).toContainEqual(
    expect.objectContaining({
      severity: 'danger',
      place: expect.stringMatching(/^client\/src\/main\.tsx:\d+$/),
    }),
  );
});
