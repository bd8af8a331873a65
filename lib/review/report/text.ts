import { oneLine } from '../../findings/escape';
import { visible } from '../../findings/printable';
import { wrapped } from '../../findings/wrapped';
import type { Change, PropertyChange } from '../change';
import { SEVERITIES, type Severity } from '../finding';
import { type Review, severityOf } from '../review';
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

/** Most changes of one resource that are shown; the HTML report has all. */
const MOST_PROPERTIES = 6;

/** Most resources of a stack that are shown. */
const MOST_RESOURCES = 20;

/** Most places of one finding that are shown. */
const MOST_PLACES = 5;

type Paint = (colour: keyof typeof COLOURS, text: string) => string;

const COLOURS = { danger: '31;1', caution: '33;1', note: '36', clean: '32;1', bold: '1', dim: '2' };

export interface TextOptions {
  /** True if the reader is a terminal that shows colours. */
  readonly colour: boolean;
}

/** Returns the report for a terminal. */
export function textReport(review: Review, { colour }: TextOptions): string {
  const paint: Paint = (name, text) =>
    colour ? `\u001b[${COLOURS[name]}m${visible(text)}\u001b[0m` : visible(text);
  const { verdict, environment, base, head } = review;
  return `${[
    wrapped(`${paint(verdict, VERDICTS[verdict].toUpperCase())}  ${headline(review).join(' · ')}`, '', '  '),
    paint(
      'dim',
      wrapped(
        `${environment ? `${environment}: ` : ''}${oneLine(base.label)} → ${oneLine(head.label)}, plan ${head.plan.planDigest.slice(0, 16)}`,
        '',
        '  ',
      ),
    ),
    ...SEVERITIES.map((severity) => findingsOf(review, severity, paint)),
    acceptedOf(review, paint),
    changesOf(review, paint),
    migrationsOf(review, paint),
    costOf(review, paint),
    `\n${paint(verdict, VERDICTS[verdict].toUpperCase())}  ${headline(review)[0]}`,
  ]
    .filter((part) => part !== '')
    .join('\n')}\n`;
}

function findingsOf({ findings }: Review, severity: Severity, paint: Paint): string {
  const own = findings.filter((finding) => finding.severity === severity);
  if (own.length === 0) return '';
  const [heading, meaning] = HEADINGS[severity];
  return `\n${paint(severity, heading)} ${paint('dim', `(${meaning})`)}\n${grouped(own)
    .map((group) => described(group, paint))
    .join('\n')}`;
}

function acceptedOf({ accepted }: Review, paint: Paint): string {
  if (accepted.length === 0) return '';
  return `\n${paint('bold', 'Accepted')} ${paint('dim', '(by a person, with a reason)')}\n${grouped(accepted)
    .map((group) => described(group, paint, acceptedBecause(group.accepted)))
    .join('\n')}`;
}

function described(
  { rule, severity, what, why, fix, places }: FindingGroup,
  paint: Paint,
  accepted?: string,
): string {
  const more = places.length - MOST_PLACES;
  const sites = places
    .slice(0, more > 1 ? MOST_PLACES : places.length)
    .map(
      (place) =>
        `${oneLine(siteOf(place))}${place.resourceType ? paint('dim', `  ${place.resourceType}`) : ''}`,
    );
  return [
    ...sites.map((site, index) =>
      wrapped(
        index === 0 ? `${paint(severity, rule)}  ${site}` : site,
        index === 0 ? '  ' : '    ',
        '      ',
      ),
    ),
    ...(more > 1 ? [`    and ${more} more`] : []),
    wrapped(oneLine(`${what} ${why}`), '    '),
    ...(accepted
      ? [wrapped(oneLine(accepted), '    ')]
      : fix.map((step) => wrapped(oneLine(`→ ${step}`), '    ', '      '))),
  ].join('\n');
}

