import type { PlannedStack } from '../plan';
import { type Observation, observeStack, type Rule } from './rule';

/** The build said that something works but will hurt. */
export const buildWarnings: Rule = {
  name: 'build-warnings',
  severities: ['danger', 'caution', 'note'],
  summary:
    'The build of the release warns of something; a secret in files that every browser gets is a danger.',
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
        ? 'Every browser gets the file, and with it the secret.'
        : note
          ? 'The check of the application reports it, and nobody has to act.'
          : known.has(text)
            ? 'The plan that it is compared with has the same warning.'
            : 'It works, and will hurt in production.',
      fix: secret
        ? ['Renew the secret: it has to count as known.', 'Keep it on the server, as a secret variable.']
        : note
          ? 'Nothing has to change.'
          : 'Follow the warning, or say in the change why it does not matter here.',
    }),
  );
}
