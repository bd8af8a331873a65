import type { Comparison } from '../change';
import { plain, show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { values } from './setting';

/** Weights that ECS set are set back. */
export const listenerRule: Rule = {
  name: 'listener-rule',
  severities: ['danger', 'caution'],
  summary:
    'A listener rule is touched: an update sets the weights back that a blue/green deployment has set.',
  judge(comparison) {
    const owned = ownedByDeployments(comparison);
    return comparison.resources.flatMap((change): Observation[] => {
      const { resourceType, kind, stack, logicalId, former } = change;
      if (resourceType !== 'AWS::ElasticLoadBalancingV2::ListenerRule' || kind === 'added') return [];
      const isOwned =
        owned.has(`${stack} ${logicalId}`) || owned.has(`${former?.stack} ${former?.logicalId}`);
      const [first] = change.properties;
      const what = first
        ? `${first.path.replace('Properties.', '')}: ${show(first.before)} → ${show(first.after)}`
        : kind;
      return [
        observe(change, {
          severity: isOwned ? 'danger' : 'caution',
          property: first?.path,
          message: isOwned
            ? `${what}. ECS owns the weights of this rule: whatever an update changes in it, CloudFormation writes the template’s weights, and if the other colour is live, all requests go where nothing runs.`
            : `${what}. Requests that it decides about go elsewhere.`,
          advice: isOwned
            ? 'Leave the rule as it is from release to release. If it has to change, deploy when the live weights are those of the template: `framework53 status` shows them.'
            : 'Check which requests it matches and in which order.',
        }),
      ];
    });
  },
};

/** Rules that services with blue/green deployments name, before or after. */
function ownedByDeployments({ base, head }: Comparison): Set<string> {
  return new Set(
    [base, head].flatMap(({ stacks }) =>
      stacks.flatMap(({ name, template }) =>
        Object.values(template.Resources ?? {})
          .filter(({ Type }) => Type === 'AWS::ECS::Service')
          .flatMap(({ Properties }) =>
            ['ProductionListenerRule', 'TestListenerRule'].flatMap((rule) => [
              ...values(Properties, `LoadBalancers[].AdvancedConfiguration.${rule}`).values(),
            ]),
          )
          .map((reference) => `${name} ${plain(reference).replace(/^\$\{(\w+)\}$/, '$1')}`),
      ),
    ),
  );
}
