// @framework Framework 5.3
import type { ApiError, Credentials, Entry, EntryInput, EntryPage, User } from '@shared/api';

/** Response that is not a success; `status` is 0 if there was no response. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
  }
}

async function request<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers: body && { 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new RequestError(0, 'The guestbook cannot be reached. Are you online?');
  }
  const answer = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const error = (answer as ApiError | undefined)?.error;
  throw new RequestError(
    response.status,
    error?.message ?? 'Something went wrong. Please try again.',
    error?.fields,
  );
}

export const api = {
  whoAmI: () => request<{ user: User | null }>('GET', '/session'),
  signUp: (credentials: Credentials) => request<{ user: User }>('POST', '/users', credentials),
  signIn: (credentials: Credentials) => request<{ user: User }>('POST', '/session', credentials),
  signOut: () => request<void>('DELETE', '/session'),
  listEntries: (before?: number) =>
    request<EntryPage>('GET', before ? `/entries?before=${before}` : '/entries'),
  signBook: (entry: EntryInput) => request<Entry>('POST', '/entries', entry),
  editEntry: (id: number, entry: EntryInput) => request<Entry>('PATCH', `/entries/${id}`, entry),
  deleteEntry: (id: number) => request<void>('DELETE', `/entries/${id}`),
};

/** Returns the name of the environment, or undefined if it is unknown. */
export async function fetchEnvironment(): Promise<string | undefined> {
  try {
    const response = await fetch('/config.json');
    return response.ok ? (await response.json()).environment : undefined;
  } catch {
    return undefined;
  }
}
