import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { isSecretName } from './secret-names';

export const secretInClientVariable: Rule = {
  rule: 'secret-in-client-variable',
  asks: 'Variables that Vite writes into the client are no secrets.',
  section: '11.2',
  severity: 'error',
  why: 'Vite replaces the variable by its value when it builds the client, so everybody can read the value',
  fix: [
    'read the variable on the server alone, under a name without VITE_',
    'revoke a value that was built in',
  ],
  example: 'const key = process.env.STRIPE_SECRET_KEY; // server/payments.ts',
  find(application) {
    const uses = application
      .modules('client', 'shared')
      .flatMap((file) => usesIn(application, file, /(?:import\.meta\.env\.|\b)(VITE_[A-Z0-9_]+)/g));
    const found = uses.map(({ name, ...place }) => ({
      ...place,
      what: `${name} becomes part of the client`,
    }));
    const known = new Set(uses.map(({ name }) => name));
    return [
      ...found,
      ...ofConfiguration(application),
      ...ofBrowser(application),
      ...ofEnvFiles(application, known),
    ];
  },
};

/** Values that Vite's configuration takes from the environment: `define`, and a prefix of other variables. */
function ofConfiguration(application: CheckedApplication): Found[] {
  const file = application.client.viteConfig;
  const text = file && application.text(file);
  if (!text) return [];
  const everything =
    /['"`]?(import\.meta|process)\.env['"`]?\s*:\s*(JSON\.stringify\(\s*)?(process\.env\b(?!\.)|\{\s*\.\.\.\s*process\.env)/;
  const named = /\b(?:process\.env|\w*env)(?:\.|\[['"`])([A-Z][A-Z0-9_]*)/g;
  return text.split('\n').flatMap((line, index): Found[] => {
    const place = { file, line: index + 1 };
    if (/^\s*(\/\/|\*)/.test(line)) return [];
    if (everything.test(line))
      return [{ ...place, what: 'the whole environment becomes part of the client' }];
    const prefixes = /envPrefix\s*:\s*(\[[^\]]*\]|['"`][^'"`]*['"`])/.exec(line)?.[1] ?? '';
    const wrong = [...prefixes.matchAll(/['"`]([^'"`]*)['"`]/g)]
      .map(([, prefix = '']) => prefix)
      .find(
        (prefix) => prefix === '' || /^(SESSION|SECRET|DATABASE|DB|JWT|AUTH|API|STRIPE|AWS)_?$/.test(prefix),
      );
    if (wrong !== undefined)
      return [{ ...place, what: `envPrefix '${wrong}' makes variables of the server part of the client` }];
    if (!/JSON\.stringify|define|['"`]\s*:/.test(line)) return [];
    return [...new Set([...line.matchAll(named)].map(([, name = '']) => name))]
      .filter(isSecretName)
      .map((name) => ({ ...place, what: `${name} becomes part of the client` }));
  });
}

/** `process.env.SESSION_SECRET` in a module of the client: a browser has no such value, unless somebody builds it in. */
function ofBrowser(application: CheckedApplication): Found[] {
  return application.modules('client').flatMap((file) =>
    usesIn(application, file, /process\.env(?:\.|\[['"`])([A-Z0-9_]+)/g).map(({ name, ...place }) => ({
      ...place,
      severity: 'warning' as const,
      what: `the client reads ${name}, which a browser does not have`,
      why: 'the value is undefined there, and building it in would publish the secret',
    })),
  );
}

/** `VITE_DB_PASSWORD=` in a file of variables. */
function ofEnvFiles(application: CheckedApplication, known: ReadonlySet<string>): Found[] {
  return application.files.flatMap(({ file, size }): Found[] => {
    if (!/(^|\/)\.env(\.[\w.-]+)?$/.test(file) || size > 300_000) return [];
    return (application.text(file) ?? '').split('\n').flatMap((line, index): Found[] => {
      const name = /^\s*(?:export\s+)?(VITE_\w+)\s*=/.exec(line)?.[1];
      return name && isSecretName(name) && !known.has(name)
        ? [{ file, line: index + 1, what: `${name} is for the client, and its name is that of a secret` }]
        : [];
    });
  });
}

interface Use {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** Names of secrets that a pattern finds in a module, each with its first line. */
function usesIn(application: CheckedApplication, file: string, pattern: RegExp): Use[] {
  const seen = new Set<string>();
  return (application.text(file) ?? '').split('\n').flatMap((text, index) =>
    [...text.matchAll(pattern)].flatMap(([, name = '']): Use[] => {
      if (/^\s*(\/\/|\*)/.test(text) || seen.has(name) || !isSecretName(name)) return [];
      seen.add(name);
      return [{ file, line: index + 1, name }];
    }),
  );
}
