// @framework Framework 5.3
import { type UserRow, users } from '@shared/schema';
import { eq, sql } from 'drizzle-orm';
import { db } from '../db';

export const UserRepository = {
  getUser: async (id: number): Promise<UserRow | undefined> => {
    const [user] = await db.select().from(users).where(eq(users.id, id));
    return user;
  },

  findByName: async (name: string): Promise<UserRow | undefined> => {
    const [user] = await db.select().from(users).where(sql`lower(${users.name}) = lower(${name})`);
    return user;
  },

  /** Returns undefined if the name is taken. The unique index decides, so two requests cannot both succeed. */
  create: async (name: string, passwordHash: string): Promise<UserRow | undefined> => {
    const [user] = await db.insert(users).values({ name, passwordHash }).onConflictDoNothing().returning();
    return user;
  },
};
