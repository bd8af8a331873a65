import { markdownCode as code, prose, escapeMarkdown as t } from '../../findings/escape';
import { visible } from '../../findings/printable';
import type { Change } from '../change';
import { type Acceptance, type ReviewFinding, SEVERITIES, type Severity } from '../finding';
import { type Review, type ReviewedStack, severityOf } from '../review';
import { type FindingGroup, grouped } from './grouped';
import { shown } from './values';
import {
  acceptedBecause,
  COST_NOTE,
  costLines,
  counted,
  difference,
  dollars,
  HEADINGS,
  headline,
  KINDS,
  migrationsInShort,
  placeOf,
  quantity,
  siteOf,
  unpriced,
  VERDICTS,
} from './words';

/** Most characters of a GitHub comment. */
export const COMMENT_LIMIT = 65_536;

/** Most characters of the report, so that people can add text. */
const ROOM = COMMENT_LIMIT - 1536;

const SIGNS = { danger: '🔴', caution: '🟡', note: '🔵', clean: '🟢' } as const;

/** The level of detail. The report tries full detail first, then less until it fits. */
interface Detail {
  /** Most properties of a resource. */
  readonly properties: number;
  /** Most resources of a stack. */
  readonly resources: number;
  readonly findings: number;
  /** Most characters of a message. */
  readonly message: number;
  readonly migrations: boolean;
}

const DETAILS: readonly Detail[] = [
  { properties: 20, resources: 200, findings: 200, message: 2000, migrations: true },
  { properties: 5, resources: 100, findings: 200, message: 2000, migrations: false },
  { properties: 0, resources: 60, findings: 100, message: 1000, migrations: false },
  { properties: 0, resources: 0, findings: 60, message: 400, migrations: false },
  { properties: 0, resources: 0, findings: 15, message: 300, migrations: false },
];

/** Returns the report as a comment for a pull request, within the size limit of GitHub. */
export function markdownReport(review: Review): string {
  let text = '';
  for (const detail of DETAILS) {
    text = written(review, detail);
    if (text.length <= ROOM) return text;
  }
  return `${text.slice(0, ROOM)}\n\n… cut; the HTML report has all.\n`;
}

