/** What an error of the AWS SDK says of the answer it stands for. */
function answered(error: unknown): { status: number; name: string } {
  const { $metadata, name = '' } = error as { $metadata?: { httpStatusCode?: number }; name?: string };
  return { status: $metadata?.httpStatusCode ?? 500, name };
}

/** Whether a request would be refused again: it or a permission is wrong, and the service is not just busy. */
export function isRefused(error: unknown): boolean {
  const { status, name } = answered(error);
  return status >= 400 && status < 500 && !/Throttl|LimitExceeded|TooManyRequests/.test(name);
}

/** Whether there is nobody to ask: the service does not know the operation, as in a rehearsal. */
export function isUnknownOperation(error: unknown): boolean {
  return answered(error).status === 501;
}
