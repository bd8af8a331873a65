import { typeName } from '../resource-type';
import { fate, holderOf } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';

const RANK = { Delete: 0, Snapshot: 1, Retain: 2 };

const POLICIES = [
  ['DeletionPolicy', 'When it leaves the stack, or somebody deletes the stack'],
  ['UpdateReplacePolicy', 'When a change replaces it'],
] as const;

/** Data that outlived its resource no longer does. */
export const deletionPolicy: Rule = {
  name: 'deletion-policy',
  severities: ['danger', 'caution'],
  summary: 'A resource loses its DeletionPolicy or UpdateReplacePolicy (Retain → Snapshot → Delete).',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html',
  judges: (_, { path }) => POLICIES.some(([policy]) => policy === path),
  judge({ resources }) {
    return resources.flatMap((change) => {
      const { before, after } = change;
      // A task definition holds no data; it is a way back, which the rule blue-green looks after.
      if (!before || !after || after.Type === 'AWS::ECS::TaskDefinition') return [];
      const holder = holderOf(after);
      return POLICIES.flatMap(([policy, when]): Observation[] => {
        const [was, is] = [fate(before, policy), fate(after, policy)];
        if (RANK[is] >= RANK[was]) return [];
        const noun = holder?.noun ?? typeName(after.Type);
        const lost =
          is !== 'Delete'
            ? 'CloudFormation keeps a snapshot and nothing else'
            : holder
              ? `CloudFormation keeps nothing of ${holder.loses}`
              : 'CloudFormation deletes it';
        return [
          observe(change, {
            severity: is === 'Delete' && holder?.primary ? 'danger' : 'caution',
            property: policy,
            what: `${policy} of the ${noun}: ${was} → ${is}.`,
            why: `${when}, ${lost}.`,
            fix: `Keep ${policy}: ${was} (\`removalPolicy\`). To remove the ${noun} for good, do so by hand, after a last backup.`,
          }),
        ];
      });
    });
  },
};
