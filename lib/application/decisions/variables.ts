import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFile } from '../../files/is-file';
import type { ApplicationConfig } from '../application-config';
import type { VariableUse } from '../reading/server-reading';
import type { Need } from '../reading/use';
import type { SecretKind } from '../release';

/** An environment variable that the server reads. */
export interface Variable {
  readonly name: string;
  /**
   * - `generated`: a secret that is created once for each environment.
   * - `provided`: a secret that a person sets before the first deployment.
   * - `database`: another name for the database's address, or for a part of it.
   * - `dispensable`: a key of another service that the code can do without; omitted unless the configuration lists it.
   * - `constant`: a value from the configuration.
   * - `platform`: set by the platform.
   * - `unset`: without a value.
   */
  readonly kind: SecretKind | 'database' | 'dispensable' | 'constant' | 'platform' | 'unset';
  /** True if the code runs without the variable. */
  readonly optional: boolean;
  /** True if the server does not start without the variable. */
  readonly insisted: boolean;
  /** Place of the use that depends most on the variable, or `.env.example`. */
  readonly place: string;
}

const platform =
  /^(DATABASE_URL|PG[A-Z]+|PORT|NODE_ENV|NODE_[A-Z_]+|HOST|HOSTNAME|APP_ENV|PATH|HOME|PWD|USER|TZ|TMPDIR|CI|DEBUG|AWS_.+|ECS_.+|FRAMEWORK53_.+|SHUTDOWN_TIMEOUT_MS|LOG_LEVEL|DATABASE_(POOL_SIZE|IDLE_TIMEOUT_MS|CONNECT_TIMEOUT_MS)|VITEST.*|JEST_.+|npm_.+)$/;
const secret =
  /(SECRET|TOKEN(?!S)|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|DSN|SALT|PEPPER|SERVICE_ACCOUNT|CONNECTION_STRING)|(^|_)(KEY|API_?KEY|APIKEY|PRIVATE_?KEY|AUTH|PASS)$|KEY_(BASE64|PEM|JSON)$/;
/** Matches addresses with a password, or names of passwords. */
const secretAddress =
  /^(REDIS|VALKEY|UPSTASH|MONGO|MONGODB|AMQP|RABBITMQ|CLOUDAMQP|SMTP|MAIL|MAILER|CLOUDINARY)_\w*(URL|URI)$|WEBHOOK_URL$/;
const notSecret =
  /(PUBLIC|PUBLISHABLE)|_(URL|URI|TTL|EXPIRY|EXPIRES?|EXPIRES_IN|LENGTH|ROUNDS|NAME|EMAIL|ID|PATH|FILE|TIMEOUT|MS|ENABLED|ENV_VAR)$|^(VITE|NEXT_PUBLIC)_/;
/** Matches secrets that can be generated, because only the application uses them. */
const generated =
  /^((EXPRESS_?)?(SESSION|COOKIE|JWT|AUTH|CSRF|XSRF|APP|APPLICATION|SIGNING|HASH|ENCRYPTION|ACCESS|REFRESH|TOKEN|JWT_ACCESS|JWT_REFRESH|ACCESS_TOKEN|REFRESH_TOKEN|NEXTAUTH|BETTER_AUTH|SERVER)_)?(SECRET|SALT|PEPPER)(_KEY)?$|^(ENCRYPTION|SIGNING|SECRET|JWT|COOKIE|SESSION)_KEY$/;
/** Matches variables of other hosting services, by which code detects that it runs there. */
export const ofOtherHosts =
  /^(REPL_|REPLIT_|REPLIT$|RAILWAY_|VERCEL|RENDER|HEROKU_|DYNO$|FLY_|NETLIFY|KOYEB_|ISSUER_URL$|WEB_REPL_RENEWAL$)/;
/** Matches other names for the database's address and its parts. The preload sets their values. */
const ofDatabase =
  /^(POSTGRES(QL)?_(PRISMA_)?(URL|URI)\w*|PG_(URL|URI|CONNECTION_STRING)|NEON_\w*URL|DB_(URL|URI|CONNECTION_STRING)|DIRECT_(DATABASE_)?URL|DATABASE_(URI|CONNECTION_STRING)|DATABASE_\w+_URL|DATABASE_URL_\w+)$|^(DB|DATABASE|POSTGRES|POSTGRESQL|PG|RDS)_(HOST|HOSTNAME|PORT|USER|USERNAME|PASS|PASSWORD|NAME|DATABASE|DB|DBNAME)$/;

/** Files with example variables, in the order of the search. */
export const exampleFiles = ['.env.example', '.env.sample', '.env.template'];

interface Found {
  readonly needs: readonly Need[];
  readonly place: string;
}

