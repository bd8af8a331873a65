import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFile } from '../files/is-file';
import type { ApplicationConfig } from './application-config';
import { balanced } from './mask-comments';
import type { SecretKind } from './release';
import { place, type ServerSources, type SourceFile } from './server-sources';
import { isOptional, type Need, needOf, needOfName } from './variable-need';

/** A variable the server reads from its environment. */
export interface Variable {
  readonly name: string;
  /**
   * A secret, a constant given in the configuration, one that the platform sets, or one left unset;
   * `dispensable`: somebody else's key that the code does without, left out unless the configuration names it.
   */
  readonly kind: SecretKind | 'dispensable' | 'constant' | 'platform' | 'unset';
  /** Whether the code runs without it. */
  readonly optional: boolean;
  /** Where it is read, or `.env.example`. */
  readonly place: string;
}

const platform =
  /^(DATABASE_URL|PG[A-Z]+|PORT|NODE_ENV|NODE_[A-Z_]+|HOST|HOSTNAME|APP_ENV|PATH|HOME|PWD|USER|TZ|TMPDIR|CI|DEBUG|AWS_.+|ECS_.+|FRAMEWORK53_.+|SHUTDOWN_TIMEOUT_MS|VITEST.*|JEST_.+|npm_.+)$/;
const secret =
  /(SECRET|TOKEN(?!S)|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|DSN|SALT|PEPPER)|(^|_)(KEY|API_?KEY|APIKEY|PRIVATE_?KEY|AUTH)$|KEY_(BASE64|PEM|JSON)$/;
const notSecret =
  /(PUBLIC|PUBLISHABLE)|_(URL|URI|TTL|EXPIRY|EXPIRES?|EXPIRES_IN|LENGTH|ROUNDS|NAME|ID|PATH|FILE|TIMEOUT|MS|ENABLED|ENV_VAR)$|^(VITE|NEXT_PUBLIC)_/;
/** Ours to make: the application only needs it to stay the same, nobody else has to know it. */
const generated =
  /^((EXPRESS_?)?(SESSION|COOKIE|JWT|AUTH|CSRF|XSRF|APP|APPLICATION|SIGNING|HASH|ENCRYPTION|ACCESS|REFRESH|TOKEN|JWT_ACCESS|JWT_REFRESH|ACCESS_TOKEN|REFRESH_TOKEN|NEXTAUTH|BETTER_AUTH|SERVER)_)?(SECRET|SALT|PEPPER)(_KEY)?$|^(ENCRYPTION|SIGNING|SECRET|JWT|COOKIE|SESSION)_KEY$/;
/** Set by one hosting service, and asked for by code that wants to know whether it runs there. */
export const ofOtherHosts =
  /^(REPL_|REPLIT_|REPLIT$|RAILWAY_|VERCEL|RENDER|HEROKU_|DYNO$|FLY_|NETLIFY|KOYEB_|ISSUER_URL$|WEB_REPL_RENEWAL$)/;
/** Other names for the database's address, which only DATABASE_URL carries here. */
export const otherDatabaseUrl =
  /^(POSTGRES(QL)?_(PRISMA_)?URL\w*|NEON_\w*URL|DB_URL|DIRECT_(DATABASE_)?URL|DATABASE_\w+_URL|DATABASE_URL_\w+)$/;

