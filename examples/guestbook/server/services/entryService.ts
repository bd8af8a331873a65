// @framework Framework 5.3
import type { Entry, EntryInput, EntryPage, PageQuery } from '@shared/api';
import { AppError } from '../errors';
import { logger } from '../logger';
import { type EntryRecord, EntryRepository } from '../repositories/entryRepository';

const present = (entry: EntryRecord): Entry => ({
  ...entry,
  createdAt: entry.createdAt.toISOString(),
  updatedAt: entry.updatedAt?.toISOString() ?? null,
});

async function find(id: number): Promise<EntryRecord> {
  const entry = await EntryRepository.get(id);
  if (!entry) throw new AppError('not-found', 'There is no such entry; it may have been deleted.');
  return entry;
}

async function findOwn(id: number, userId: number): Promise<EntryRecord> {
  const entry = await find(id);
  if (entry.author.id !== userId) throw new AppError('authorization', 'Only its author may change an entry.');
  return entry;
}

export const EntryService = {
  list: async ({ limit, before }: PageQuery): Promise<EntryPage> => {
    // One entry more than requested shows whether there is a next page.
    const records = await EntryRepository.list(limit + 1, before);
    const page = records.slice(0, limit);
    return {
      entries: page.map(present),
      next: records.length > limit ? (page.at(-1)?.id ?? null) : null,
    };
  },

  sign: async (userId: number, { message }: EntryInput): Promise<Entry> => {
    const id = await EntryRepository.create(userId, message);
    // Counted as a business metric.
    logger.info({ event: 'entry.signed', entryId: id, userId });
    return present(await find(id));
  },

  edit: async (id: number, userId: number, { message }: EntryInput): Promise<Entry> => {
    await findOwn(id, userId);
    await EntryRepository.update(id, userId, message);
    return present(await find(id));
  },

  remove: async (id: number, userId: number): Promise<void> => {
    await findOwn(id, userId);
    await EntryRepository.delete(id, userId);
    logger.info({ event: 'entry.deleted', entryId: id, userId });
  },
};
