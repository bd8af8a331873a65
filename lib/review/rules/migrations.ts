import type { PlannedStack } from '../plan';
import { list } from '../show';
import { type Observation, observeStack, type Rule } from './rule';

/** Reports the new migrations of a release, judged by their effect while the former server still runs. */
export const migrations: Rule = {
  name: 'migrations',
  severities: ['danger', 'caution', 'note'],
  summary: 'The release has new migrations; one removes part of the schema, or locks a table in use.',
  link: 'https://www.postgresql.org/docs/17/explicit-locking.html',
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
  { name, migrations: report, migrationsFolder: folder = 'migrations' }: PlannedStack,
  former: PlannedStack | undefined,
): Observation[] {
  if (!report) return [];
  const known = former?.migrations;
  const applied = new Set(known?.files.map(({ file }) => file));
  const news = report.files.filter(({ file, pending }) => pending && !applied.has(file));
  const names = new Set(news.map(({ file }) => file));
  // A database that this deployment creates contains no data.
  if (news.length === 0 || !known || known.files.length === 0) return [];
  const found = report.findings
    .filter(({ place }) => names.has(place.file))
    .map(({ rule, severity, place, what, why, fix, link }) =>
      observeStack(name, {
        severity,
        property: `${folder}/${place.file}:${place.line}`,
        what: `${rule}: ${sentence(what)}`,
        why,
        fix: fix.map(sentence),
        link,
      }),
    );
  const allowed = report.allowed
    .filter(({ place }) => names.has(place.file))
    .map(({ rule, severity, place, what, why, reason, link }) =>
      observeStack(name, {
        severity: 'caution',
        property: `${folder}/${place.file}:${place.line}`,
        what: `${rule}, allowed because ${reason}: ${sentence(what)}`,
        why: `${why}${severity === 'danger' ? ' `framework53 rollback` then refuses to return to an earlier release.' : ''}`,
        fix: [
          'Check that the reason is true in this environment.',
          'Check that the former server works with the new schema.',
        ],
        link,
      }),
    );
  const mentioned = new Set([...report.findings, ...report.allowed].map(({ place }) => place.file));
  const harmless = news.map(({ file }) => file).filter((file) => !mentioned.has(file));
  return [
    ...found,
    ...allowed,
    ...(harmless.length > 0
      ? [
          observeStack(name, {
            severity: 'note',
            property: `${folder}/${harmless[0]}`,
            what: `New migrations: ${list(harmless)}.`,
            why: 'The former server keeps working with these additions.',
            fix: 'No action is needed; migrations run before the new server starts.',
          }),
        ]
      : []),
  ];
}

/** Turns the lint's text into a sentence: the lint quotes statements and lists steps. */
function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!…]$/.test(start) ? start : `${start}.`;
}
