// @framework Framework 5.3
import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from '../server/password';

test('only the right password matches, and no two hashes are alike', async () => {
  const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  expect(one).not.toBe(two);
  expect(await verifyPassword('correct horse', one)).toBe(true);
  expect(await verifyPassword('correct hors', one)).toBe(false);
});
