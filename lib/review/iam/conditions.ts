import { wildcard } from '../../files/wildcard';
import { contains } from '../address-ranges';

/** One condition of a policy statement. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Returns true if a condition follows from a list of other conditions. */
export function isImplied(condition: Condition, conditions: readonly Condition[]): boolean {
  return conditions.some(
    (other) =>
      other.key.toLowerCase() === condition.key.toLowerCase() &&
      isStricter(other.operator, condition.operator) &&
      (/Not|ForAllValues|Null/.test(condition.operator)
        ? condition.values.every((value) => other.values.includes(value))
        : other.values.every((value) =>
            condition.values.some((broad) => takes(condition.operator, broad, value)),
          )),
  );
}

/** For each operator, the operators that allow the same values or fewer. */
const STRICTER: Readonly<Record<string, readonly string[]>> = {
  StringLike: ['StringEquals'],
  StringEqualsIgnoreCase: ['StringEquals'],
  ArnLike: ['ArnEquals', 'StringEquals', 'StringLike'],
  ArnEquals: ['ArnLike', 'StringEquals', 'StringLike'],
  NumericLessThanEquals: ['NumericLessThan', 'NumericEquals'],
  NumericGreaterThanEquals: ['NumericGreaterThan', 'NumericEquals'],
  DateLessThanEquals: ['DateLessThan'],
  DateGreaterThanEquals: ['DateGreaterThan'],
};

/**
 * Returns true if the second operator allows every value that the first one allows.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function isStricter(strict: string, broad: string): boolean {
  if (strict === broad) return true;
  // `…IfExists` also allows requests without the key.
  const [base, of] = [strict, broad].map((operator) => operator.replace(/IfExists$/, ''));
  if (strict.endsWith('IfExists') && !broad.endsWith('IfExists')) return false;
  return base === of || STRICTER[of!]?.includes(base!) === true;
}

function takes(operator: string, broad: string, value: string): boolean {
  if (/^(ForAnyValue:)?(StringLike|Arn)/.test(operator)) return matches(broad, value);
  if (/^IpAddress/.test(operator)) return broad === value || contains(broad, value);
  if (/^(Numeric|Date)Less/.test(operator)) return order(value) <= order(broad);
  if (/^(Numeric|Date)Greater/.test(operator)) return order(value) >= order(broad);
  return broad === value;
}

/** Returns a number, or the milliseconds of a date; `NaN` for other text. */
function order(value: string): number {
  return value !== '' && Number.isFinite(Number(value)) ? Number(value) : Date.parse(value);
}

/** Returns true if an IAM pattern, with `*` and `?`, includes a text, which may itself be a pattern. */
export function matches(pattern: string, text: string): boolean {
  if (pattern === text || pattern === '*') return true;
  return /[*?]/.test(pattern) && wildcard(pattern).test(text);
}
