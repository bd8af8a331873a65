// @framework Framework 5.3
import type { ErrorClass } from '@shared/api';

const statuses = {
  validation: 400,
  authentication: 401,
  authorization: 403,
  'not-found': 404,
  conflict: 409,
} as const;

/** Error with a message that users may read. */
export class AppError extends Error {
  readonly status: number;

  constructor(
    readonly errorClass: keyof typeof statuses,
    message: string,
    readonly fields?: Record<string, string>,
  ) {
    super(message);
    this.name = 'AppError';
    this.status = statuses[errorClass];
  }
}

/** Converts errors of Express itself: a body that is not JSON or too long, or a path that it cannot decode. */
export function asAppError(error: unknown): unknown {
  const { status } = (error ?? {}) as { status?: unknown };
  if (error instanceof AppError || typeof status !== 'number' || status < 400 || status > 499) return error;
  // The message of Express may quote the body.
  return new AppError(
    'validation',
    status === 413 ? 'The request is too long.' : 'The request cannot be read.',
  );
}

/** Returns the SQLSTATE or the system error code of a driver error, which Drizzle wraps as `cause`. */
export function errorCode(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return undefined;
}

/** Returns the class under which an error is logged and counted. */
export function classify(error: unknown): ErrorClass {
  if (error instanceof AppError) return error.errorClass;
  if (error instanceof Error && 'query' in error) return 'database';
  // SQLSTATE (23505), or a failed connection.
  const code = errorCode(error);
  if (code && (/^[0-9A-Z]{5}$/.test(code) || /^E(CONN|HOST|PIPE|TIMEDOUT)/.test(code))) return 'database';
  return 'internal';
}
