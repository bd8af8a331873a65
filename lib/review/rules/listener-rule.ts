import type { Comparison } from '../change';
import { plain, show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { nameOf, values } from './setting';

/** Finds updates of listener rules, because an update resets the weights that ECS set. */
export const listenerRule: Rule = {
  name: 'listener-rule',
  severities: ['danger', 'caution'],
  summary: 'A listener rule changes: an update resets the weights that a blue/green deployment set.',
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html',
  coversResources: true,
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
            ? 'ECS controls the weights of this rule. Any update makes CloudFormation write the weights of the template. If the other target group is live, all requests then go to a target group without tasks.'
            : 'Matching requests go to another target.',
          fix: isOwned
            ? [
                'Keep the rule unchanged from release to release.',
                'To change the rule anyway, check the live weights with `framework53 status`, and deploy while they match the template.',
              ]
            : 'Check which requests the rule matches, and its priority.',
        }),
      ];
    });
  },
};

/** Returns the listener rules that services with blue/green deployments use, before or after the change. */
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
