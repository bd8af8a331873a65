/** Returns the status and the name of an AWS SDK error. */
function responseOf(error: unknown): { status: number; name: string } {
  const { $metadata, name = '' } = error as { $metadata?: { httpStatusCode?: number }; name?: string };
  return { status: $metadata?.httpStatusCode ?? 500, name };
}

/** Returns true if AWS would refuse the same request again, because the request or a permission is wrong. */
export function isRefused(error: unknown): boolean {
  const { status, name } = responseOf(error);
  const isBusy = [408, 429].includes(status) || /Throttl|LimitExceeded|TooManyRequests/.test(name);
  return status >= 400 && status < 500 && !isBusy;
}

/** Returns true if the service does not know the operation, as in a rehearsal. */
export function isUnknownOperation(error: unknown): boolean {
  return responseOf(error).status === 501;
}

/** Returns true if a repeated call may succeed: AWS throttled the call, failed, or could not be reached. */
export function isTransient(error: unknown): boolean {
  const isOfTheSdk = error instanceof Error && '$metadata' in error;
  return isOfTheSdk && !isRefused(error) && !isUnknownOperation(error);
}
