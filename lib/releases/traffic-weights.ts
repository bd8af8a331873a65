import type { LoadBalancer } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroupTuple,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TrafficWeights } from './environment-state';

/**
 * Reads each target group's share of requests, from the listener rules that blue/green deployments of a service
 * change.
 * @returns undefined if the caller may not read the rules
 */
export async function trafficWeights(
  client: ElasticLoadBalancingV2Client,
  loadBalancers: readonly LoadBalancer[],
): Promise<TrafficWeights[] | undefined> {
  const wanted = loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration: own }) => [
    { rule: 'production' as const, arn: own?.productionListenerRule, first: targetGroupArn },
    { rule: 'test' as const, arn: own?.testListenerRule, first: targetGroupArn },
  ]);
  const named = wanted.filter(({ arn }) => arn !== undefined);
  if (named.length === 0) return [];
  try {
    const command = new DescribeRulesCommand({ RuleArns: named.map(({ arn }) => arn!) });
    const { Rules = [] } = await client.send(command);
    return named.flatMap(({ rule, arn, first }) => {
      const found = Rules.find(({ RuleArn }) => RuleArn === arn);
      const groups = found?.Actions?.find(({ Type }) => Type === 'forward')?.ForwardConfig?.TargetGroups;
      return groups ? [weightsOf(rule, groups, first)] : [];
    });
  } catch (error) {
    if (/AccessDenied|UnauthorizedOperation/.test((error as Error).name)) return undefined;
    throw error;
  }
}

function weightsOf(
  rule: TrafficWeights['rule'],
  groups: readonly TargetGroupTuple[],
  first: string | undefined,
): TrafficWeights {
  const all = groups.reduce((sum, { Weight = 0 }) => sum + Weight, 0);
  const percent = ({ Weight = 0 }: TargetGroupTuple) => (all === 0 ? 0 : Math.round((Weight / all) * 100));
  return {
    rule,
    targetGroups: groups.map((group) => ({
      name: group.TargetGroupArn?.split('/').at(-2) ?? 'an unknown target group',
      percent: percent(group),
    })),
    // The template gives all requests to the first group, which is the first target group of the service.
    asInTemplate: groups.every((group) => (group.TargetGroupArn === first) === percent(group) > 0),
  };
}
