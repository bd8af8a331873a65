// @framework Framework 5.3
import { credentialsSchema, entrySchema, messageMaxLength, pageSchema } from '@shared/api';
import { expect, test } from 'vitest';

test.each(['Ada', 'Ada Lovelace', "Zoë O'Neill-Brontë", 'Nguyễn Văn A.', '李明'])('%s is a name', (name) => {
  expect(credentialsSchema.safeParse({ name, password: 'correct horse' }).success).toBe(true);
});

test.each(['A', '  ', 'x'.repeat(41), '<b>Ada</b>', 'Ada\nLovelace', '-Ada'])('%j is none', (name) => {
  expect(credentialsSchema.safeParse({ name, password: 'correct horse' }).success).toBe(false);
});

test('a password is long enough and kept as it is typed', () => {
  expect(credentialsSchema.safeParse({ name: 'Ada', password: 'short' }).success).toBe(false);
  expect(credentialsSchema.parse({ name: 'Ada', password: '  spaces count  ' }).password).toBe(
    '  spaces count  ',
  );
});

test('a message has its ends trimmed, is not empty and not endless', () => {
  expect(entrySchema.parse({ message: ' Hello\n' })).toEqual({ message: 'Hello' });
  expect(entrySchema.safeParse({ message: '\n' }).success).toBe(false);
  expect(entrySchema.safeParse({ message: 'x'.repeat(messageMaxLength + 1) }).success).toBe(false);
});

test('a page is bounded', () => {
  expect(pageSchema.parse({})).toEqual({ limit: 10 });
  expect(pageSchema.parse({ before: '12', limit: '50' })).toEqual({ before: 12, limit: 50 });
  expect(pageSchema.safeParse({ limit: '0' }).success).toBe(false);
  expect(pageSchema.safeParse({ before: '9999999999' }).success).toBe(false);
});
