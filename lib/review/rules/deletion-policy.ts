import { fate, holderOf } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';

const RANK = { Delete: 0, Snapshot: 1, Retain: 2 };

const POLICIES = [
  ['DeletionPolicy', 'when it leaves the stack or the stack is deleted'],
  ['UpdateReplacePolicy', 'when a change replaces it'],
] as const;

/** What kept data when its resource goes no longer does. */
export const deletionPolicy: Rule = {
  name: 'deletion-policy',
  severities: ['danger', 'caution'],
  summary: 'What holds data loses its DeletionPolicy or UpdateReplacePolicy (Retain → Snapshot → Delete).',
  judge({ resources }) {
    return resources.flatMap((change) => {
      const { before, after } = change;
      const holder = holderOf(after);
      if (!before || !after || !holder) return [];
      return POLICIES.flatMap(([policy, when]): Observation[] => {
        const [was, is] = [fate(before, policy), fate(after, policy)];
        if (RANK[is] >= RANK[was]) return [];
        const lost = is === 'Delete' ? `nothing is kept of ${holder.loses}` : 'only a snapshot is kept';
        return [
          observe(change, {
            severity: is === 'Delete' && holder.primary ? 'danger' : 'caution',
            property: policy,
            message: `${policy} of the ${holder.noun}: ${was} → ${is}. From then on, ${when}, ${lost}.`,
            advice: `Keep ${policy}: ${was} (\`removalPolicy\`). To remove the ${holder.noun} for good, do it by hand, after a last backup.`,
          }),
        ];
      });
    });
  },
};
