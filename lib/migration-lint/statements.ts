import type { Node, ParseResult, SqlError } from 'libpg-query';
import { as, ofKind } from './syntax-tree';

/** `-- framework53: allow RULE because REASON` */
export interface Allow {
  readonly rule: string;
  readonly reason: string;
  readonly line: number;
}

export interface Statement {
  readonly line: number;
  /** As it stands in the file. */
  readonly text: string;
  /** What it says; several for a `DO` body that is plain SQL. */
  readonly nodes: readonly Node[];
  /** Whether it goes to the server alone: nothing else stands between the breakpoints around it. */
  readonly alone: boolean;
  readonly allows: readonly Allow[];
}

export interface Problem {
  readonly rule: 'syntax' | 'allow';
  readonly line: number;
  readonly text: string;
  readonly why: string;
}

export interface ParsedFile {
  readonly statements: readonly Statement[];
  readonly problems: readonly Problem[];
}

const breakpoint = '--> statement-breakpoint';
const commentsAhead = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;
const directive = /--[ \t]*framework53:[ \t]*(.*?)[ \t]*\r?$/gm;
const allowing = /^allow[ \t]+([a-z-]+)[ \t]+because[ \t]+(.*\p{L}{3}.*)$/u;
/** How drizzle-kit used to write statements that may be repeated. */
const drizzleBlock =
  /^\s*BEGIN\s([\s\S]+?;)\s*(?:EXCEPTION\s+WHEN\s+duplicate_object\s+THEN\s+null;\s*)?END\s*;?\s*$/i;

/** Splits a file as drizzle's migrator does and parses each part with PostgreSQL's own grammar. */
export async function parseFile(sql: string): Promise<ParsedFile> {
  // Loaded here: the grammar is a megabyte of WebAssembly that most commands never need.
  const { loadModule, parseSync } = await import('libpg-query');
  await loadModule();
  const parse = (text: string) => parseSync(text) as ParseResult;
  const lineAt = (offset: number) => sql.slice(0, offset).split('\n').length;
  const problems: Problem[] = [];
  const found: (Omit<Statement, 'allows'> & { from: number; start: number })[] = [];
  const unparsed: [number, number][] = [];

  let offset = 0;
  for (const part of sql.split(breakpoint)) {
    const begin = offset;
    offset += part.length + breakpoint.length;
    if (!part.trim()) continue;
    try {
      const bytes = Buffer.from(part);
      const statements = (parse(part).stmts ?? []).flatMap(
        ({ stmt, stmt_location: at = 0, stmt_len: length }) => {
          const raw = bytes.subarray(at, length ? at + length : undefined).toString();
          const from = begin + bytes.subarray(0, at).toString().length;
          const ahead = commentsAhead.exec(raw)![0].length;
          return stmt
            ? [{ from, start: from + ahead, text: raw.slice(ahead), nodes: unfolded(stmt, parse) }]
            : [];
        },
      );
      for (const statement of statements)
        found.push({ ...statement, line: lineAt(statement.start), alone: statements.length === 1 });
    } catch (error) {
      const { message, sqlDetails } = error as SqlError;
      // The parser counts characters, not UTF-16 units.
      const before = [...part].slice(0, sqlDetails?.cursorPosition ?? 0).join('').length;
      const line = lineAt(begin + before);
      problems.push({
        rule: 'syntax',
        line,
        text: sql.split('\n')[line - 1] ?? '',
        why: `PostgreSQL: ${message}`,
      });
      unparsed.push([begin, begin + part.length]);
    }
  }

  const allows = new Map<number, Allow[]>();
  for (const match of sql.matchAll(directive)) {
    const at = match.index;
    if (unparsed.some(([from, to]) => at >= from && at < to)) continue;
    const ownLine = !sql.slice(sql.lastIndexOf('\n', at) + 1, at).trim();
    const index = found.findIndex(({ from, start }) => at >= from && at < start);
    const [, rule, reason] = allowing.exec(match[1]!) ?? [];
    const refuse = (why: string) =>
      problems.push({ rule: 'allow', line: lineAt(at), text: match[0].trim(), why });
    if (!rule || !reason) refuse('It does not read `-- framework53: allow RULE because REASON`.');
    else if (!ownLine || index < 0)
      refuse('It does not stand on a line of its own right before a statement.');
    else allows.set(index, [...(allows.get(index) ?? []), { rule, reason: reason.trim(), line: lineAt(at) }]);
  }
  return {
    statements: found.map(({ from: _, start: __, ...rest }, index) => ({
      ...rest,
      allows: allows.get(index) ?? [],
    })),
    problems,
  };
}

/** A `DO` block around nothing but SQL is that SQL. */
function unfolded(node: Node, parse: (text: string) => ParseResult): Node[] {
  const options = ofKind(as(node, 'DoStmt')?.args, 'DefElem');
  const body = as(options.find(({ defname }) => defname === 'as')?.arg, 'String')?.sval;
  const inner = body && drizzleBlock.exec(body)?.[1];
  if (!inner) return [node];
  try {
    return (parse(inner).stmts ?? []).flatMap(({ stmt }) => stmt ?? []);
  } catch {
    return [node];
  }
}
