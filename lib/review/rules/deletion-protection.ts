import { holderOf } from '../stateful-resources';
import { type Observation, observeStack, type Rule } from './rule';
import { judgeSettings, type Setting, turnedOff } from './setting';

const data = (types: readonly string[], property: string): Setting => ({
  types,
  property,
  worse: turnedOff,
  severity: 'danger',
  what: 'Deletion protection',
  why: 'One mistaken command, or a change that replaces it, then deletes the data.',
  advice: 'Leave it on. Turn it off by hand, for one planned deletion, and only there.',
});

const SETTINGS: readonly Setting[] = [
  data(
    [
      'AWS::RDS::DBCluster',
      'AWS::RDS::DBInstance',
      'AWS::RDS::GlobalCluster',
      'AWS::DocDB::DBCluster',
      'AWS::Neptune::DBCluster',
    ],
    'DeletionProtection',
  ),
  data(['AWS::DynamoDB::Table', 'AWS::DSQL::Cluster'], 'DeletionProtectionEnabled'),
  data(['AWS::Cognito::UserPool'], 'DeletionProtection'),
  { ...data(['AWS::Logs::LogGroup'], 'DeletionProtectionEnabled'), severity: 'caution' },
  {
    ...data(
      ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
      'LoadBalancerAttributes[deletion_protection.enabled].Value',
    ),
    severity: 'caution',
    why: 'One mistaken command, or a change that replaces it, then takes the server off the network.',
  },
];

/** What stopped a deletion no longer does. */
export const deletionProtection: Rule = {
  name: 'deletion-protection',
  severities: ['danger', 'caution'],
  summary:
    'Deletion protection of a database, table, user pool, log group or load balancer, or a stack’s termination protection, is turned off.',
  judge(comparison) {
    const { base, head } = comparison;
    const stacks = head.stacks.flatMap(({ name, terminationProtection, template }): Observation[] => {
      const former = base.stacks.find((stack) => stack.name === name);
      if (former?.terminationProtection !== true || terminationProtection !== false) return [];
      const holds = Object.values(template.Resources ?? {}).some((resource) => holderOf(resource)?.primary);
      return [
        observeStack(name, {
          severity: holds ? 'danger' : 'caution',
          property: 'terminationProtection',
          message: `Termination protection of the stack: true → false. One command then deletes the stack${holds ? ' with the data in it' : ''}.`,
          advice: 'Keep `terminationProtection: true`; turn it off by hand when the stack is to go.',
        }),
      ];
    });
    return [...stacks, ...judgeSettings(comparison, SETTINGS)];
  },
};
