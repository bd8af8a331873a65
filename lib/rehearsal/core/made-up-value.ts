import { createHash } from 'node:crypto';
import { sampleOf } from './sample-of-pattern';

/**
 * Returns a worthless value that code accepts for a variable of this name.
 * @param said the text with which the server refused an earlier value, such as `must start with sk_`
 */
export function madeUpValue(name: string, said = ''): string {
  const random = randomOf(name);
  return said
    ? (fitting(said.replaceAll(/\\([\\"'`/])/g, '$1'), random, name) ?? valueByName(name, random))
    : valueByName(name, random);
}

/** Returns a value such as Secrets Manager generates: 64 letters and digits. */
export function generatedValue(name: string): string {
  const digest = createHash('sha512').update(name).digest();
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return [...digest].map((byte) => characters[byte % characters.length]).join('');
}

const randomOf = (text: string) => createHash('sha256').update(text).digest('hex');

function valueByName(name: string, random: string): string {
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

/** Returns a value of the kind that a text asks for; undefined if the text names no kind. */
function fitting(said: string, random: string, name: string): string | undefined {
  const pattern = /(?:pattern|match(?:es)?|regex)\W*\/(.+?)\/[a-z]*(?=[\s"',.)]|$)/i.exec(said)?.[1];
  const sample = pattern && sampleOf(pattern, random);
  if (sample) return sample;
  const option = optionOf(said);
  if (option !== undefined) return option;
  const scheme = /\b([a-z][a-z+.-]{1,20}:\/\/)/.exec(said)?.[1];
  const prefix = /\b(?:start|begin)s?[ _]?with\W*?["'`]?([^\s"'`,;)\]}|]+)/i
    .exec(said)?.[1]
    ?.replace(/\.$/, '');
  if (scheme && !prefix) return /^https?:/.test(scheme) ? `${scheme}app.example.com` : `${scheme}127.0.0.1:1`;
  const kind = prefix ? encoded(said, random) : (numberOf(said) ?? kindOf(said) ?? encoded(said, random));
  if (kind === undefined && !prefix) return undefined;
  const value = `${prefix ?? ''}${prefix && /:\/\/$/.test(prefix) ? 'app.example.com' : (kind ?? random)}`;
  return prefix && value.startsWith(prefix)
    ? withLength(said, value, random)
    : (kind ?? valueByName(name, random));
}

/** Returns the first of several allowed values. */
function optionOf(said: string): string | undefined {
  const list =
    /\b(?:one of|choices|allowed values|options are|enum value\. expected|expected(?=\W*["']\w+["']\s*(?:\||or\b)))\W*(.+)/is.exec(
      said,
    )?.[1] ?? /\bmust be (?:either )?(["'][^"']+["'] or ["'][^"']+["'])/i.exec(said)?.[1];
  if (/\b(boolean|true or false|true\/false)\b/i.test(said)) return 'true';
  return list && /["'`]?([\w.-]+)/.exec(list)?.[1];
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\b[ug]uid\b/i, '3f2b8c1e-5d4a-4f6b-9c7d-2e1a0b9c8d7f'],
  [/\be-?mail\b/i, 'init@example.com'],
  [/\b(url|uri)\b/i, 'https://app.example.com'],
  [/\bjson\b/i, '{}'],
  [/\b(iso )?date(time)?\b/i, '2030-01-01T00:00:00.000Z'],
  [/\bip(v4)?( address)?\b/i, '127.0.0.1'],
  [/\b(cron)\b/i, '0 3 * * *'],
];

function kindOf(said: string): string | undefined {
  return KINDS.find(([words]) => words.test(said))?.[1];
}

const LENGTH = /\b(characters?|chars?|bytes?|bits?|length|long|digits)\b|string to have|hex|base64/i;

/** Returns a number within the range that the text names. */
function numberOf(said: string): string | undefined {
  if (
    LENGTH.test(said) ||
    !/\b(numbers?|numeric|integer|int|nan|port|range|between|greater|less)\b|[<>]=?\s*\d/i.test(said)
  )
    return undefined;
  const between = /(-?[\d.]+)\s*(?:and|to|-|\.\.+|–)\s*(-?[\d.]+)/.exec(said);
  if (between) return between[1];
  const least =
    /(?:>=|at least|minimum\D{0,4}|min\D{0,4}|greater than or equal to|or more\D{0,2})\s*(-?\d+)/i.exec(
      said,
    )?.[1];
  if (least) return least;
  const above = /(?:>|greater than|more than|above|positive)\s*(-?\d+)?/i.exec(said);
  if (above) return String(Number(above[1] ?? 0) + 1);
  const most = /(?:<=?|at most|maximum\D{0,4}|max\D{0,4}|less than(?: or equal to)?|below)\s*(-?\d+)/i.exec(
    said,
  )?.[1];
  if (most) return String(Math.min(Number(most) - 1, 10));
  return '10';
}

/** Returns a text of the encoding or the length that the text names. */
function encoded(said: string, random: string): string | undefined {
  const count = (unit: string) => {
    const found = new RegExp(`(\\d+)[ -]*(?:${unit})`, 'i').exec(said)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const bits = count('bits?');
  const bytes = count('bytes?') ?? (bits && bits / 8);
  if (/\bhex/i.test(said))
    return repeated(random, count('hex|char|digit|lower') ?? (bytes ? bytes * 2 : lengthOf(said)) ?? 64);
  if (/\bbase-?64/i.test(said)) {
    const text = Buffer.from(repeated(random, bytes ?? 32)).toString('base64');
    return bytes ? text : text.slice(0, lengthOf(said) ?? text.length);
  }
  const length = lengthOf(said) ?? bytes;
  return length === undefined ? undefined : repeated(random, length);
}

/** Returns the number of characters that the text names. */
function lengthOf(said: string): number | undefined {
  if (!LENGTH.test(said)) return undefined;
  const found =
    /(?:>=|<=|exactly|at least|at most|minimum\D{0,8}|maximum\D{0,8}|length\D{0,12}|be)\s*(\d+)/i.exec(
      said,
    )?.[1] ??
    /(\d+)[ -]*(?:or more |hex |random |hexadecimal )*(?:characters?|chars?|digits|letters)/i.exec(said)?.[1];
  if (found === undefined) return undefined;
  return Number(found) + (/\b(longer|more) than\b|[^<]>\s*\d/i.test(said) ? 1 : 0);
}

function withLength(said: string, value: string, random: string): string {
  const length = lengthOf(said);
  return length === undefined
    ? value
    : `${value}${repeated(random, length)}`.slice(0, Math.max(length, value.length - random.length + 1));
}

function repeated(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, Math.min(length, 10_000));
}
