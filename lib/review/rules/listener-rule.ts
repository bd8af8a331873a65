import type { Comparison } from '../change';
import { plain, show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { nameOf, values } from './setting';

/** An update of a listener rule sets the weights back that ECS has set. */
export const listenerRule: Rule = {
  name: 'listener-rule',
  severities: ['danger', 'caution'],
  summary: 'A listener rule changes: an update sets the weights back that a blue/green deployment has set.',
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html',
  speaksOfResources: true,
  judges: ({ resourceType }) => resourceType === 'AWS::ElasticLoadBalancingV2::ListenerRule',
  judge(comparison) {
    const owned = ownedByDeployments(comparison);
    return comparison.resources.flatMap((change): Observation[] => {
      const { resourceType, kind, stack, logicalId, former } = change;
      if (resourceType !== 'AWS::ElasticLoadBalancingV2::ListenerRule' || kind === 'added') return [];
      const isOwned =
        owned.has(`${stack} ${logicalId}`) || owned.has(`${former?.stack} ${former?.logicalId}`);
      const [first] = change.properties;
      return [
        observe(change, {
          severity: isOwned ? 'danger' : 'caution',
          property: first?.path,
          what: first
            ? `${nameOf(first.path)}: ${show(first.before)} → ${show(first.after)}.`
            : `The listener rule is ${kind}.`,
          why: isOwned
            ? 'ECS owns the weights of this rule. With any update CloudFormation writes the weights of the template: if the other colour is live, all requests go to target groups without tasks.'
            : 'Requests that it decides about go elsewhere.',
          fix: isOwned
            ? [
                'Leave the rule as it is from release to release.',
                'If it has to change, look at the live weights with `framework53 status`, and deploy when they are those of the template.',
              ]
            : 'Check which requests it matches and in which order.',
        }),
      ];
    });
  },
};

/** The listener rules that services with blue/green deployments name, before or after. */
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
