import type { ApplicationProblem } from '../application-error';
import { place, type SourceFile } from '../server-sources';

/** What Neon's driver does that no PostgreSQL elsewhere can, each with the way out. */
export function unsupportedNeon(files: readonly SourceFile[]): ApplicationProblem[] {
  const problems: ApplicationProblem[] = [];
  const neonFiles = files.filter(({ externals }) =>
    externals.some((name) => /^@neondatabase\/serverless$|^drizzle-orm\/neon/.test(name)),
  );
  if (neonFiles.length === 0) return [];
  const report = (source: SourceFile, pattern: RegExp, problem: string, fix: string) => {
    for (const match of source.code.matchAll(pattern))
      problems.push({ file: place(source, match.index), problem, fix });
  };
  for (const source of neonFiles) {
    report(
      source,
      /\bauthToken\s*[:,]/g,
      'authToken: only Neon checks tokens in its HTTP proxy and hands them to the database',
      'check the token in the server, and set the user in the session with set_config inside a transaction',
    );
    report(
      source,
      /\.\s*transaction\s*\(\s*async\b/g,
      'a transaction over HTTP takes a list of queries, not an async function',
      'use drizzle-orm/neon-serverless with a Pool, whose db.transaction() is interactive',
    );
  }
  for (const source of files)
    report(
      source,
      /\.\s*\$withAuth\s*\(/g,
      '$withAuth: only Neon checks tokens in its HTTP proxy and hands them to the database',
      'check the token in the server, and set the user in the session with set_config inside a transaction',
    );
  problems.push(...httpTransactions(files));
  return unique(problems);
}

/** `db.transaction(…)` where `db` is drizzle's over HTTP, which throws when it is called. */
function httpTransactions(files: readonly SourceFile[]): ApplicationProblem[] {
  const overHttp = new Map<string, Set<string>>();
  for (const { file, code, externals } of files) {
    if (!externals.includes('drizzle-orm/neon-http')) continue;
    const drizzle =
      /import\s*\{[^}]*\bdrizzle(?:\s+as\s+([\w$]+))?[^}]*\}\s*from\s*['"]drizzle-orm\/neon-http['"]/.exec(
        code,
      );
    const name = drizzle?.[1] ?? 'drizzle';
    const made = code.matchAll(
      new RegExp(`\\b(?:const|let|var)\\s+([\\w$]+)\\s*(?::[^=;]+)?=\\s*${name}\\s*[(<]`, 'g'),
    );
    overHttp.set(file, new Set([...made].map((match) => match[1]!)));
  }
  const problems: ApplicationProblem[] = [];
  for (const source of files) {
    const names = new Set(overHttp.get(source.file));
    for (const [specifier, file] of source.imports)
      for (const exported of overHttp.get(file) ?? []) {
        const quoted = specifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        const clause = new RegExp(`import\\s*\\{([^}]*)\\}\\s*from\\s*['"]${quoted}['"]`).exec(
          source.code,
        )?.[1];
        for (const local of (clause ?? '').matchAll(
          new RegExp(`\\b${exported}\\b(?:\\s+as\\s+([\\w$]+))?`, 'g'),
        ))
          names.add(local[1] ?? exported);
      }
    for (const name of names)
      for (const match of source.code.matchAll(new RegExp(`\\b${name}\\s*\\.\\s*transaction\\s*\\(`, 'g')))
        problems.push({
          file: place(source, match.index),
          problem: `${name}.transaction(): drizzle-orm/neon-http has no interactive transactions and throws when this is called`,
          fix: 'make the database with drizzle-orm/neon-serverless and a Pool, or use db.batch([…])',
        });
  }
  return problems;
}

function unique(problems: readonly ApplicationProblem[]): ApplicationProblem[] {
  return [...new Map(problems.map((problem) => [problem.file + problem.problem, problem])).values()];
}
