import { escapeHtml as e, prose } from '../../findings/escape';
import type { Change } from '../change';
import { type AcceptedFinding, type Place, SEVERITIES, type Severity } from '../finding';
import { NOT_COUNTED } from '../prices';
import { type Review, type ReviewedStack, severityOf } from '../review';
import { anchor } from './anchor';
import { type FindingGroup, grouped } from './grouped';
import { pictures } from './picture';
import { STYLE } from './style';
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

/** Returns the report as one HTML page without external files and scripts. */
export function htmlReport(review: Review): string {
  const { verdict, environment, base, head } = review;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="referrer" content="no-referrer">
<title>${VERDICTS[verdict]}: review${environment ? ` of ${e(environment)}` : ''}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<header class="verdict ${verdict}">
<h1>${VERDICTS[verdict]}</h1>
<ul>${headline(review)
    .map((part) => `<li>${e(part).replace(/\([^)]*\)$/, '<span>$&</span>')}</li>`)
    .join('')}</ul>
<p>${environment ? `${e(environment)}: ` : ''}<code>${e(base.label)}</code> → <code>${e(head.label)}</code></p>
<p class="soft small">Plan <code>${e(head.plan.planDigest)}</code></p>
</header>
${SEVERITIES.map((severity) => findingsOf(review, severity)).join('')}${acceptedOf(review)}
<h2 id="stacks">What changes where</h2>
${legend(review)}
<div class="stacks">
${pictures(review)}
</div>
<h2 id="changes">Changes</h2>
${changesOf(review)}
<h2 id="migrations">Migrations</h2>
${migrationsOf(review)}
<h2 id="cost">Cost</h2>
${costOf(review)}
<footer>Written by framework53 review. Rules, severities and what they do not see: docs/review.md.</footer>
</main>
</body>
</html>
`;
}

const text = (given: string): string => prose(given, e, (code) => `<code>${e(code)}</code>`);

function findingsOf({ findings }: Review, severity: Severity): string {
  const own = findings.filter((finding) => finding.severity === severity);
  if (own.length === 0) return '';
  const [heading, meaning] = HEADINGS[severity];
  return `<h2 id="${severity}">${heading} <span class="soft small">${meaning}</span></h2>
${grouped(own)
  .map((group) => findingCard(group))
  .join('\n')}
`;
}

/** Most places of one finding that are shown without opening a list. */
const MOST_PLACES = 4;

/** Returns the accepted findings, each with the reason. */
function acceptedOf({ accepted }: Review): string {
  if (accepted.length === 0) return '';
  const cards = grouped(accepted).map((group) => findingCard(group, group.accepted));
  return `<h2 id="accepted">Accepted <span class="soft small">${counted(accepted.length, 'finding')}, by a person with a reason</span></h2>
${cards.join('\n')}
`;
}

function findingCard(
  { rule, severity, what, why, fix, link, places }: FindingGroup,
  accepted?: AcceptedFinding['accepted'],
): string {
  const shownAtOnce = places.length > MOST_PLACES + 1 ? MOST_PLACES : places.length;
  const rest = places.slice(shownAtOnce);
  const steps =
    fix.length === 1
      ? `<p class="advice">${text(fix[0]!)}</p>`
      : `<ol class="advice">${fix.map((step) => `<li>${text(step)}</li>`).join('')}</ol>`;
  return `<article class="card finding ${severity}">
<div class="rule">${e(rule)}</div>
${places.slice(0, shownAtOnce).map(placeLine).join('\n')}
${rest.length > 0 ? `<details class="soft small"><summary>and ${rest.length} more</summary>${rest.map(placeLine).join('\n')}</details>` : ''}
<p>${text(what)}</p>
<p>${text(why)}</p>
${accepted ? `<p><strong>${text(acceptedBecause(accepted))}</strong></p>` : steps}
<p class="soft small"><a href="${e(link)}" rel="noreferrer">${e(siteName(link))}</a></p>
</article>`;
}

/** Returns the last part of an address, which names the page's topic. */
function siteName(link: string): string {
  const { hostname, pathname } = new URL(link);
  return `${hostname}: ${pathname.split('/').filter(Boolean).at(-1) ?? ''}`;
}

function placeLine(place: Place): string {
  const { logicalId, resourceType } = place;
  const site = e(siteOf(place));
  const link = logicalId
    ? `<a class="path" href="#${anchor(place)}">${site}</a>`
    : `<span class="path">${site}</span>`;
  return `<div>${link} <span class="soft small">${e(resourceType)}</span></div>`;
}

function legend({ changes, findings }: Review): string {
  if (changes.length === 0) return '';
  const kinds = Object.entries(KINDS).filter(([kind]) =>
    changes.some((change) => change.kind === kind && !change.contentOnly),
  );
  const sample = (box: string, mark: string) =>
    `<svg viewBox="0 0 16 16" aria-hidden="true"><rect class="box ${box}" x="1" y="1" width="14" height="14" rx="3"/><text class="mark" x="8" y="12">${mark}</text></svg>`;
  const items = [
    ...kinds.map(([kind, { mark, word }]) => `${sample(kind, mark)}${word}`),
    ...SEVERITIES.filter(
      (severity) => severity !== 'note' && findings.some((finding) => finding.severity === severity),
    ).map((severity) => `${sample(`changed s-${severity}`, '')}${severity}`),
    ...(changes.some(({ contentOnly }) => contentOnly) ? [`${sample('code', '·')}new code`] : []),
    `${sample('', '')}as it was`,
  ];
  return `<ul class="legend">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

function changesOf(review: Review): string {
  const blocks = review.stacks
    .filter(({ state, changes }) => state !== 'same' || changes.length > 0)
    .map((stack) => stackOf(stack, review));
  return blocks.length > 0 ? blocks.join('\n') : '<p>No resource changes.</p>';
}

function stackOf({ name, state, changes }: ReviewedStack, { findings }: Review): string {
  const title = `${e(name)} <span class="soft small">${state === 'changed' ? counted(changes.length, 'change') : `${state}, ${counted(changes.length, 'resource')}`}</span>`;
  const resources = changes.map((change) => resourceOf(change, severityOf(findings, change))).join('\n');
  // The long list of resources of a new or removed stack starts closed.
  return state === 'changed'
    ? `<section class="card"><h3>${title}</h3>\n${resources}\n</section>`
    : `<details class="card"><summary><strong>${title}</strong></summary>\n${resources}\n</details>`;
}

function resourceOf(change: Change, severity: Severity | undefined): string {
  const { mark, word } = change.contentOnly ? { mark: '·', word: 'new code' } : KINDS[change.kind];
  const former = change.former
    ? `<p class="soft small">before: <code>${e(change.former.logicalId)}</code></p>`
    : '';
  return `<details class="resource" id="${anchor(change)}">
<summary><span class="kind ${change.contentOnly ? 'code' : change.kind}" title="${word}">${mark}</span> <span class="path">${e(placeOf(change))}</span> <span class="soft small">${e(change.resourceType)}${change.kind === 'changed' && !change.contentOnly ? '' : `, ${word}`}</span>${severity ? ` <span class="tag ${severity}">${severity}</span>` : ''}</summary>
${former}${propertiesOf(change)}
</details>`;
}

function propertiesOf({ kind, properties, logicalId }: Change): string {
  if (properties.length === 0)
    return `<p class="soft small">Logical id <code>${e(logicalId)}</code>${kind === 'replaced' || kind === 'may-replace' ? '; because something it refers to is replaced' : ''}</p>`;
  const rows = properties.map((property) => {
    const { path, before, after } = shown(property);
    return [
      `<dt>${e(path)}</dt>`,
      before === undefined ? '' : `<dd class="before">${e(before)}</dd>`,
      after === undefined ? '' : `<dd class="after">${e(after)}</dd>`,
    ].join('');
  });
  return `<dl class="diff">${rows.join('\n')}</dl>`;
}

/** Most characters of an SQL file on the page. */
const LONGEST_SQL = 20_000;

function migrationsOf({ migrations, head }: Review): string {
  if ((head.plan.migrations ?? []).length === 0 && migrations.known && migrations.altered.length === 0)
    return '<p>The plan applies none.</p>';
  const files = migrations.added.map(
    ({ file, sql }) =>
      `<details class="card"><summary><code>${e(file)}</code></summary><pre>${e(sql.slice(0, LONGEST_SQL))}${sql.length > LONGEST_SQL ? '\n…' : ''}</pre></details>`,
  );
  return `<p>${e(migrationsInShort(migrations))}</p>${files.join('\n')}`;
}

function costOf(review: Review): string {
  const { before, after } = review.cost;
  const rows = costLines(review).map((line) => {
    const [old, now] = [line.before?.monthly ?? 0, line.after?.monthly ?? 0];
    return `<tr${old === now ? '' : ' class="changed"'}><td>${e(line.what)}</td><td class="number">${amounts(quantity(line.before?.quantity), quantity(line.after?.quantity))}</td><td class="number">${dollars(now)}</td><td class="number">${difference(old, now)}</td></tr>`;
  });
  const missing = unpriced(review);
  return `<div class="card wide"><table>
<thead><tr><th>Without traffic</th><th class="number">how many</th><th class="number">a month</th><th class="number">change</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
<tfoot><tr><td>Together</td><td></td><td class="number">${dollars(after.total)}</td><td class="number">${difference(before.total, after.total)}</td></tr></tfoot>
</table></div>
<p class="soft small">${e([COST_NOTE, missing].filter(Boolean).join(' '))}</p>
<details class="soft small"><summary>Not counted</summary><ul>${NOT_COUNTED.map((item) => `<li>${e(item)}</li>`).join('')}</ul></details>`;
}

function amounts(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}
