// @framework Framework 5.3
import { entries, users } from '@shared/schema';
import { and, desc, eq, lt } from 'drizzle-orm';
import { db } from '../db';

const columns = {
  id: entries.id,
  message: entries.message,
  createdAt: entries.createdAt,
  updatedAt: entries.updatedAt,
  author: { id: users.id, name: users.name },
};

export interface EntryRecord {
  id: number;
  message: string;
  createdAt: Date;
  updatedAt: Date | null;
  author: { id: number; name: string };
}

const select = () => db.select(columns).from(entries).innerJoin(users, eq(users.id, entries.authorId));

export const EntryRepository = {
  /** Newest first. Pages are selected by key, so that later pages are as fast as the first. */
  list: (limit: number, before?: number): Promise<EntryRecord[]> =>
    select()
      .where(before === undefined ? undefined : lt(entries.id, before))
      .orderBy(desc(entries.id))
      .limit(limit),

  get: async (id: number): Promise<EntryRecord | undefined> => {
    const [entry] = await select().where(eq(entries.id, id));
    return entry;
  },

  create: async (authorId: number, message: string): Promise<number> => {
    const [entry] = await db.insert(entries).values({ authorId, message }).returning({ id: entries.id });
    return entry!.id;
  },

  /** Changes the author's own entry only. */
  update: async (id: number, authorId: number, message: string): Promise<void> => {
    await db
      .update(entries)
      .set({ message, updatedAt: new Date() })
      .where(and(eq(entries.id, id), eq(entries.authorId, authorId)));
  },

  /** Deletes the author's own entry only. */
  delete: async (id: number, authorId: number): Promise<void> => {
    await db.delete(entries).where(and(eq(entries.id, id), eq(entries.authorId, authorId)));
  },
};