function changesOf(review: Review, paint: Paint): string {
  const blocks = review.stacks
    .filter(({ changes, state }) => changes.length > 0 || state !== 'same')
    .map(({ name, state, changes, resources }) => {
      const title = `  ${paint('bold', oneLine(name))}${state === 'changed' ? '' : ` (${state}, ${counted(resources, 'resource')})`}`;
      // The report does not list the resources of a new or removed stack.
      if (state !== 'changed') return title;
      const code = changes.filter(({ contentOnly }) => contentOnly);
      const told = changes.filter(
        (change) => !change.contentOnly || severityOf(review.findings, change) !== undefined,
      );
      const lines = told.slice(0, MOST_RESOURCES).flatMap((change) => {
        const severity = severityOf(review.findings, change);
        const { mark, word } = KINDS[change.kind];
        const properties = change.kind === 'added' || change.kind === 'removed' ? [] : change.properties;
        return [
          wrapped(
            `${severity ? paint(severity, mark) : mark} ${oneLine(placeOf(change))}  ${paint('dim', `${oneLine(change.resourceType)}${change.kind === 'changed' ? '' : `, ${word}`}`)}`,
            '    ',
            '      ',
          ),
          ...propertyLines(review, change, properties),
        ];
      });
      const newCode = code.length > 0 ? [`    · new code in ${counted(code.length, 'resource')}`] : [];
      const more = told.length - MOST_RESOURCES;
      const rest = more > 0 ? [`    and ${more} more; the HTML report lists all`] : [];
      return [title, ...lines, ...rest, ...newCode].join('\n');
    });
  return blocks.length === 0 ? '' : `\n${paint('bold', 'Changes')}\n${blocks.join('\n')}`;
}

/** Returns the changes of properties. A change that a finding shows is named without its values. */
function propertyLines(
  { findings, accepted }: Review,
  { stack, logicalId }: Change,
  properties: readonly PropertyChange[],
): string[] {
  const told = [...findings, ...accepted].filter(
    ({ place }) => place.stack === stack && place.logicalId === logicalId,
  );
  const lines: string[] = [];
  const above: string[] = [];
  for (const { path, before = 'none', after = 'none' } of properties.map(shown)) {
    const isAbove = told.some(
      ({ place, what }) => siteOf(place).endsWith(`#${path}`) && what.includes(`${before} → ${after}`),
    );
    if (isAbove) above.push(path);
    else lines.push(`${oneLine(path)}: ${short(before)} → ${short(after)}`);
  }
  const more = lines.length - MOST_PROPERTIES;
  return [
    ...(above.length > 0 ? [`${oneLine(above.join(', '))}: see the findings`] : []),
    ...lines.slice(0, MOST_PROPERTIES),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].map((line) => wrapped(line, '        ', '          '));
}

function short(text: string): string {
  const line = oneLine(text);
  return line.length > 70 ? `${line.slice(0, 69)}…` : line;
}

function migrationsOf({ migrations, head }: Review, paint: Paint): string {
  if ((head.plan.migrations ?? []).length === 0 && migrations.altered.length === 0) return '';
  const files = migrations.added.map(({ file }) => `\n  + ${oneLine(file)}`).join('');
  return `\n${paint('bold', 'Migrations')}\n${wrapped(oneLine(migrationsInShort(migrations)), '  ')}${files}`;
}

function costOf(review: Review, paint: Paint): string {
  const { before, after } = review.cost;
  const changed = costLines(review).filter((line) => line.before?.monthly !== line.after?.monthly);
  const rows = changed.map(
    (line) =>
      `  ${line.what.padEnd(38)}${quantity(line.before?.quantity).padStart(8)} → ${quantity(line.after?.quantity).padEnd(8)}${difference(line.before?.monthly ?? 0, line.after?.monthly ?? 0)}`,
  );
  return `\n${paint('bold', 'Cost')}\n  ${
    before.total === after.total
      ? `${dollars(after.total)} a month, before and after`
      : `${dollars(before.total)} → ${dollars(after.total)} a month, ${difference(before.total, after.total)}`
  }${rows.map((row) => `\n${row}`).join('')}\n${paint('dim', wrapped(oneLine([COST_NOTE, unpriced(review)].filter(Boolean).join(' ')), '  '))}`;
}
