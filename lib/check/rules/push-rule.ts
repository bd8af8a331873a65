import { posix } from 'node:path';
import type { Found, Rule } from '../rule';
import { lineOf, scriptsOf } from './script-rules';

/** Matches scripts that a deployment runs, with those that npm runs before and after them. */
const deploys =
  /^(pre|post)?(start|serve|build|deploy|release|install|prepare)([:-][\w:-]+)?$|^(heroku|vercel|render|railway|netlify)-(pre|post)?build$/;
const forDevelopment = /dev|test|local|e2e|watch|preview|docker/i;
const changes = /\bdrizzle-kit\s+(push|generate)\b/;
const runsScript =
  /\b(?:npm(?: run(?:-script)?)?|yarn(?: run)?|pnpm(?: run)?|bun run|run-s|run-p|npm-run-all)\s+(?:-\w+\s+)*([\w:.-]+(?:\s+[\w:.-]+)*)/g;

export const schemaPushedByScript: Rule = {
  rule: 'schema-pushed-by-script',
  asks: 'No script of a build, a start or a deployment pushes the schema.',
  section: '8.2',
  severity: 'warning',
  why: 'drizzle-kit push compares the schema with production and may delete columns with their data, without a migration that anybody has reviewed',
  fix: [
    'remove drizzle-kit push from the script',
    'write migrations with `npx drizzle-kit generate`; the release runs them before the server starts',
  ],
  example: '"start": "node dist/index.js",\n"db:generate": "drizzle-kit generate"',
  find(application) {
    const { server } = application.workspace;
    return [...new Set(['.', server])].flatMap((folder): Found[] => {
      const scripts = scriptsOf(application, folder);
      const file = posix.join(folder, 'package.json');
      return Object.keys(scripts)
        .filter((name) => deploys.test(name) && !forDevelopment.test(name))
        .flatMap((name): Found[] => {
          const by = pushingScript(scripts, name);
          // A script that npm runs in this one has its own finding.
          if (by === undefined || (by !== name && deploys.test(by))) return [];
          const through = by === name ? '' : ` through the script ${by}`;
          const command = changes.exec(scripts[by]!)![1]!;
          return [
            {
              file,
              line: lineOf(application, `"${name}"`, file),
              what: `the script ${name} runs drizzle-kit ${command}${through}: ${scripts[by]}`,
              ...(command === 'generate' && {
                why: 'the release then runs a migration that nobody has reviewed or committed',
                fix: [
                  'run drizzle-kit generate by hand after a change of the schema, and commit the migration',
                ],
              }),
            },
          ];
        });
    });
  },
};

/** Returns the script that pushes the schema: the given one, or one that it runs. */
function pushingScript(
  scripts: Readonly<Record<string, string>>,
  name: string,
  seen: readonly string[] = [],
): string | undefined {
  const script = scripts[name];
  if (script === undefined || seen.includes(name)) return undefined;
  if (changes.test(script)) return name;
  const called = [...script.matchAll(runsScript)].flatMap(([, names]) => names!.split(/\s+/));
  for (const each of called) {
    const found = pushingScript(scripts, each, [...seen, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}