/** What the server reads from its environment, and of what kind each is. */
export function detectVariables(
  directory: string,
  sources: ServerSources,
  config: ApplicationConfig,
): Variable[] {
  const found = new Map<string, { optional: boolean; place: string }>();
  const add = (name: string, optional: boolean, at: string) => {
    const known = found.get(name);
    if (!known || (known.optional && !optional)) found.set(name, { optional, place: at });
  };
  for (const source of sources.files) {
    const readings = new Map<string, { needs: Need[]; offset: number }>();
    for (const { name, need, offset } of readingsOf(source)) {
      const known = readings.get(name);
      if (known) known.needs.push(need);
      else readings.set(name, { needs: [need], offset });
    }
    for (const [name, { needs, offset }] of readings) add(name, isOptional(needs), place(source, offset));
    for (const [name, optional, offset] of schemaVariables(source.code))
      add(name, optional, place(source, offset));
  }
  // The code never names these: a library reads them, or nobody does.
  for (const name of exampleVariables(directory))
    if (!found.has(name) && secret.test(name) && !notSecret.test(name)) add(name, false, '.env.example');

  const configured = { ...config.secrets, ...config.environment };
  for (const name of Object.keys(configured)) add(name, false, 'framework53.config.ts');
  return [...found]
    .map(([name, at]) => ({ name, kind: kindOf(name, at.optional, config), ...at }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function kindOf(
  name: string,
  optional: boolean,
  { secrets, environment }: ApplicationConfig,
): Variable['kind'] {
  if (environment?.[name] !== undefined) return 'constant';
  if (secrets?.[name]) return secrets[name];
  if (platform.test(name)) return 'platform';
  if (generated.test(name)) return 'generated';
  if (!secret.test(name) || notSecret.test(name)) return 'unset';
  // A task does not start with a reference to a secret that has no value.
  return optional ? 'dispensable' : 'provided';
}

/** Where and how a module reads variables of its environment. */
function readingsOf({ code }: SourceFile): { name: string; need: Need; offset: number }[] {
  const readings: { name: string; need: Need; offset: number }[] = [];
  const environments = ['process\\s*\\.\\s*env', ...aliases(code)].join('|');
  const read = new RegExp(
    `(?:${environments})\\s*(?:\\??\\.\\s*([A-Za-z_]\\w*)|\\??\\.?\\[\\s*['"\`](\\w+)['"\`]\\s*\\])`,
    'g',
  );
  for (const match of code.matchAll(read)) {
    const name = (match[1] ?? match[2])!;
    const end = match.index + match[0].length;
    // An assignment or a deletion is no reading.
    if (!/^[A-Z][A-Z0-9_]*$/.test(name) || /^\s*=(?![=>])/.test(code.slice(end))) continue;
    readings.push({ name, need: needOf(code, match.index, end), offset: match.index });
  }
  for (const match of code.matchAll(/\{([^{}]*)\}\s*(?::[^=]+)?=\s*process\s*\.\s*env\b/g)) {
    const end = match.index + match[0].length;
    for (const [, name, local = name, fallback] of match[1]!.matchAll(
      /\b([A-Z][A-Z0-9_]*)\b\s*(?::\s*(\w+)\s*)?(=)?/g,
    ))
      readings.push({
        name: name!,
        need: fallback ? 'fallback' : needOfName(code, local!, end),
        offset: match.index,
      });
  }
  return readings;
}

/** `const env = process.env` gives it another name. */
function aliases(code: string): string[] {
  return [
    ...code.matchAll(/\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*process\s*\.\s*env\s*(?![\s.[?])/g),
  ].map((match) => `\\b${match[1]!.replace('$', '\\$')}`);
}

/** Keys of a schema that process.env is parsed with (zod, envalid and their like). */
function schemaVariables(code: string): [name: string, optional: boolean, offset: number][] {
  if (
    !/\b(parse|safeParse|cleanEnv|validate|createEnv)\s*\(\s*\{?[^)]{0,40}process\.env\b|runtimeEnv\s*:\s*process\.env/.test(
      code,
    )
  )
    return [];
  const result: [string, boolean, number][] = [];
  for (const match of code.matchAll(
    /\b(?:object|cleanEnv|createEnv|strictObject)\s*\(\s*(?:process\.env\s*,\s*)?\{/g,
  )) {
    const start = match.index + match[0].length - 1;
    const body = balanced(code, start);
    for (const key of body.matchAll(/(?:^|[\n,])\s*([A-Z][A-Z0-9_]+)\s*:([^\n]*)/g))
      result.push([
        key[1]!,
        /\.(optional|default|nullish|catch)\(|\bdefault\s*:/.test(key[2]!),
        start + 1 + key.index + key[0].indexOf(key[1]!),
      ]);
  }
  return result;
}

/** Names in the file of documented variables (§5.2): libraries read some that the code never names. */
function exampleVariables(directory: string): string[] {
  for (const file of ['.env.example', '.env.sample', '.env.template'])
    if (isFile(join(directory, file)))
      return [
        ...readFileSync(join(directory, file), 'utf8').matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/gm),
      ].map((m) => m[1]!);
  return [];
}
