import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { designDocument, unknownRooms } from '../../../scripts/docs/house';

const root = join(__dirname, '../../..');

test('docs/design.md shows the current folders and imports; `npm run docs` draws them', () => {
  const written = readFileSync(join(root, 'docs/design.md'), 'utf8');
  expect(written).toBe(designDocument(written, root));
});

test('every folder has a purpose; scripts/docs/house.ts lists them', () => {
  expect(unknownRooms(root)).toEqual([]);
});