function written(review: Review, detail: Detail): string {
  const { verdict, environment, base, head } = review;
  const parts = [
    `## ${SIGNS[verdict]} ${VERDICTS[verdict]}${environment ? `: ${t(environment)}` : ''}`,
    `**${headline(review).map(t).join(' · ')}**`,
    `${code(base.label)} → ${code(head.label)}, plan ${code(head.plan.planDigest)}`,
    ...SEVERITIES.map((severity) => findingsOf(review, severity, detail)),
    acceptedOf(review, detail),
    changesOf(review, detail),
    migrationsOf(review, detail),
    costOf(review),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function folded(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function findingsOf({ findings }: Review, severity: Severity, detail: Detail): string {
  const own = findings.filter((finding) => finding.severity === severity);
  if (own.length === 0) return '';
  const groups = grouped(own);
  const list = groups
    .slice(0, detail.findings)
    .map((finding) => findingItem(finding, detail))
    .join('\n');
  const more = groups.length - detail.findings;
  const items = more > 0 ? `${list}\n- and ${more} more; the HTML report has all` : list;
  const [heading, meaning] = HEADINGS[severity];
  return severity === 'note'
    ? folded(`${SIGNS[severity]} ${heading} (${own.length})`, items)
    : `### ${SIGNS[severity]} ${heading}: ${meaning}\n\n${items}`;
}

function acceptedOf({ accepted }: Review, detail: Detail): string {
  if (accepted.length === 0) return '';
  const groups = grouped(accepted).slice(0, detail.findings);
  const items = groups.map((group) => findingItem(group, detail, group.accepted)).join('\n');
  return folded(`☑️ Accepted (${accepted.length})`, items);
}

/** Most places of one finding that are shown. */
const MOST_PLACES = 5;

function findingItem(
  { rule, what, why, fix, places }: FindingGroup,
  detail: Detail,
  accepted?: Acceptance,
): string {
  const cut = (text: string) =>
    prose(text.length > detail.message ? `${text.slice(0, detail.message)}…` : text, t, code);
  const more = places.length - MOST_PLACES;
  const sites = places
    .slice(0, MOST_PLACES)
    .map(
      (place) =>
        `${code(cutPath(siteOf(place)))}${place.resourceType ? ` (${t(cutPath(place.resourceType))})` : ''}`,
    );
  const steps = accepted ? acceptedBecause(accepted) : `→ ${fix.join(' ')}`;
  return `- **${t(rule)}** ${sites.join(', ')}${more > 0 ? ` and ${more} more` : ''}  \n  ${cut(what)} ${cut(why)}  \n  ${cut(steps)}`;
}

function cutPath(path: string): string {
  return path.length > 300 ? `${path.slice(0, 299)}…` : path;
}

function changesOf({ stacks, findings }: Review, detail: Detail): string {
  return stacks
    .filter(({ state, changes }) => state !== 'same' || changes.length > 0)
    .slice(0, 50)
    .map((stack) => {
      const { name, state, changes } = stack;
      const title = `${t(cutPath(name))}: ${state === 'changed' ? counted(changes.length, 'change') : `${state}, ${counted(changes.length, 'resource')}`}`;
      const list = resourcesOf(stack, findings, detail);
      return list === '' ? `- ${title}` : folded(title, list);
    })
    .join('\n\n');
}

function resourcesOf(
  { changes }: ReviewedStack,
  findings: readonly ReviewFinding[],
  { resources, properties }: Detail,
): string {
  if (resources === 0) return '';
  const told = changes.filter(({ contentOnly }) => !contentOnly);
  const lines = told.slice(0, resources).map((change) => {
    const severity = severityOf(findings, change);
    const values = change.kind === 'added' || change.kind === 'removed' ? [] : change.properties;
    const more = values.length - properties;
    return [
      `- ${severity ? `${SIGNS[severity]} ` : ''}${KINDS[change.kind].word} ${code(cutPath(placeOf(change)))} (${t(cutPath(change.resourceType))})`,
      ...values.slice(0, properties).map((value) => propertyItem(value)),
      ...(properties > 0 && more > 0 ? [`  - and ${more} more`] : []),
    ].join('\n');
  });
  const newCode = changes.length - told.length;
  return [
    ...lines,
    ...(told.length > resources ? [`- and ${told.length - resources} more`] : []),
    ...(newCode > 0 ? [`- new code in ${counted(newCode, 'resource')}`] : []),
  ].join('\n');
}

function propertyItem(property: Change['properties'][number]): string {
  const { path, before = 'none', after = 'none' } = shown(property);
  return `  - ${code(cutPath(path))}: ${code(before)} → ${code(after)}`;
}

function migrationsOf({ migrations, head }: Review, detail: Detail): string {
  if ((head.plan.migrations ?? []).length === 0 && migrations.altered.length === 0) return '';
  const files = migrations.added.slice(0, 50).map(({ file, sql }) => {
    if (!detail.migrations || sql.length > 8000) return `- ${code(cutPath(file))}`;
    const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    return folded(t(file), `${fence}sql\n${visible(sql.trimEnd())}\n${fence}`);
  });
  return [`### Migrations\n\n${t(migrationsInShort(migrations)).slice(0, 2000)}`, ...files].join('\n\n');
}

function costOf(review: Review): string {
  const { before, after } = review.cost;
  const rows = costLines(review).map((line) => {
    const [old, now] = [line.before?.monthly ?? 0, line.after?.monthly ?? 0];
    const [was, is] = [quantity(line.before?.quantity), quantity(line.after?.quantity)];
    return `| ${t(line.what)} | ${was === is ? is : `${was} → ${is}`} | ${dollars(now)} | ${difference(old, now)} |`;
  });
  const change = difference(before.total, after.total);
  return folded(
    `Cost: ${dollars(after.total)} a month${change ? ` (${change})` : ''}`,
    `| without traffic | how many | a month | change |
|---|---:|---:|---:|
${rows.join('\n')}
| **together** | | **${dollars(after.total)}** | ${change} |

${t([COST_NOTE, unpriced(review)].filter(Boolean).join(' '))}`,
  );
}
