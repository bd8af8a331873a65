import { BlockList, isIP } from 'node:net';
import { arnMatches, matches, withoutWildcards } from './wildcards';

/** Compares a value of the request with a value of a policy. */
type Comparison = (actual: string, wanted: string) => boolean;

const exactly: Comparison = (actual, wanted) => actual === withoutWildcards(wanted);
const ignoringCase: Comparison = (actual, wanted) =>
  actual.toLowerCase() === withoutWildcards(wanted).toLowerCase();

/** Comparisons by operator, without negated operators. */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: exactly,
  StringEqualsIgnoreCase: ignoringCase,
  StringLike: (actual, wanted) => matches(wanted, actual),
  BinaryEquals: exactly,
  Bool: ignoringCase,
  IpAddress: inRange,
  // Both operators accept wildcards within a segment of the ARN.
  ArnEquals: (actual, wanted) => arnMatches(wanted, actual),
  ArnLike: (actual, wanted) => arnMatches(wanted, actual),
  ...ordered('Numeric', Number),
  ...ordered('Date', instant),
};

/** Negated operators, each with the operator that it negates. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

/**
 * Returns the comparison of an operator, or undefined for an undocumented operator.
 * @param operator name without set operator and `IfExists`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function compare(operator: string): { matches: Comparison; isNegated: boolean } | undefined {
  const found = COMPARISONS[NEGATED[operator] ?? operator];
  return found && { matches: found, isNegated: operator in NEGATED };
}

/** Returns the ordering operators of a type. Values that `read` cannot parse match none of them. */
function ordered(type: string, read: (text: string) => number): Record<string, Comparison> {
  const by = (test: (actual: number, wanted: number) => boolean): Comparison => {
    return (actual, wanted) => test(read(actual), read(wanted));
  };
  return {
    [`${type}Equals`]: by((actual, wanted) => actual === wanted),
    [`${type}LessThan`]: by((actual, wanted) => actual < wanted),
    [`${type}LessThanEquals`]: by((actual, wanted) => actual <= wanted),
    [`${type}GreaterThan`]: by((actual, wanted) => actual > wanted),
    [`${type}GreaterThanEquals`]: by((actual, wanted) => actual >= wanted),
  };
}

/** Returns the milliseconds of an ISO 8601 date, or of a number of seconds since 1970. */
function instant(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

/** Returns true if an address is in a CIDR range, or equals an address. */
function inRange(actual: string, wanted: string): boolean {
  const [base = '', bits] = wanted.split('/');
  const [family, own] = [isIP(base), isIP(actual)];
  if (family === 0 || family !== own) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const range = new BlockList();
  range.addSubnet(base, Number(bits ?? (family === 6 ? 128 : 32)), type);
  return range.check(actual, type);
}
