import { contains } from './address-ranges';
import type { LeafChange } from './change';
import { matches } from './iam/conditions';
import type { GeneralSetting } from './rules/rule';
import { isSomething, number } from './rules/setting';
import { isLater, step } from './words-of-services';

/**
 * Returns true if a setting that reports nothing understood both values: the opposite change would be worse, both are
 * amounts or switches, one is missing, or the new value is stricter, narrower or later. Other texts and references can
 * mean anything.
 */
export function isUnderstood(leaf: LeafChange, { worse }: Pick<GeneralSetting, 'worse'>): boolean {
  const { before, after } = leaf;
  if (!isSomething(before) || !isSomething(after)) return true;
  if (worse(before, after, { ...leaf, before: after, after: before })) return true;
  if ([before, after].every((one) => number(one) !== undefined)) return true;
  if (isSwitch(before) && isSwitch(after)) return true;
  if (typeof before !== 'string' || typeof after !== 'string') return false;
  return step(after) > step(before) || isNarrower(after, before) || isLater(after, before);
}

const isSwitch = (value: unknown): boolean =>
  /^(true|false|enabled?|disabled?|on|off|active|inactive)$/i.test(String(value));

/**
 * Returns true if a value is narrower, such as `https://shop.example` after `*`, or `10.0.0.0/24` after `10.0.0.0/16`.
 */
function isNarrower(after: string, before: string): boolean {
  return (before.includes('*') && matches(before, after)) || contains(before, after);
}
