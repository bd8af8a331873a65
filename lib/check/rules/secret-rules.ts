import { posix } from 'node:path';
import { escapePattern } from '../../files/escape-pattern';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { secretInClientVariable } from './client-variable-rule';
import { secretHardCoded } from './hard-coded-rule';
import { secretLogged } from './logged-secret-rule';
import { isSecretName } from './secret-names';
import { secretsIn } from './secret-patterns';

/** Text files above this size contain data. */
const largest = 300_000;
const textFile =
  /\.([cm]?[jt]sx?|html?|css|json|env|txt|ya?ml|toml|md|svg|webmanifest|pem|key|p8)$|(^|\/)\.npmrc$/;
const withoutSecrets = /(^|\/)package-lock\.json$/;
const envFile = /(^|\/)(\.env(\.[\w.-]+)?|[\w-]+\.env)$/;
/** Matches .env templates for people to copy. */
const example = /\.(example|sample|template|dist|defaults?)$|(^|\/)(example|sample|template)\.env$/;
const secretInClient: Rule = {
  rule: 'secret-in-client',
  asks: 'Client files contain no secrets.',
  section: '11.2',
  severity: 'error',
  why: 'everybody who opens the application can read it',
  fix: [
    'revoke the secret, because it must be considered known',
    'store the new one in a server variable, and let the client call a route of the server',
  ],
  example: "const answer = await fetch('/api/payments', { method: 'POST' });",
  find: (application) => secretsOf(application, true),
};

const secretInSource: Rule = {
  rule: 'secret-in-source',
  asks: 'Server sources contain no secrets.',
  section: '11.2',
  severity: 'warning',
  why: 'everybody with access to the repository can use it, and it stays in the git history',
  fix: ['revoke the secret', 'read the new one from process.env, and document its name in .env.example'],
  example: 'const key = process.env.STRIPE_SECRET_KEY;',
  find: (application) => secretsOf(application, false),
};

const envFileCommitted: Rule = {
  rule: 'env-file-committed',
  asks: '.env files with values are not under version control.',
  section: '5.2',
  severity: 'warning',
  why: 'everybody with access to the repository has the values, and they stay in the git history',
  fix: ['git rm --cached FILE, and add .env to .gitignore', 'rotate every secret in the file'],
  example: '# .gitignore\n.env\n.env.*\n!.env.example',
  async find(application) {
    const git = application.git();
    const found: Found[] = [];
    for (const { file, size } of application.files) {
      if (!envFile.test(file)) continue;
      if (example.test(file)) {
        found.push(...realValues(file, application.text(file) ?? ''));
        continue;
      }
      const values = size > largest ? [] : valuesOf(application.text(file) ?? '');
      const [first] = values;
      if (!first) continue;
      const names = values.map(({ name }) => name).join(', ');
      const place = { file, line: first.line };
      if (git?.tracked.has(file)) {
        const what = `the file is under version control and has values (${names})`;
        const [secret] = await secretsIn(file, application.text(file) ?? '');
        found.push(
          secret
            ? { ...place, severity: 'error', line: secret.line, what: `${what}, including ${secret.kind}` }
            : { ...place, what },
        );
      } else if (!isIgnored(application, file))
        found.push({
          ...place,
          what: `the file has values (${names}), but .gitignore does not exclude it`,
          why: '`git add .` would commit the values',
          fix: ['add .env to .gitignore'],
        });
    }
    return found;
  },
};

const distTracked: Rule = {
  rule: 'dist-tracked',
  asks: 'dist/ is not under version control.',
  section: '4.1',
  severity: 'warning',
  why: 'the committed files differ from a new build, and may contain values of an environment',
  fix: ['git rm -r --cached dist, and add dist/ to .gitignore'],
  example: '# .gitignore\ndist/',
  find(application) {
    const first = [...(application.git()?.tracked ?? [])].find((file) =>
      /^((client|server|frontend|backend|web)\/)?dist\//.test(file),
    );
    if (first)
      return [{ file: first.replace(/dist\/.*$/, 'dist'), what: `git tracks build output (${first})` }];
    if (!application.manifest?.scripts?.['build']) return [];
    const { server, client } = application.workspace;
    const missing = [...new Set([server, client])]
      .map((folder) => posix.join(folder, 'dist/'))
      .filter((folder) => !isIgnored(application, `${folder}index.js`))
      .join(', ');
    if (!missing) return [];
    return [
      {
        file: '.gitignore',
        what: `.gitignore does not exclude ${missing}`,
        fix: [`add ${missing} to .gitignore`],
      },
    ];
  },
};

