import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresBinaries } from '../../lib/rehearsal/rds/postgres-binaries';
import { createCluster } from '../../lib/rehearsal/rds/postgres-cluster';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'cluster-'));
  // PostgreSQL is another user when this is root.
  chmodSync(home, 0o711);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('the start fails if the first statement fails', async () => {
  const binaries = await postgresBinaries('17');
  await expect(createCluster(binaries, join(home, 'data'), "ALTER ROLE nobody PASSWORD 'x'")).rejects.toThrow(
    /^PostgreSQL: postgres failed: [\s\S]*role "nobody" does not exist/,
  );
});

test('the start names a missing program, and leaves no files', async () => {
  const binaries = join(home, 'binaries');
  await expect(createCluster(binaries, join(home, 'other'), 'SELECT 1')).rejects.toThrow(
    /^PostgreSQL: initdb failed: .*ENOENT/,
  );
  expect(readdirSync(home)).not.toContainEqual(expect.stringMatching(/^binaries/));
});
