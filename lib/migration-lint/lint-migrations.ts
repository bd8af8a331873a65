import { Catalog } from './catalog/catalog';
import { readMigrations } from './read-migrations';
import type { AllowedFinding, Finding, LintedFile, LintReport, Place } from './report';
import { rules } from './rules';
import type { Context } from './rules/rule';
import { Making, type Releases, sequenceOf } from './sequence';
import { type ParsedFile, parseFile, type Statement } from './statements';

export interface LintMigrationsProps {
  /** A folder of drizzle-kit (`meta/_journal.json` and SQL files), or a folder with a single `baseline.sql`. */
  readonly directory: string;
  /**
   * Migrations that the database already has: their number, or the journal's name of the last one. All later files
   * form one release, so no running server uses the objects that they create. 0 means an empty database, in which
   * every statement is safe.
   * @default - unknown: the lint judges each file as a release of its own, after the files before it; the first file
   * meets an empty database
   */
  readonly applied?: number | string;
}

/** A rule that a statement breaks. */
interface Hit {
  readonly rule: string;
  readonly objects: readonly string[];
}

/**
 * Judges migrations by their effect on a server that runs at the same time. The server must keep working with the
 * schema before and after them, and must not wait for a table. Reads only files.
 */
export async function lintMigrations({ directory, applied }: LintMigrationsProps): Promise<LintReport> {
  const migrations = readMigrations(directory);
  const tags = migrations.map(({ tag }) => tag);
  const first = firstPending(tags, applied);
  const parsed = await Promise.all(migrations.map(({ sql }) => parseFile(sql)));

  const each = judge(parsed, (file) => file);
  const allowing = parsed.some(({ statements }) => statements.some(({ allows }) => allows.length > 0));
  const together = allowing ? judge(parsed, (file) => Math.min(file, 1)) : each;
  const actual =
    first === undefined ? each : judge(parsed, (file) => (first === 0 ? 0 : file < first ? 1 : 2));

  const files: LintedFile[] = [];
  const findings: Finding[] = [];
  const allowed: AllowedFinding[] = [];
  for (const [index, { tag, file, problem }] of migrations.entries()) {
    const { statements, problems } = parsed[index]!;
    const pending = index >= (first ?? 0);
    const contractedBy = contractions(parsed[index]!, each, index);
    files.push({ file, tag, pending, contracts: contractedBy.length > 0, contractedBy });
    if (!pending) continue;
    if (problem) findings.push(finding('journal', { file, line: 1 }, '', [], problem));
    const own: Finding[] = problems.map(({ rule, line, text, why }) =>
      finding(rule, { file, line }, text, [], { why, fix: waysOut[rule] }),
    );
    for (const statement of statements) {
      const { line, allows, text } = statement;
      for (const { rule, objects } of actual.get(statement)!) {
        const found = finding(rule, { file, line }, text, objects, rules[rule]!);
        const reason = allows.find((allow) => allow.rule === rule)?.reason;
        if (reason) allowed.push({ ...found, reason });
        else own.push(found);
      }
      // One database's state must not decide if an allow comment is needed.
      const needed = [each, together, actual].flatMap((hits) => hits.get(statement)!.map(({ rule }) => rule));
      for (const allow of allows)
        if (!needed.includes(allow.rule))
          own.push(
            finding('allow', { file, line: allow.line }, text, [allow.rule], {
              why: rules[allow.rule]
                ? `The statement does not break the rule ${allow.rule}.`
                : `There is no rule ${allow.rule}.`,
              fix: rules[allow.rule]
                ? ['remove the comment']
                : [`correct the name; the rules are ${Object.keys(rules).join(', ')}`],
            }),
          );
    }
    findings.push(...own.sort((a, b) => a.place.line - b.place.line));
  }
  return { formatVersion: 1, files, findings, allowed };
}

interface Reason {
  readonly why: string;
  readonly fix: readonly string[];
  readonly contracts?: true;
  readonly fails?: true;
  readonly link?: string;
}

/**
 * Creates a finding. It is a danger if the previous server or the release fails, and a caution if someone only waits.
 */
function finding(
  rule: string,
  place: Place,
  text: string,
  objects: readonly string[],
  { why, fix, contracts, fails, link }: Reason,
): Finding {
  const statement = excerpt(text);
  return {
    rule,
    severity: contracts || fails || !rules[rule] ? 'danger' : 'caution',
    place,
    statement,
    objects,
    what: [objects.join(', '), statement].filter(Boolean).join(': ') || place.file,
    why,
    fix,
    link: link ?? 'https://orm.drizzle.team/docs/migrations',
  };
}

const waysOut = {
  'cannot-judge': ['split it into several statements, or use fewer operators in a row'],
  syntax: ['correct the statement; otherwise the whole release fails here'],
  allow: [
    'put `-- framework53: allow RULE because REASON` on a line of its own, directly before the statement',
  ],
};

/** Returns the number of applied files; undefined if that is unknown. */
function firstPending(tags: readonly string[], applied: number | string | undefined): number | undefined {
  // A baseline is applied only to an empty database.
  if (tags[0] === 'baseline') return 0;
  if (applied === undefined) return undefined;
  const count = typeof applied === 'number' ? applied : tags.indexOf(applied) + 1;
  if (!Number.isInteger(count) || count < 0 || count > tags.length || (count === 0 && applied !== 0))
    throw new Error(
      `'applied' must be 0 to ${tags.length} or a name in the journal (${tags.join(', ')}), got ${applied}`,
    );
  return count;
}

const allRules = Object.entries(rules);

/** Judges all statements in order. Each statement is judged on the schema after all earlier statements. */
function judge(files: readonly ParsedFile[], releases: Releases): Map<Statement, Hit[]> {
  const catalog = new Catalog();
  const hits = new Map<Statement, Hit[]>();
  const steps = sequenceOf(files, releases);
  const making = new Making(steps);
  for (const [step, { statement, now, inTransaction, endsItRight }] of steps.entries()) {
    const context: Context = {
      catalog,
      now,
      inTransaction,
      endsItRight,
      alone: statement.alone,
      ignoresDuplicates: statement.ignoresDuplicates,
      madeAgain: (kind, name) => making.again(kind, name, step),
      uniqueAgain: (table, columns) => making.uniqueAgain(table, columns, step),
    };
    const found = new Map<string, string[]>();
    for (const node of statement.nodes) {
      for (const [name, rule] of allRules) {
        const objects = rule.check(node, context);
        if (objects.length) found.set(name, [...new Set([...(found.get(name) ?? []), ...objects])]);
      }
      catalog.apply(node, now);
    }
    hits.set(
      statement,
      [...found].map(([rule, objects]) => ({ rule, objects })),
    );
  }
  return hits;
}

function contractions(
  { statements, problems }: ParsedFile,
  hits: ReadonlyMap<Statement, Hit[]>,
  index: number,
): string[] {
  if (index === 0) return [];
  const broken = statements.flatMap((statement) => hits.get(statement)!.map(({ rule }) => rule));
  const unread = problems.flatMap(({ rule }) => (rule === 'allow' ? [] : rule));
  return [...new Set([...broken.filter((rule) => rules[rule]!.contracts), ...unread])];
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
