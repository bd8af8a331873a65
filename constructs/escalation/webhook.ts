import { createHmac } from 'node:crypto';

/** Header with the time of signing, in seconds since 1970. */
export const TIMESTAMP_HEADER = 'x-framework53-timestamp';
/** Header with `v1=` and the signature, in hex. */
export const SIGNATURE_HEADER = 'x-framework53-signature';

const TIMEOUT_MILLISECONDS = 5_000;
const ATTEMPTS = 3;

/** HMAC-SHA256 over `timestamp.body`. The receiver verifies both with it. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** Sends `payload` to the webhook. Tries up to three times until the webhook answers with 2xx. */
export async function callWebhook(
  url: string,
  secret: string,
  payload: object,
  { fetch = globalThis.fetch, now = () => new Date(), pause = defaultPause } = {},
): Promise<void> {
  if (new URL(url).protocol !== 'https:') throw new Error('the webhook must use https');
  const body = JSON.stringify(payload);
  let problem = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const timestamp = String(Math.floor(now().getTime() / 1000));
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'framework53-escalation',
          [TIMESTAMP_HEADER]: timestamp,
          [SIGNATURE_HEADER]: signature(secret, timestamp, body),
        },
        body,
        // A redirect could send the signed body to any host.
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      await response.body?.cancel();
      if (response.ok) return;
      problem = `answered ${response.status}`;
      if (response.status >= 400 && response.status < 500 && response.status !== 429) break;
    } catch (error) {
      problem = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    if (attempt < ATTEMPTS) await pause(attempt);
  }
  // The message omits the URL, because the URL may contain a secret.
  throw new Error(`the webhook could not be called: ${problem}`);
}

function defaultPause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, attempt * 500));
}
