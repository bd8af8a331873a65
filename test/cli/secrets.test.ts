import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { commandLine } from '../support/command-line';
import { mockClient } from '../support/mock-client';

const secretsManager = mockClient(SecretsManagerClient);
const notFound = new ResourceNotFoundException({ message: 'no', $metadata: {} });
let folder: string;

/** As little of an application as is read. */
beforeEach(() => {
  secretsManager.reset();
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  for (const name of ['client', 'server']) mkdirSync(join(folder, name));
  const files = {
    'package.json': JSON.stringify({ name: 'shop', dependencies: { express: '5' } }),
    'vite.config.ts': "export default { root: 'client' };",
    'client/index.html': '<!doctype html>',
    'server/index.ts': `import express from 'express';
      const app = express();
      app.get('/api/health', (_, response) => response.json({ key: process.env.STRIPE_SECRET_KEY, session: process.env.SESSION_SECRET }));
      app.listen(process.env.PORT ?? 8080);`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function run(words: string[], input = '') {
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([input]) as typeof process.stdin);
  return await commandLine('secrets', ...words, '--app', folder, '--env', 'production');
}
const sent = () => secretsManager.commandCalls(PutSecretValueCommand).map(({ args }) => args[0].input);

test('set stores standard input without its last line break', async () => {
  const { code, out } = await run(['set', 'STRIPE_SECRET_KEY'], 'sk_live_1\n');
  expect(code).toBe(0);
  expect(sent()).toEqual([{ SecretId: 'shop-production/STRIPE_SECRET_KEY', SecretString: 'sk_live_1' }]);
  expect(out).not.toContain('sk_live_1');
});

test('list shows names, origins and ages, never values', async () => {
  secretsManager.on(DescribeSecretCommand, { SecretId: 'shop-production/STRIPE_SECRET_KEY' }).resolves({
    VersionIdsToStages: { v1: ['AWSCURRENT'] },
    LastChangedDate: new Date(Date.now() - 3 * 86_400_000),
  });
  secretsManager
    .on(DescribeSecretCommand, { SecretId: 'shop-production/SESSION_SECRET' })
    .resolves({ VersionIdsToStages: {} });
  const { out } = await run(['list']);
  expect(out).toMatch(/STRIPE_SECRET_KEY +provided +set 3 days ago/);
  expect(out).toMatch(/SESSION_SECRET +generated +never set/);
});

test('list marks secrets that are not deployed yet, in JSON too', async () => {
  secretsManager.on(DescribeSecretCommand).rejects(notFound);
  const { out } = await run(['list', '--json']);
  expect(JSON.parse(out)).toContainEqual({ name: 'STRIPE_SECRET_KEY', kind: 'provided', state: 'missing' });
});

test('fails on a value in the arguments, and does not print it', async () => {
  const { code, err } = await run(['set', 'STRIPE_SECRET_KEY', 'sk_live_1']);
  expect([code, err]).toEqual([64, expect.stringContaining('set reads the value from standard input')]);
  expect(err).not.toContain('sk_live_1');
  expect(sent()).toEqual([]);
});

test('fails on empty input', async () => {
  const { code, err } = await run(['set', 'STRIPE_SECRET_KEY'], '\n');
  expect([code, err]).toEqual([1, expect.stringContaining('no value for STRIPE_SECRET_KEY')]);
  expect(sent()).toEqual([]);
});

test('fails on a secret that the application does not read, and lists those it reads', async () => {
  const { code, err } = await run(['set', 'STRIPE_KEY'], 'x');
  expect([code, err]).toEqual([1, expect.stringContaining('provided secrets: STRIPE_SECRET_KEY')]);
});

test('fails on a generated secret, and names the setting that changes this', async () => {
  const { err } = await run(['set', 'SESSION_SECRET'], 'x');
  expect(err).toContain("set application.secrets.SESSION_SECRET to 'provided'");
});

test('fails on a variable that the server does not need, and names the setting that passes it on', async () => {
  writeFileSync(
    join(folder, 'server', 'index.ts'),
    "import express from 'express';\nif (process.env.MAIL_API_KEY) express();\nexpress().listen(8080);\n",
  );
  const { err } = await run(['set', 'MAIL_API_KEY'], 'x');
  expect(err).toContain("first set application.secrets.MAIL_API_KEY to 'provided'");
  expect(sent()).toEqual([]);
});

test('fails before the data stack exists, and names the command to run', async () => {
  secretsManager.on(PutSecretValueCommand).rejects(notFound);
  const { code, err } = await run(['set', 'STRIPE_SECRET_KEY'], 'x');
  expect([code, err]).toEqual([
    1,
    expect.stringContaining('npx cdk deploy shop-production-data -c env=production'),
  ]);
});
