import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { costDocument } from '../../../scripts/docs/cost';

const root = join(__dirname, '../../..');

test('docs/cost.md is current; `npm run docs` writes it', { timeout: 240_000 }, async () => {
  expect(readFileSync(join(root, 'docs/cost.md'), 'utf8')).toBe(
    await costDocument(join(root, 'examples/guestbook')),
  );
});
