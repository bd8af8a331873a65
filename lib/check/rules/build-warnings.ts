import type { ApplicationProblem } from '../../application/application-error';
import { detectMigrations } from '../../application/detect-migrations';
import { trustedProxies } from '../../application/reading/sessions';
import { truthOf } from '../../application/source/value';
import type { Warning } from '../../application/warning';
import {
  databaseWarnings,
  schemaWarnings,
  sessionWarnings,
} from '../../application/warnings/server-warnings';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { splitPlace } from './place';
import { productionSettings } from './production-settings';

/** Makes findings of the warnings that the build also prints. The build gives their texts. */
function foundIn(rule: string, warnings: readonly Warning[]): Found[] {
  return warnings
    .filter((warning) => warning.rule === rule)
    .map(({ place, what, why, fix }) => ({ ...splitPlace(place), what, why, fix }));
}

const secureCookieWithoutProxy: Rule = {
  rule: 'secure-cookie-without-proxy',
  asks: 'Express trusts the proxy if the session cookie is secure.',
  section: '11.1',
  severity: 'warning',
  why: 'behind the load balancer, Express never sets the session cookie, so nobody can sign in',
  fix: ["add app.set('trust proxy', 1)"],
  example: "app.set('trust proxy', 1);",
  find(application) {
    const server = application.server();
    if (!server) return [];
    const found = foundIn('secure-cookie-without-proxy', sessionWarnings(server.reading));
    if (found.length > 0 || !server.reading.sessions.some(({ secureCookie }) => secureCookie)) return found;
    const trusted = trustedProxies(server.code);
    if (trusted.some((value) => truthOf(value) === true)) return [];
    return productionSettings(application, /^(server|app|http|express|proxy)$/i, /^trust_?proxy$/i)
      .filter(({ value }) => truthOf(value) === false)
      .map(({ file, line, name }) => ({
        file,
        line,
        what: `the session cookie is secure, but ${name} says that Express trusts no proxy`,
        fix: [`set ${name} to 1`],
      }));
  },
};

/** Returns the warnings of schema changes, unless the settings let the server change the schema. */
function schemaChanges(application: CheckedApplication, rule: string): Found[] {
  const reading = application.server()?.reading;
  const mayChange = application.settings.database?.applicationRole === 'owner';
  return reading && !mayChange ? foundIn(rule, schemaWarnings(reading)) : [];
}

const migratesItself: Rule = {
  rule: 'migrates-itself',
  asks: 'The release runs the migrations before the server starts.',
  section: '8.2',
  severity: 'warning',
  why: 'several servers start at once, and the role of the server may not change the schema',
  fix: ['remove the call in production; the release runs drizzle-kit’s migrations'],
  example:
    "if (process.env.NODE_ENV !== 'production') await migrate(db, { migrationsFolder: 'migrations' });",
  find: (application) => schemaChanges(application, 'migrates-itself'),
};

const changesSchema: Rule = {
  rule: 'changes-schema',
  asks: 'Migrations change the schema, and the server does not.',
  section: '8.2',
  severity: 'warning',
  why: 'the role of the server may not change the schema, so the statement fails',
  fix: ['move the statement to a migration'],
  example: '-- migrations/0001_sessions.sql\nCREATE TABLE "session" (…);',
  find: (application) => schemaChanges(application, 'changes-schema'),
};

const anotherDatabase: Rule = {
  rule: 'another-database',
  asks: 'The server stores its data in PostgreSQL.',
  section: '13',
  severity: 'warning',
  why: 'the PostgreSQL database of the environment stays empty',
  fix: ['move the schema to drizzle-orm/pg-core'],
  example: "import { pgTable } from 'drizzle-orm/pg-core';",
  find(application) {
    const reading = application.server()?.reading;
    return reading ? foundIn('another-database', databaseWarnings(reading)) : [];
  },
};

/** Returns the result of looking for the migrations, in which the build finds the same. */
function migrationsOf(application: CheckedApplication): {
  warnings: readonly Warning[];
  problems: readonly ApplicationProblem[];
} {
  const { directory, workspace, settings } = application;
  const reading = application.server()?.reading;
  if (!application.manifest || !reading) return { warnings: [], problems: [] };
  const problems: ApplicationProblem[] = [];
  const { warnings } = detectMigrations(
    {
      directory,
      packages: workspace,
      config: settings.application?.migrations ?? {},
      drivers: reading.drivers,
    },
    problems,
  );
  return { warnings, problems };
}

const migrationsIncomplete: Rule = {
  rule: 'migrations-incomplete',
  asks: 'The folder of migrations has every file that its journal lists.',
  section: '8.1',
  severity: 'warning',
  why: 'the build refuses the migrations, because a release would apply only some of them',
  fix: ['restore the file'],
  example: 'npx drizzle-kit generate',
  find: (application) =>
    migrationsOf(application).problems.map(({ file, problem, fix }) => ({
      file,
      what: `${file} ${problem}`,
      fix: [fix],
    })),
};

const schemaPushed: Rule = {
  rule: 'schema-pushed',
  asks: 'Migrations create the tables.',
  section: '8.1',
  severity: 'warning',
  why: 'a pushed schema fits only an empty database',
  fix: ['run `npx drizzle-kit generate` before the schema changes'],
  example: '"db:generate": "drizzle-kit generate"',
  find: (application) => foundIn('schema-pushed', migrationsOf(application).warnings),
};

/** Rules whose findings the build prints as warnings, even without the check. */
export const buildWarningRules: readonly Rule[] = [
  schemaPushed,
  migrationsIncomplete,
  migratesItself,
  changesSchema,
  secureCookieWithoutProxy,
  anotherDatabase,
];
