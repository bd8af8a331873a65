import { isDeepStrictEqual } from 'node:util';
import { wildcard } from '../../lib/files/wildcard';
import { type Value, walk } from './mutant';

/** Returns true if a resource and its mutant have the same effect on AWS, so that no check can detect the mutant. */
export function isEquivalent(before: Value, after: Value | undefined): boolean {
  return after !== undefined && (hasSameEgress(before, after) || hasSamePolicies(before, after));
}

/**
 * Returns true if both allow all outbound traffic. EC2 adds such a rule to a security group without egress rules.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html
 */
function hasSameEgress(before: Value, after: Value): boolean {
  const [rule, ...others] = before.Properties?.SecurityGroupEgress ?? [];
  const left = after.Properties?.SecurityGroupEgress ?? [];
  return rule?.IpProtocol === '-1' && rule.CidrIp === '0.0.0.0/0' && others.length === 0 && left.length === 0;
}

/** Returns true if an unchanged statement of the same policy allows everything that the changed statements allow. */
function hasSamePolicies(before: Value, after: Value): boolean {
  const policies = [...walk(before)].filter(([key]) => key === 'Statement');
  return policies.some(([, value, path]) => {
    const now = path.reduce((at: Value, step) => at?.[step], after);
    if (!Array.isArray(value) || !Array.isArray(now)) return false;
    const isIn = (list: Value[], one: Value) => list.some((other) => isDeepStrictEqual(one, other));
    const kept = value.filter((one) => isIn(now, one));
    const changed = [...value.filter((one) => !isIn(now, one)), ...now.filter((one) => !isIn(value, one))];
    return changed.length > 0 && changed.every((one) => kept.some((other) => covers(other, one)));
  });
}

/** Returns true if a statement without conditions allows everything that another one allows. */
function covers(wide: Value, narrow: Value): boolean {
  const takes = (name: 'Action' | 'Resource') =>
    list(narrow[name]).every((one) =>
      list(wide[name]).some(
        (pattern) =>
          isDeepStrictEqual(pattern, one) ||
          (typeof pattern === 'string' && wildcard(pattern).test(JSON.stringify(one).replace(/^"|"$/g, ''))),
      ),
    );
  return (
    wide.Effect === 'Allow' &&
    narrow.Effect === 'Allow' &&
    wide.Condition === undefined &&
    isDeepStrictEqual(wide.Principal, narrow.Principal) &&
    takes('Action') &&
    takes('Resource')
  );
}

const list = (value: Value): Value[] => (value === undefined ? [] : [value].flat());
