import { isRecord } from './is-record';

/** A list of patterns. With `but`, everything that matches none of them. */
export interface Matcher {
  readonly but: boolean;
  readonly patterns: readonly string[];
}

/** A condition of a statement: one operator on one key. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Principals by type, such as `AWS` or `Service`. */
export interface Principals {
  readonly but: boolean;
  readonly listed: Readonly<Record<string, readonly string[]>>;
}

/** A statement of a policy. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly action: Matcher;
  /** Absent in a trust policy. */
  readonly resource?: Matcher;
  /** Absent in an identity-based policy. */
  readonly principal?: Principals;
  readonly conditions: readonly Condition[];
  /** True if the policy's version supports policy variables, such as `${aws:PrincipalAccount}`. */
  readonly hasVariables: boolean;
  /** The first part that the evaluator does not support; undefined if it supports all. */
  readonly unknown?: string;
}

const ELEMENTS = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
];

/**
 * Returns the statements of a policy document with resolved references.
 * @param document object, or JSON
 * @throws SyntaxError for invalid JSON
 */
export function statementsOf(document: unknown): Statement[] {
  const policy: unknown = typeof document === 'string' ? JSON.parse(document) : document;
  if (!isRecord(policy)) return [];
  const hasVariables = policy['Version'] === '2012-10-17';
  return list(policy['Statement'])
    .filter(isRecord)
    .map((statement) => readStatement(statement, hasVariables));
}

function readStatement(statement: Record<string, unknown>, hasVariables: boolean): Statement {
  const { Effect, Condition } = statement;
  const odd = Object.keys(statement).find((name) => !ELEMENTS.includes(name));
  const action = matcher(statement, 'Action');
  return {
    effect: Effect === 'Deny' ? 'Deny' : 'Allow',
    action: action ?? { but: false, patterns: [] },
    resource: matcher(statement, 'Resource'),
    principal: principals(statement),
    conditions: conditions(Condition),
    hasVariables,
    unknown: odd && `the element '${odd}'`,
  };
}

function matcher(statement: Record<string, unknown>, name: string): Matcher | undefined {
  const [wanted, unwanted] = [statement[name], statement[`Not${name}`]];
  if (wanted !== undefined) return { but: false, patterns: list(wanted).map(String) };
  return unwanted === undefined ? undefined : { but: true, patterns: list(unwanted).map(String) };
}

function principals({ Principal, NotPrincipal }: Record<string, unknown>): Principals | undefined {
  const given = Principal ?? NotPrincipal;
  if (given === undefined) return undefined;
  const byType = isRecord(given) ? given : { AWS: given };
  const listed = Object.entries(byType).map(([type, who]) => [type, list(who).map(String)] as const);
  return { but: Principal === undefined, listed: Object.fromEntries(listed) };
}

function conditions(block: unknown): Condition[] {
  if (!isRecord(block)) return [];
  return Object.entries(block).flatMap(([operator, keys]) =>
    Object.entries(isRecord(keys) ? keys : {}).map(([key, values]) => ({
      operator,
      key,
      values: list(values).map(String),
    })),
  );
}

const list = (value: unknown): unknown[] => (value === undefined ? [] : [value].flat());
