import { createHash } from 'node:crypto';

/** Returns a worthless value that code accepts for a variable of this name. */
export function madeUpValue(name: string): string {
  const random = createHash('sha256').update(name).digest('hex');
  if (/^(REDIS|VALKEY|UPSTASH)_/.test(name) && /URL|URI/.test(name)) return 'redis://127.0.0.1:1';
  if (/STRIPE.*WEBHOOK/.test(name)) return `whsec_${random}`;
  if (/STRIPE.*(PUBLIC|PUBLISHABLE)/.test(name)) return `pk_test_${random}`;
  if (/STRIPE/.test(name)) return `sk_test_${random}`;
  if (/DSN$/.test(name)) return `https://${random.slice(0, 32)}@o1.ingest.sentry.io/1`;
  if (/(SERVICE_ACCOUNT|CREDENTIALS|JSON)/.test(name)) return '{}';
  if (/(DOMAINS?|HOST(NAME)?)$/.test(name)) return 'app.example.com';
  if (/(URL|URI|ENDPOINT|ORIGINS?|ISSUER)/.test(name)) return 'https://app.example.com';
  if (/(MAIL|FROM)/.test(name)) return 'init@example.com';
  if (/(PORT|TIMEOUT|LIMIT|_MS|MAX|MIN|ROUNDS|COUNT|SIZE|TTL)$/.test(name)) return '10';
  return random;
}
