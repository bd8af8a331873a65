// @framework Framework 5.3
import type { UserRow } from '@shared/schema';
import type { EntryRecord } from '../server/repositories/entryRepository';

/** Repositories in memory, with the same contract as those on PostgreSQL. */
export function fakeRepositories() {
  const users: UserRow[] = [];
  const entries: EntryRecord[] = [];
  const own = (id: number, authorId: number) =>
    entries.find((entry) => entry.id === id && entry.author.id === authorId);

  return {
    users,
    UserRepository: {
      getUser: async (id: number) => users.find((user) => user.id === id),
      findByName: async (name: string) =>
        users.find((user) => user.name.toLowerCase() === name.toLowerCase()),
      create: async (name: string, passwordHash: string) => {
        if (users.some((user) => user.name.toLowerCase() === name.toLowerCase())) return undefined;
        const user = { id: users.length + 1, name, passwordHash, createdAt: new Date() };
        users.push(user);
        return user;
      },
    },
    EntryRepository: {
      list: async (limit: number, before = Number.POSITIVE_INFINITY) =>
        entries
          .filter((entry) => entry.id < before)
          .sort((a, b) => b.id - a.id)
          .slice(0, limit),
      get: async (id: number) => entries.find((entry) => entry.id === id),
      create: async (authorId: number, message: string) => {
        const { id, name } = users.find((user) => user.id === authorId)!;
        const entry = { message, author: { id, name }, createdAt: new Date(), updatedAt: null };
        return entries.push({ id: entries.length + 1, ...entry });
      },
      update: async (id: number, authorId: number, message: string) => {
        const entry = own(id, authorId);
        if (entry) Object.assign(entry, { message, updatedAt: new Date() });
      },
      delete: async (id: number, authorId: number) => {
        const entry = own(id, authorId);
        if (entry) entries.splice(entries.indexOf(entry), 1);
      },
    },
    clear: () => {
      users.length = 0;
      entries.length = 0;
    },
  };
}
