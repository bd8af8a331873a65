import type { PlannedStack } from '../plan';
import { list } from '../show';
import { type Observation, observeStack, type Rule } from './rule';

/** What the release does to the schema while its predecessor still runs. */
export const migrations: Rule = {
  name: 'migrations',
  severities: ['danger', 'caution', 'note'],
  summary:
    'The release carries new migrations; one takes something away from the schema, or locks what is in use.',
  judge({ base, head }) {
    return head.stacks.flatMap((stack) =>
      judgeStack(
        stack,
        base.stacks.find(({ name }) => name === stack.name),
      ),
    );
  },
};

function judgeStack(
  { name, migrations: report }: PlannedStack,
  former: PlannedStack | undefined,
): Observation[] {
  if (!report) return [];
  const known = former?.migrations;
  const applied = new Set(known?.files.map(({ file }) => file));
  const news = report.files.filter(({ file, pending }) => pending && !applied.has(file));
  const names = new Set(news.map(({ file }) => file));
  // Nothing can hurt a database that is only now made.
  if (news.length === 0 || !known || known.files.length === 0) return [];
  const contracting = new Map(news.map(({ file, contractedBy }) => [file, contractedBy]));
  const found = report.findings
    .filter(({ file }) => names.has(file))
    .map((finding): Observation => {
      const { file, line, rule, statement, why, remediation } = finding;
      const isContract = contracting.get(file)?.includes(rule) || rule === 'syntax' || rule === 'journal';
      return observeStack(name, {
        severity: isContract ? 'danger' : 'caution',
        property: `migrations/${file}:${line}`,
        message: `${rule}: ${statement}. ${why}`,
        advice: remediation.join('; '),
      });
    });
  const allowed = report.allowed
    .filter(({ file }) => names.has(file))
    .map(({ file, line, rule, statement, why, reason }) => {
      const isContract = contracting.get(file)?.includes(rule);
      return observeStack(name, {
        severity: 'caution',
        property: `migrations/${file}:${line}`,
        message: `${rule}, allowed because ${reason}: ${statement}. ${why}${isContract ? ' A rollback to before it is refused.' : ''}`,
        advice:
          'Check that the reason holds in this environment, and that the former server runs with the schema after it.',
      });
    });
  const mentioned = new Set([...report.findings, ...report.allowed].map(({ file }) => file));
  const harmless = news.map(({ file }) => file).filter((file) => !mentioned.has(file));
  return [
    ...found,
    ...allowed,
    ...(harmless.length > 0
      ? [
          observeStack(name, {
            severity: 'note',
            property: `migrations/${harmless[0]}`,
            message: `New migrations: ${list(harmless)}. The former server goes on working with what they add.`,
            advice: 'Nothing to do; they run before the new server starts.',
          }),
        ]
      : []),
  ];
}
