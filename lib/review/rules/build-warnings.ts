import type { PlannedStack } from '../plan';
import { type Observation, observeStack, type Rule } from './rule';

/** Reports the warnings of the build. Known warnings and notes of the check are notes. */
export const buildWarnings: Rule = {
  name: 'build-warnings',
  severities: ['danger', 'caution', 'note'],
  summary: 'The build of the release has a warning; a secret in client files is a danger.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_identities_secrets.html',
  judge({ base, head }) {
    return head.stacks.flatMap((stack) =>
      judgeStack(
        stack,
        base.stacks.find(({ name }) => name === stack.name),
      ),
    );
  },
};

function judgeStack({ name, warnings = [] }: PlannedStack, former: PlannedStack | undefined): Observation[] {
  const known = new Set(former?.warnings?.map(({ text }) => text));
  return warnings.map(({ text, secret, note }) =>
    observeStack(name, {
      severity: note || known.has(text) ? 'note' : secret ? 'danger' : 'caution',
      property: `build/${text.split(':')[0]}`,
      what: /[.!?)]$/.test(text) ? text : `${text}.`,
      why: secret
        ? 'Every browser downloads the file, and the secret with it.'
        : note
          ? 'This is a note of the check of the application.'
          : known.has(text)
            ? 'The compared plan has the same warning.'
            : 'The build succeeds, but this can cause problems in production.',
      fix: secret
        ? [
            'Rotate the secret, because it must be considered known.',
            'Keep the secret on the server, as a secret variable.',
          ]
        : note
          ? 'No action is needed.'
          : 'Follow the warning, or explain in the change why it does not apply.',
    }),
  );
}
