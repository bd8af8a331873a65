import type { EmulatedAccount } from '../emulated-account';

export type Input = Record<string, unknown>;
/** An operation of an AWS service, on what a rehearsal has; `by` is who asks for it. */
export type Operation = (cloud: EmulatedAccount, input: Input, by: string) => unknown;

/** An error as an AWS service names it. */
export class ServiceError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export function missing(what: unknown): never {
  throw new ServiceError('ResourceNotFoundException', `${what} does not exist`, 404);
}
