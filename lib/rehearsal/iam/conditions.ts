import { compare } from './condition-operators';
import { substitute } from './policy-variables';
import type { RequestContext } from './request-context';
import type { Condition, Statement } from './statement';

/** True, false, or the reason why the evaluator cannot decide. */
export type Truth = boolean | { readonly unknown: string };

export const isUnknown = (truth: Truth): truth is { readonly unknown: string } => typeof truth === 'object';

/** Returns the conjunction. A single `false` decides, even if other values are unknown. */
export function allOf(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : (truths.find(isUnknown) ?? true);
}

/** Returns the disjunction. A single `true` decides, even if other values are unknown. */
export function anyOf(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : (truths.find(isUnknown) ?? false);
}

/** The negation of a truth. */
export const not = (truth: Truth): Truth => (isUnknown(truth) ? truth : !truth);

/**
 * Returns true if a request meets all conditions of a statement.
 * @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function holds({ conditions, hasVariables }: Statement, context: RequestContext): Truth {
  return allOf(conditions.map((condition) => conditionHolds(condition, context, hasVariables)));
}

function conditionHolds(condition: Condition, context: RequestContext, hasVariables: boolean): Truth {
  const { operator, key, values } = condition;
  const [, set, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const operation = compare(name);
  if (name !== 'Null' && !operation) return { unknown: `the operator ${operator}` };
  const actual = context.get(key);
  if (actual === undefined) return { unknown: `the value of ${key}` };
  if (name === 'Null')
    return values.some((value) => (actual.length === 0) === (value.toLowerCase() === 'true'));
  const { matches, isNegated } = operation!;
  if (actual.length === 0) {
    if (ifExists) return true;
    return set ? set === 'ForAllValues' : isNegated;
  }
  if (actual.length > 1 && !set) return { unknown: `${operator} of ${key}, which has several values` };
  const wanted = values.map((value) => (hasVariables ? substitute(value, context) : { text: value }));
  const satisfied = (one: string): Truth => {
    const some = anyOf(
      wanted.map((value) => {
        if (value === 'unknown') return { unknown: `the variable in ${values.join(' or ')}` };
        // If a variable has no value, the value that contains it matches nothing.
        return value === 'absent' ? false : matches(one, value.text);
      }),
    );
    return isNegated ? not(some) : some;
  };
  const truths = actual.map(satisfied);
  return set === 'ForAnyValue' ? anyOf(truths) : allOf(truths);
}
