import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { secretsIn } from './secret-patterns';

/** Files of text above this size hold data. */
const largest = 300_000;
const textFile = /\.([cm]?[jt]sx?|html?|css|json|env|txt|ya?ml|toml|md|svg|webmanifest)$/;
const withoutSecrets = /(^|\/)(package-lock\.json|\.env[\w.-]*)$/;
/** Names of values that nobody but the server may know. */
const secretName =
  /(SECRET|PASSWORD|PASSWD|PRIVATE_?KEY|SERVICE_ROLE|DATABASE_URL|CONNECTION_STRING|(OPENAI|ANTHROPIC|SENDGRID|RESEND|TWILIO|AWS|STRIPE)\w*_(API_)?(KEY|TOKEN)$)/;
const publicName = /PUBLIC|PUBLISHABLE|ANON/;

const secretInClient: Rule = {
  rule: 'secret-in-client',
  asks: 'Files of the client hold no secrets.',
  section: '11.2',
  severity: 'error',
  why: 'everybody who opens the application can read it',
  fix: [
    'revoke the secret: it counts as known from now on',
    'keep the new one in a variable of the server, and let the client call a route of the server',
  ],
  example: "const answer = await fetch('/api/payments', { method: 'POST' });",
  find: (application) => secretsOf(application, true),
};

const secretInSource: Rule = {
  rule: 'secret-in-source',
  asks: 'Sources of the server hold no secrets.',
  section: '11.2',
  severity: 'warning',
  why: 'everybody who can read the repository can use it, and it is in the history for good',
  fix: ['revoke the secret', 'read the new one from process.env, and document its name in .env.example'],
  example: 'const key = process.env.STRIPE_SECRET_KEY;',
  find: (application) => secretsOf(application, false),
};

const secretInClientVariable: Rule = {
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
    const uses = [...application.modules('client', 'shared'), ...viteConfig(application)].flatMap((file) =>
      matches(
        application,
        file,
        /(?:import\.meta\.env\.|\b)(VITE_[A-Z0-9_]+)|process\.env\.([A-Z0-9_]+)/g,
        (line, name) =>
          name.startsWith('VITE_') ||
          (file === application.client.viteConfig && /JSON\.stringify|define/.test(line)),
      ),
    );
    return uses
      .filter(({ name }) => secretName.test(name) && !publicName.test(name))
      .map(({ file, line, name }) => ({ file, line, what: `${name} becomes part of the client` }));
  },
};

const envFileCommitted: Rule = {
  rule: 'env-file-committed',
  asks: 'Files of environment variables with values are not under version control.',
  section: '5.2',
  severity: 'warning',
  why: 'everybody who can read the repository has the values, and they stay in the history',
  fix: ['git rm --cached FILE, and add .env to .gitignore', 'change every secret that was in the file'],
  example: '# .gitignore\n.env\n.env.*\n!.env.example',
  find(application) {
    const git = application.git();
    return application.files.flatMap(({ file, size }): Found[] => {
      if (!/(^|\/)\.env(\.[\w.-]+)?$/.test(file) || /\.(example|sample|template|dist|defaults?)$/.test(file))
        return [];
      const values = size > largest ? [] : valuesOf(application.text(file) ?? '');
      if (values.length === 0) return [];
      const names = values.map(({ name }) => name).join(', ');
      if (git?.tracked.has(file))
        return [
          {
            file,
            line: values[0]!.line,
            what: `the file is under version control and has values (${names})`,
          },
        ];
      if (isIgnored(application, file)) return [];
      return [
        {
          file,
          line: values[0]!.line,
          what: `the file has values (${names}), and .gitignore does not leave it out`,
          why: '`git add .` would commit the values',
          fix: ['add .env to .gitignore'],
        },
      ];
    });
  },
};

const distTracked: Rule = {
  rule: 'dist-tracked',
  asks: 'dist/ is not under version control.',
  section: '4.1',
  severity: 'warning',
  why: 'what is committed differs from what is built, and may hold values of an environment',
  fix: ['git rm -r --cached dist, and add dist/ to .gitignore'],
  example: '# .gitignore\ndist/',
  find(application) {
    const first = [...(application.git()?.tracked ?? [])].find((file) => /^dist\//.test(file));
    if (first) return [{ file: 'dist', what: `git tracks the output of the build (${first})` }];
    if (!application.manifest?.scripts?.['build'] || isIgnored(application, 'dist/index.js')) return [];
    return [
      {
        file: '.gitignore',
        what: 'dist/ is not left out of version control',
        fix: ['add dist/ to .gitignore'],
      },
    ];
  },
};

async function secretsOf(application: CheckedApplication, ofClient: boolean): Promise<Found[]> {
  const { client } = application.folders;
  const found: Found[] = [];
  for (const { file, size } of application.files) {
    if (size > largest || !textFile.test(file) || withoutSecrets.test(file)) continue;
    const inClient = (client !== undefined && file.startsWith(`${client}/`)) || file.startsWith('public/');
    if (
      inClient !== ofClient ||
      (!inClient && (application.sideOf(file) === 'tools' || /\.(md|txt)$/.test(file)))
    )
      continue;
    for (const { line, kind } of await secretsIn(file, application.text(file) ?? ''))
      found.push({ file, line, what: `the file holds ${kind}` });
  }
  return found;
}

function viteConfig({ client: { viteConfig: file } }: CheckedApplication): string[] {
  return file ? [file] : [];
}

interface Use {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

function matches(
  application: CheckedApplication,
  file: string,
  pattern: RegExp,
  counts: (line: string, name: string) => boolean,
): Use[] {
  const seen = new Set<string>();
  return (application.text(file) ?? '').split('\n').flatMap((text, index) =>
    [...text.matchAll(pattern)].flatMap(([, vite, other]): Use[] => {
      const name = vite ?? other ?? '';
      if (/^\s*(\/\/|\*)/.test(text) || seen.has(name) || !counts(text, name)) return [];
      seen.add(name);
      return [{ file, line: index + 1, name }];
    }),
  );
}

/** Variables with a value that matters: Vite's own are public. */
function valuesOf(text: string): { name: string; line: number }[] {
  return text.split('\n').flatMap((line, index) => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*["']?([^"'\s#]+)/.exec(line) ?? [];
    const isPublic = name?.startsWith('VITE_') && (!secretName.test(name) || publicName.test(name));
    return name && value && !isPublic ? [{ name, line: index + 1 }] : [];
  });
}

/** True where git leaves a path out; outside a repository, where a .gitignore would. */
function isIgnored(application: CheckedApplication, path: string): boolean {
  const git = application.git();
  if (git) return git.isIgnored(path);
  const lines = (application.text('.gitignore') ?? '').split('\n').map((line) => line.trim());
  // A folder that is left out takes what is in it along.
  const parts = path.split('/');
  const candidates = parts.flatMap((name, index) => [name, parts.slice(0, index + 1).join('/')]);
  return lines.some((line) => {
    const plain = line.replace(/^\/|\/$/g, '').replace(/^\*\*\//, '');
    if (plain === '' || plain.startsWith('#')) return false;
    const pattern = plain.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return candidates.some((each) => new RegExp(`^${pattern}$`).test(each));
  });
}

export const secretRules: readonly Rule[] = [
  secretInClient,
  secretInSource,
  secretInClientVariable,
  envFileCommitted,
  distTracked,
];