/** Returns the environment variables that the server reads, each with its kind. */
export function decideVariables(
  directory: string,
  uses: readonly VariableUse[],
  config: ApplicationConfig,
  addresses: readonly (readonly string[])[] = [],
): Variable[] {
  const documented = exampleVariables(directory);
  const found = new Map<string, Found>();
  const add = (name: string, need: Need, place: string) => {
    const known = found.get(name);
    const isStronger = !known || strength(need) > Math.max(...known.needs.map(strength));
    found.set(name, { needs: [...(known?.needs ?? []), need], place: isStronger ? place : known.place });
  };
  const has = valueIsKnown(uses, config);
  const ofOwnDatabase = addressesOf(addresses);
  for (const use of uses) add(use.name, needBeside(use, has, documented), use.place);
  // The code never names these: a library reads them, or nothing does.
  for (const name of documented) if (!found.has(name) && isSecret(name)) add(name, 'plain', '.env.example');
  for (const name of Object.keys({ ...config.secrets, ...config.environment }))
    add(name, 'plain', 'framework53.config.ts');
  return [...found]
    .map(([name, { needs, place }]) => {
      const optional = isOptional(needs);
      const insisted = needs.includes('ends');
      const isAddress = ofOwnDatabase.has(name);
      return {
        name,
        kind: kindOf(name, { optional, insisted, isAddress }, config),
        optional,
        insisted,
        place,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Returns the variables that hold the address of the application's own database. A server may connect to further
 * databases, so names that are usual for the own database decide. Without such a name, the first connection decides.
 */
function addressesOf(connections: readonly (readonly string[])[]): ReadonlySet<string> {
  const usual = connections.filter((names) =>
    names.some((name) => name === 'DATABASE_URL' || ofDatabase.test(name)),
  );
  return new Set((usual.length > 0 ? usual : connections.slice(0, 1)).flat());
}

function strength(need: Need): number {
  return ['logged', 'fallback', 'guarded', 'plain', 'fails', 'ends'].indexOf(need);
}

function isNeeded(need: Need): boolean {
  return need === 'plain' || need === 'fails' || need === 'ends';
}

/** True if the code runs without a variable that it uses in these ways. */
function isOptional(needs: readonly Need[]): boolean {
  if (needs.some(isNeeded)) return false;
  return needs.some((need) => need !== 'logged');
}

/** Matches names that always have a value. */
function valueIsKnown(uses: readonly VariableUse[], config: ApplicationConfig): (name: string) => boolean {
  const alone = new Set(
    uses
      .filter(({ need, alternatives }) => alternatives.length === 0 && isNeeded(need))
      .map(({ name }) => name),
  );
  const given = /^(DATABASE_URL|PGHOST|PGUSER|PGPASSWORD|PGDATABASE|PORT|NODE_ENV|HOST|APP_ENV|LOG_LEVEL)$/;
  return (name) =>
    given.test(name) ||
    name in { ...config.secrets, ...config.environment } ||
    generated.test(name) ||
    (alone.has(name) && isSecret(name));
}

/**
 * Returns the need for one of several alternative names. Names without a value count as given if another one has a
 * value.
 */
function needBeside(
  { name, need, alternatives }: VariableUse,
  has: (name: string) => boolean,
  documented: readonly string[],
): Need {
  if (alternatives.length === 0 || !isNeeded(need)) return need;
  if (alternatives.some(has)) return 'fallback';
  if (has(name)) return need;
  const names = [...alternatives, name];
  const asked =
    names.find((each) => documented.includes(each)) ??
    names.filter((each) => !ofOtherHosts.test(each)).sort((a, b) => a.length - b.length)[0];
  return asked === undefined || asked === name ? need : 'fallback';
}

function isSecret(name: string): boolean {
  return secretAddress.test(name) || (secret.test(name) && !notSecret.test(name));
}

function kindOf(
  name: string,
  { optional, insisted, isAddress }: { optional: boolean; insisted: boolean; isAddress: boolean },
  { secrets, environment }: ApplicationConfig,
): Variable['kind'] {
  if (environment?.[name] !== undefined) return 'constant';
  if (secrets?.[name]) return secrets[name];
  if (platform.test(name)) return 'platform';
  if (isAddress || ofDatabase.test(name)) return 'database';
  if (generated.test(name)) return 'generated';
  // A task does not start if it refers to a secret without a value.
  if (isSecret(name)) return optional ? 'dispensable' : 'provided';
  return insisted ? 'provided' : 'unset';
}

/** Returns the names in the documented variables (§5.2), because libraries read some that the code never names. */
function exampleVariables(directory: string): string[] {
  for (const file of exampleFiles)
    if (isFile(join(directory, file)))
      return [
        ...readFileSync(join(directory, file), 'utf8').matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/gm),
      ].map((match) => match[1]!);
  return [];
}
