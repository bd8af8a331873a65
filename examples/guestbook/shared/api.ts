// @framework Framework 5.3
// The small variant: the client carries it too.
import * as z from 'zod/mini';

/** Input of the API. The server validates it, and the client does so before it sends a request. */
export const nameSchema = z
  .string('A name is missing.')
  .check(
    z.trim(),
    z.minLength(2, 'A name has at least 2 characters.'),
    z.maxLength(40, 'A name has at most 40 characters.'),
    z.regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} .'-]*$/u, "A name has letters, digits, spaces and . ' - only."),
  );

export const credentialsSchema = z.object({
  name: nameSchema,
  password: z
    .string('A password is missing.')
    .check(
      z.minLength(10, 'A password has at least 10 characters.'),
      z.maxLength(200, 'A password has at most 200 characters.'),
    ),
});

export const messageMaxLength = 1000;

export const entrySchema = z.object({
  message: z
    .string('A message is missing.')
    .check(
      z.trim(),
      z.minLength(1, 'Write a few words first.'),
      z.maxLength(messageMaxLength, `A message has at most ${messageMaxLength} characters.`),
    ),
});

/** Ids are PostgreSQL integers. */
export const entryIdSchema = z.coerce
  .number('An id is a number.')
  .check(
    z.int('An id is a whole number.'),
    z.minimum(1, 'An id is at least 1.'),
    z.maximum(2_147_483_647, 'There are no ids that large.'),
  );

export const pageSchema = z.object({
  /** Returns only entries older than this id. */
  before: z.optional(entryIdSchema),
  /** Number of entries. */
  limit: z._default(
    z.coerce
      .number('A limit is a number.')
      .check(
        z.int('A limit is a whole number.'),
        z.minimum(1, 'A limit is at least 1.'),
        z.maximum(50, 'A limit is at most 50.'),
      ),
    10,
  ),
});

export type Credentials = z.infer<typeof credentialsSchema>;
export type EntryInput = z.infer<typeof entrySchema>;
export type PageQuery = z.infer<typeof pageSchema>;

/** Responses of the server. */
export interface User {
  id: number;
  name: string;
}

export interface Entry {
  id: number;
  message: string;
  author: User;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601; null if never edited. */
  updatedAt: string | null;
}

export interface EntryPage {
  entries: Entry[];
  /** `before` of the next page; null on the last page. */
  next: number | null;
}

export type ErrorClass =
  | 'validation'
  | 'authentication'
  | 'authorization'
  | 'not-found'
  | 'conflict'
  | 'database'
  | 'internal';

export interface ApiError {
  error: {
    class: ErrorClass;
    message: string;
    /** Message for each field of a validation error. */
    fields?: Record<string, string>;
  };
}
