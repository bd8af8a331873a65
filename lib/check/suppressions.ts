import type { CheckFinding, SuppressedFinding } from './finding';
import type { CheckedApplication } from './sources/checked-application';

/** Matches `framework53-ignore RULE: reason`, in any kind of comment. */
const comment = /framework53-ignore\s+([\w-]+)(?::[ \t]*([^\n\r]*))?/;
/** Matches files that cannot contain comments. */
const withoutComments = /\.(json|png|jpe?g|gif|webp|avif|svg|ico|map)$/;

/** Remaining findings, and findings that the application suppresses with a reason. */
export interface Sorted {
  readonly findings: readonly CheckFinding[];
  readonly suppressed: readonly SuppressedFinding[];
}

/**
 * Separates the findings that the application suppresses: with a comment on the line or the line above, with a comment
 * anywhere in the file for a finding without a line, and in package.json for files that cannot contain comments. A
 * comment without a reason suppresses nothing.
 */
export function withoutSuppressed(
  application: CheckedApplication,
  findings: readonly CheckFinding[],
): Sorted {
  const left: CheckFinding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const known = new Map<string, readonly Comment[]>();
  const commentsOf = (file: string) => {
    const comments = known.get(file) ?? commentsIn(application, file);
    known.set(file, comments);
    return comments;
  };
  for (const finding of findings) {
    const reason = reasonFor(application, finding, commentsOf(finding.file));
    if (reason) suppressed.push({ ...finding, reason });
    else if (reason === '')
      left.push({
        ...finding,
        what: `${finding.what}; its framework53-ignore has no reason, so it has no effect`,
      });
    else left.push(finding);
  }
  return { findings: left, suppressed };
}

/** A comment that suppresses a rule. */
interface Comment {
  readonly line: number;
  readonly rule: string;
  /** Empty for a comment without a reason. */
  readonly reason: string;
}

/** Returns the first comment of each line of a file. */
function commentsIn(application: CheckedApplication, file: string): Comment[] {
  if (withoutComments.test(file) || !application.has(file)) return [];
  const text = application.text(file) ?? '';
  if (!text.includes('framework53-ignore')) return [];
  return text.split('\n').flatMap((line, index): Comment[] => {
    const [, rule, reason = ''] = comment.exec(line) ?? [];
    return rule === undefined ? [] : [{ line: index + 1, rule, reason: cleaned(reason) }];
  });
}

/** Returns the reason; empty for a comment without one, undefined without a comment. */
function reasonFor(
  application: CheckedApplication,
  { rule, file, line }: CheckFinding,
  comments: readonly Comment[],
): string | undefined {
  if (withoutComments.test(file) || !application.has(file) || application.text(file) === undefined)
    return statedReason(application, rule);
  return comments.find(
    (each) => each.rule === rule && (line === undefined || each.line === line || each.line === line - 1),
  )?.reason;
}

function cleaned(reason: string): string {
  return reason.replace(/\s*(\*\/\}?|-->)\s*$/, '').trim();
}

/** Returns the reason from `"framework53": { "ignore": { "RULE": "reason" } }` in package.json. */
function statedReason(application: CheckedApplication, rule: string): string | undefined {
  const section = (application.manifest as { framework53?: { ignore?: unknown } } | undefined)?.framework53;
  const ignore = section?.ignore;
  if (typeof ignore !== 'object' || ignore === null) return undefined;
  const reason = (ignore as Record<string, unknown>)[rule];
  return typeof reason === 'string' ? reason.trim() : undefined;
}
