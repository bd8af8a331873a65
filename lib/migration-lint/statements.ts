import type { Node, ParseResult, SqlError } from 'libpg-query';
import { as, ofKind } from './syntax-tree';

/** The comment `-- framework53: allow RULE because REASON`. */
export interface Allow {
  readonly rule: string;
  readonly reason: string;
  readonly line: number;
}

export interface Statement {
  readonly line: number;
  /** The statement's text in the file. */
  readonly text: string;
  /** The parsed statement; the inner statements for a `DO` body of plain SQL. */
  readonly nodes: readonly Node[];
  /** True if the statement ignores an object that exists already: `DO … EXCEPTION WHEN duplicate_object`. */
  readonly ignoresDuplicates: boolean;
  /** True if the statement is alone between its breakpoints, so that drizzle sends it to the database alone. */
  readonly alone: boolean;
  readonly allows: readonly Allow[];
}

export interface Problem {
  readonly rule: 'syntax' | 'allow' | 'cannot-judge';
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
/** The block with which earlier versions of drizzle-kit made statements repeatable. */
const drizzleBlock =
  /^\s*BEGIN\s([\s\S]+?;)\s*(EXCEPTION\s+WHEN\s+(?:duplicate_\w+(?:\s+OR\s+)?)+\s+THEN\s+null;\s*)?END\s*;?\s*$/i;

type Found = Omit<Statement, 'allows'> & { readonly from: number; readonly start: number };

/** Splits a file as drizzle's migrator does, and parses each part with PostgreSQL's own grammar. */
export async function parseFile(sql: string): Promise<ParsedFile> {
  // Loaded on demand: the grammar is a megabyte of WebAssembly, which most commands never need.
  const { loadModule, parseSync } = await import('libpg-query');
  await loadModule();
  const parse = (text: string) => parseSync(text) as ParseResult;
  const lineAt = lineFinder(sql);
  const problems: Problem[] = [];
  const found: Found[] = [];
  const unparsed: [number, number][] = [];

  let begin = 0;
  for (const part of sql.split(breakpoint)) {
    const why = tooMuch(part);
    if (why !== undefined) {
      problems.push({ rule: 'cannot-judge', line: lineAt(begin), text: firstLine(part), why });
      unparsed.push([begin, begin + part.length]);
    } else if (part.trim())
      try {
        for (const statement of statementsOf(part, begin, parse))
          found.push({ ...statement, line: lineAt(statement.start) });
      } catch (error) {
        problems.push(problemOf(error as Error, part, begin, lineAt));
        unparsed.push([begin, begin + part.length]);
      }
    begin += part.length + breakpoint.length;
  }
  const allows = allowsOf(sql, found, unparsed, lineAt, problems);
  return {
    statements: found.map(({ from: _, start: __, ...rest }, index) => ({
      ...rest,
      allows: allows.get(index) ?? [],
    })),
    problems,
  };
}

/** Megabytes of SQL that the parser reads in a limited time. */
const LARGEST = 5;
/** A run of operators. The parser's time grows with the square of its length. */
const OPERATORS = /[-+*/<>=~!@#%^&|`?]{5000}/;
/** Maximum number of characters of a text or a reason in a report. */
const LONGEST = 300;

/** Returns the reason for not parsing a part of a file; undefined if the part can be parsed. */
function tooMuch(part: string): string | undefined {
  if (part.length > LARGEST * 1e6)
    return `The part has over ${LARGEST} MB. That much SQL is data, not a change of a schema.`;
  return OPERATORS.test(part) ? 'The part has over 5,000 operators in a row.' : undefined;
}

function firstLine(part: string): string {
  return part.trim().split('\n')[0]!.slice(0, LONGEST);
}

/** Returns a function that finds the line of an offset by binary search. */
function lineFinder(text: string): (offset: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (offset) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

function statementsOf(
  part: string,
  begin: number,
  parse: (text: string) => ParseResult,
): Omit<Found, 'line'>[] {
  const statements = (parse(part).stmts ?? []).filter(({ stmt }) => stmt);
  const bytes = Buffer.from(part);
  // The parser counts bytes. Each statement begins at the end of the one before it.
  let [at, offset] = [0, begin];
  return statements.map(({ stmt, stmt_location: location = 0, stmt_len: length }) => {
    offset += bytes.toString('utf8', at, location).length;
    at = location;
    const raw = bytes.toString('utf8', location, length ? location + length : bytes.length);
    const ahead = commentsAhead.exec(raw)![0].length;
    return {
      from: offset,
      start: offset + ahead,
      text: raw.slice(ahead),
      alone: statements.length === 1,
      ...unfolded(stmt!, parse),
    };
  });
}

function problemOf(error: Error, part: string, begin: number, lineAt: (offset: number) => number): Problem {
  const first = firstLine(part);
  if (error instanceof RangeError)
    return {
      rule: 'cannot-judge',
      line: lineAt(begin + part.indexOf(first)),
      text: first,
      why: 'An expression in the statement is nested too deeply for the parser.',
    };
  const { message, sqlDetails } = error as SqlError;
  // The parser counts characters, and JavaScript counts UTF-16 units.
  const before = [...part].slice(0, sqlDetails?.cursorPosition ?? 0).join('').length;
  const text = part.slice(part.lastIndexOf('\n', before - 1) + 1).split('\n')[0]!;
  return {
    rule: 'syntax',
    line: lineAt(begin + before),
    text: text.slice(0, LONGEST),
    why: `PostgreSQL: ${message.slice(0, LONGEST)}`,
  };
}

function allowsOf(
  sql: string,
  found: readonly Found[],
  unparsed: readonly (readonly [number, number])[],
  lineAt: (offset: number) => number,
  problems: Problem[],
): Map<number, Allow[]> {
  const allows = new Map<number, Allow[]>();
  let index = 0;
  for (const match of sql.matchAll(directive)) {
    const at = match.index;
    if (unparsed.some(([from, to]) => at >= from && at < to)) continue;
    while (index < found.length && found[index]!.start <= at) index++;
    const isBefore = index < found.length && at >= found[index]!.from;
    const ownLine = !sql.slice(sql.lastIndexOf('\n', at) + 1, at).trim();
    const [, rule, reason] = allowing.exec(match[1]!) ?? [];
    const refuse = (why: string) =>
      problems.push({ rule: 'allow', line: lineAt(at), text: match[0].trim(), why });
    if (!rule || !reason)
      refuse('The comment does not have the form `-- framework53: allow RULE because REASON`.');
    else if (!ownLine || !isBefore)
      refuse('The comment is not on a line of its own directly before a statement.');
    else allows.set(index, [...(allows.get(index) ?? []), { rule, reason: reason.trim(), line: lineAt(at) }]);
  }
  return allows;
}

/** Replaces a `DO` block that contains only SQL by this SQL. */
function unfolded(
  node: Node,
  parse: (text: string) => ParseResult,
): Pick<Statement, 'nodes' | 'ignoresDuplicates'> {
  const options = ofKind(as(node, 'DoStmt')?.args, 'DefElem');
  const body = as(options.find(({ defname }) => defname === 'as')?.arg, 'String')?.sval;
  const [, inner, handler] = (body && drizzleBlock.exec(body)) || [];
  if (!inner) return { nodes: [node], ignoresDuplicates: false };
  try {
    const nodes = (parse(inner).stmts ?? []).flatMap(({ stmt }) => stmt ?? []);
    return { nodes, ignoresDuplicates: handler !== undefined };
  } catch {
    return { nodes: [node], ignoresDuplicates: false };
  }
}
