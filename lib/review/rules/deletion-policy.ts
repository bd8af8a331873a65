import { typeName } from '../resource-type';
import { fate, holderOf } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';

const RANK = { Delete: 0, Snapshot: 1, Retain: 2 };

const POLICIES = [
  ['DeletionPolicy', 'When the resource leaves the stack, or the stack is deleted'],
  ['UpdateReplacePolicy', 'When a change replaces the resource'],
] as const;

/** Finds resources that CloudFormation no longer retains when it removes or replaces them. */
export const deletionPolicy: Rule = {
  name: 'deletion-policy',
  severities: ['danger', 'caution'],
  summary: 'A resource loses its DeletionPolicy or UpdateReplacePolicy (Retain → Snapshot → Delete).',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html',
  judges: (_, { path }) => POLICIES.some(([policy]) => policy === path),
  judge({ resources }) {
    return resources.flatMap((change) => {
      const { before, after } = change;
      // A task definition holds no data. The rule `blue-green` reports its policy, because a rollback needs it.
      if (!before || !after || after.Type === 'AWS::ECS::TaskDefinition') return [];
      const holder = holderOf(after);
      return POLICIES.flatMap(([policy, when]): Observation[] => {
        const [was, is] = [fate(before, policy), fate(after, policy)];
        if (RANK[is] >= RANK[was]) return [];
        const noun = holder?.noun ?? typeName(after.Type);
        const lost =
          is !== 'Delete'
            ? 'CloudFormation keeps only a snapshot'
            : holder
              ? `CloudFormation deletes it, and you lose ${holder.loses}`
              : 'CloudFormation deletes it';
        return [
          observe(change, {
            severity: is === 'Delete' && holder?.primary ? 'danger' : 'caution',
            property: policy,
            what: `${policy} of the ${noun}: ${was} → ${is}.`,
            why: `${when}, ${lost}.`,
            fix: `Keep ${policy}: ${was} (\`removalPolicy\`). To remove the ${noun} permanently, delete it by hand after a last backup.`,
          }),
        ];
      });
    });
  },
};
