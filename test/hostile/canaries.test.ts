import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { commandLine } from '../support/command-line';

/** Values that look like secrets, and that no output may hold. */
const CANARIES = {
  file: 'canary-in-a-file-of-variables-7f3a91',
  process: 'canary-in-the-process-52be0c',
  configuration: 'canary-in-the-configuration-c41d77',
};

const folder = mkdtempSync(join(tmpdir(), 'canaries-'));
const application = join(folder, 'application');
const example = join(__dirname, '../../examples/guestbook');

beforeAll(() => {
  cpSync(example, application, {
    recursive: true,
    filter: (path) => !/node_modules|\/dist$|\.git$/.test(path.slice(example.length)),
  });
  symlinkSync(join(example, 'node_modules'), join(application, 'node_modules'));
  for (const name of ['.env', '.env.production', 'server/.env'])
    writeFileSync(
      join(application, name),
      `SESSION_SECRET=${CANARIES.file}\nDATABASE_URL=postgres://u:${CANARIES.file}@db/x\n`,
    );
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  for (const name of ['SESSION_SECRET', 'DATABASE_URL', 'PGPASSWORD', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, CANARIES.process);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

test('no secret of a file, the process or the configuration is in anything that commands write', {
  timeout: 240_000,
}, async () => {
  const from = ['--app', application, '--env', 'test'];
  const outputs = [
    await commandLine('check', '--app', application),
    await commandLine('synth', ...from, '--out', join(folder, 'out/plan')),
  ];
  writeFileSync(
    join(application, 'framework53.config.ts'),
    `export default { default: { application: { secrets: { STRIPE_KEY: '${CANARIES.configuration}' } } } };`,
  );
  const refused = await commandLine('synth', ...from, '--out', join(folder, 'out/refused'));
  expect(refused.err).toContain('application.secrets.STRIPE_KEY');

  const written = [...filesIn(join(folder, 'out')), ...filesIn(join(folder, 'cache'))];
  expect(written.length).toBeGreaterThan(20);
  const texts = [
    ...[...outputs, refused].map(({ out, err }, index) => [`output ${index}`, out + err] as const),
    ...written.map((path) => [path, readFileSync(path, 'latin1')] as const),
  ];
  const leaks = texts.flatMap(([name, text]) =>
    Object.values(CANARIES)
      .filter((canary) => text.includes(canary))
      .map((canary) => `${name}: ${canary}`),
  );
  expect(leaks).toEqual([]);
  expect(outputs.map(({ code, err }) => (code === 0 || code === 2 ? 'ran' : err))).toEqual(['ran', 'ran']);
});
