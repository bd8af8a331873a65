import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { ofConfiguration } from './client-define';
import { reachedFrom } from './reached';
import { isSecretName } from './secret-names';

export const secretInClientVariable: Rule = {
  rule: 'secret-in-client-variable',
  asks: 'Variables that Vite writes into the client contain no secrets.',
  section: '11.2',
  severity: 'error',
  why: 'Vite inserts the value into the client during the build, so everybody can read it',
  fix: [
    'read the variable only on the server, with a name without VITE_',
    'revoke a value that has been built in',
  ],
  example: 'const key = process.env.STRIPE_SECRET_KEY; // server/payments.ts',
  async find(application) {
    const reached = await reachedFrom(application, 'client');
    const uses = application
      .modules('client', 'shared')
      .flatMap((file) => usesIn(application, file, /(?:import\.meta\.env\.|\b)(VITE_[A-Z0-9_]+)/g));
    const found = uses
      .filter(({ ofFirebase }) => !ofFirebase)
      .map(({ name, file, line }) => ({ file, line, what: `${name} becomes part of the client` }));
    const known = new Set(uses.map(({ name }) => name));
    return [
      ...found,
      ...ofConfiguration(application),
      ...ofBrowser(application, reached),
      ...ofEnvFiles(application, known),
    ];
  },
};

/**
 * Finds secrets such as `process.env.SESSION_SECRET` in modules that the client runs. A browser has no such value,
 * unless the build inserts it.
 */
function ofBrowser(application: CheckedApplication, reached: ReadonlySet<string>): Found[] {
  return application
    .modules('client', 'shared')
    .filter((file) => reached.has(file))
    .flatMap((file) =>
      [
        ...usesIn(application, file, /process\.env(?:\.|\[['"`])([A-Z0-9_]+)/g),
        ...takenApart(application, file),
      ].map(({ name, file: at, line }) => ({
        file: at,
        line,
        severity: 'warning' as const,
        what: `the client reads ${name}, which a browser does not have`,
        why: 'the value is undefined in the browser, and building it in would publish the secret',
        fix: ['read the variable only in a server module'],
      })),
    );
}

/** Finds `const { SESSION_SECRET } = process.env`. */
function takenApart(application: CheckedApplication, file: string): Use[] {
  const text = application.text(file) ?? '';
  return [...text.matchAll(/\{([^{}]*)\}\s*=\s*process\.env\b(?!\.)/g)].flatMap(({ 1: names = '', index }) =>
    [...names.matchAll(/\b[A-Z][A-Z0-9_]+\b/g)]
      .filter(([name]) => isSecretName(name))
      .map((found) => ({
        file,
        line: text.slice(0, index + 1 + found.index).split('\n').length,
        name: found[0],
      })),
  );
}

/** Finds lines such as `VITE_DB_PASSWORD=` in .env files. */
function ofEnvFiles(application: CheckedApplication, known: ReadonlySet<string>): Found[] {
  return application.files.flatMap(({ file, size }): Found[] => {
    if (!/(^|\/)\.env(\.[\w.-]+)?$/.test(file) || size > 300_000) return [];
    return (application.text(file) ?? '').split('\n').flatMap((line, index): Found[] => {
      const name = /^\s*(?:export\s+)?(VITE_\w+)\s*=/.exec(line)?.[1];
      return name && isSecretName(name) && !known.has(name)
        ? [{ file, line: index + 1, what: `${name} is a client variable with the name of a secret` }]
        : [];
    });
  });
}

interface Use {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** True for the `databaseURL` of a Firebase configuration, which is public. */
  readonly ofFirebase?: boolean;
}

/** Returns the secret names that a pattern finds in a module, each with its first line. */
function usesIn(application: CheckedApplication, file: string, pattern: RegExp): Use[] {
  const seen = new Set<string>();
  const whole = application.text(file) ?? '';
  if (whole.search(pattern) === -1) return [];
  return whole.split('\n').flatMap((text, index) =>
    [...text.matchAll(pattern)].flatMap(([, name = '']): Use[] => {
      if (/^\s*(\/\/|\*)/.test(text) || seen.has(name) || !isSecretName(name)) return [];
      seen.add(name);
      return [{ file, line: index + 1, name, ofFirebase: /\bdatabaseURL\s*:/.test(text) }];
    }),
  );
}
