// @framework Framework 5.3
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { logger } from '../server/logger';
import { EntryRepository } from '../server/repositories/entryRepository';
import { EntryService } from '../server/services/entryService';

vi.mock('../server/repositories/entryRepository', () => ({
  EntryRepository: { list: vi.fn(), get: vi.fn(), create: vi.fn(), update: vi.fn(), delete: vi.fn() },
}));

const record = (id: number) => ({
  id,
  message: 'Hello',
  createdAt: new Date('2025-05-01T10:00:00Z'),
  updatedAt: null,
  author: { id: 1, name: 'Ada' },
});

beforeEach(() => {
  vi.mocked(EntryRepository.get).mockImplementation(async (id) => (id === 5 ? record(5) : undefined));
});
afterEach(() => vi.restoreAllMocks());

test('a page asks for one entry more, to know whether there is a next', async () => {
  vi.mocked(EntryRepository.list).mockResolvedValue([record(9), record(8), record(7)]);
  const page = await EntryService.list({ limit: 2 });
  expect(EntryRepository.list).toHaveBeenCalledWith(3, undefined);
  expect(page.entries.map(({ id }) => id)).toEqual([9, 8]);
  expect(page.next).toBe(8);
});

test('signing logs the event that is counted', async () => {
  const info = vi.spyOn(logger, 'info').mockReturnValue();
  vi.mocked(EntryRepository.create).mockResolvedValue(5);
  const entry = await EntryService.sign(1, { message: 'Hello' });
  expect(entry.createdAt).toBe('2025-05-01T10:00:00.000Z');
  expect(info).toHaveBeenCalledWith({ event: 'entry.signed', entryId: 5, userId: 1 });
});

test('fails to change what belongs to another or to nobody, before the repository is asked to', async () => {
  await expect(EntryService.edit(5, 2, { message: 'Mine' })).rejects.toMatchObject({ status: 403 });
  await expect(EntryService.remove(5, 2)).rejects.toMatchObject({ status: 403 });
  await expect(EntryService.remove(6, 1)).rejects.toMatchObject({ status: 404 });
  expect(EntryRepository.update).not.toHaveBeenCalled();
  expect(EntryRepository.delete).not.toHaveBeenCalled();
});