/** Tests and examples hold made-up secrets. Configuration files of tools hold real ones. */
function isOfTests(application: CheckedApplication, file: string): boolean {
  return application.sideOf(file) === 'tools' && !/(^|\/)[\w-]+\.config\.[cm]?[jt]s$/.test(file);
}

async function secretsOf(application: CheckedApplication, ofClient: boolean): Promise<Found[]> {
  const { client } = application.folders;
  const found: Found[] = [];
  for (const { file, size } of application.files) {
    // The rule env-file-committed covers .env files. Templates must contain no secrets either.
    const isText = envFile.test(file) ? example.test(file) : textFile.test(file);
    if (size > largest || !isText || withoutSecrets.test(file)) continue;
    const inClient = (client !== undefined && file.startsWith(`${client}/`)) || file.startsWith('public/');
    if (inClient !== ofClient || (!inClient && (isOfTests(application, file) || /\.(md|txt)$/.test(file))))
      continue;
    for (const { line, kind } of await secretsIn(file, application.text(file) ?? ''))
      found.push({ file, line, what: `the file contains ${kind}` });
  }
  return found;
}

/** Finds values in a template that look like real secrets: they are long, and mix all kinds of characters. */
function realValues(file: string, text: string): Found[] {
  return text.split('\n').flatMap((line, index): Found[] => {
    const [, name, value] =
      /^\s*(?:export\s+)?([A-Z]\w*)\s*=\s*["']?([\w+/=-]{24,})["']?\s*$/.exec(line) ?? [];
    if (!name || !value || !isSecretName(name)) return [];
    const isMixed = [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(value));
    // A placeholder has words, or repeats characters.
    const isWritten = /[-_][A-Za-z]+[-_]|secret|example|your|change|x{3}|replace|(.)\1{3}/i.test(value);
    const isRandom = isMixed && !isWritten && new Set(value).size >= 14;
    const what = `the template has a value for ${name} that looks real`;
    return isRandom
      ? [{ file, line: index + 1, what, fix: ['remove the value, and rotate it where it is used'] }]
      : [];
  });
}

/** Returns the variables with values that matter. Vite's own are public. */
function valuesOf(text: string): { name: string; line: number }[] {
  return text.split('\n').flatMap((line, index) => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*["']?([^"'\s#]+)/.exec(line) ?? [];
    const isPublic = name?.startsWith('VITE_') && !isSecretName(name);
    return name && value && !isPublic ? [{ name, line: index + 1 }] : [];
  });
}

/** Returns true if git ignores a path. Outside a repository, reads .gitignore. */
function isIgnored(application: CheckedApplication, path: string): boolean {
  const git = application.git();
  if (git) return git.isIgnored(path);
  const lines = (application.text('.gitignore') ?? '').split('\n').map((line) => line.trim());
  // An ignored folder includes its contents.
  const parts = path.split('/');
  const candidates = parts.flatMap((name, index) => [name, parts.slice(0, index + 1).join('/')]);
  return lines.some((line) => {
    const plain = line.replace(/^\/|\/$/g, '').replace(/^\*\*\//, '');
    if (plain === '' || plain.startsWith('#')) return false;
    const pattern = escapePattern(plain).replaceAll('\\*', '.*');
    return candidates.some((each) => new RegExp(`^${pattern}$`).test(each));
  });
}

export const secretRules: readonly Rule[] = [
  secretInClient,
  secretInSource,
  secretInClientVariable,
  secretHardCoded,
  secretLogged,
  envFileCommitted,
  distTracked,
];
