import { compare } from './condition-operators';
import { substitute } from './policy-variables';
import type { RequestContext } from './request-context';
import type { Condition, Statement } from './statement';

/** Yes, no, or the reason why this evaluator cannot tell. */
export type Truth = boolean | { readonly unknown: string };

export const isUnknown = (truth: Truth): truth is { readonly unknown: string } => typeof truth === 'object';

/** The conjunction of truths: a single `false` decides, whatever is unknown. */
export function allOf(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : (truths.find(isUnknown) ?? true);
}

/** The disjunction of truths: a single `true` decides, whatever is unknown. */
export function anyOf(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : (truths.find(isUnknown) ?? false);
}

/** The negation of a truth. */
export const not = (truth: Truth): Truth => (isUnknown(truth) ? truth : !truth);

/**
 * True if all conditions of a statement hold.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
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
        // A value whose variable has no value matches nothing.
        return value === 'absent' ? false : matches(one, value.text);
      }),
    );
    return isNegated ? not(some) : some;
  };
  const truths = actual.map(satisfied);
  return set === 'ForAnyValue' ? anyOf(truths) : allOf(truths);
}
