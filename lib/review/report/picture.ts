import { escapeHtml } from '../../findings/escape';
import type { Change } from '../change';
import type { ReviewFinding, Severity } from '../finding';
import type { PlannedStack } from '../plan';
import { type Review, type ReviewedStack, severityOf } from '../review';
import { anchor } from './anchor';
import { counted, KINDS } from './words';

/** Sizes in pixels. A stack fits the width of a phone. */
const WIDTH = 340;
const LABEL = 118;
const SIDE = 16;
const STEP = 20;
const PER_ROW = Math.floor((WIDTH - LABEL - 10) / STEP);
const HEAD = 40;

/** A resource in the picture. */
interface Box {
  readonly path: string;
  readonly type: string;
  readonly change?: Change;
  readonly severity?: Severity;
}

/** Draws each stack: a box for each resource, grouped by the construct below the stack. */
export function pictures(review: Review): string {
  return review.stacks.map((stack) => picture(stack, review)).join('\n');
}

function picture(stack: ReviewedStack, review: Review): string {
  const rows: string[] = [];
  let y = HEAD;
  for (const [group, boxes] of groupsOf(stack, review)) {
    const height = Math.ceil(boxes.length / PER_ROW) * STEP;
    rows.push(
      `<text class="group" x="8" y="${y + 13}">${escapeHtml(clipped(group, 17))}<title>${escapeHtml(group)}</title></text>`,
      ...boxes.map((box, index) =>
        drawn(box, LABEL + (index % PER_ROW) * STEP, y + Math.floor(index / PER_ROW) * STEP),
      ),
    );
    y += height + 6;
  }
  const changes = stack.changes.length;
  const said =
    stack.state === 'same'
      ? `${counted(stack.resources, 'resource')}, none changes`
      : stack.state === 'changed'
        ? `${changes} of ${counted(stack.resources, 'resource')} ${changes === 1 ? 'changes' : 'change'}`
        : `${stack.state}, ${counted(stack.resources, 'resource')}`;
  return `<svg class="stack" viewBox="0 0 ${WIDTH} ${y + 4}" role="img" aria-label="${escapeHtml(`${stack.name}: ${said}`)}">
<rect class="frame" x="0.5" y="0.5" width="${WIDTH - 1}" height="${y + 3}" rx="8"/>
<text class="name" x="8" y="17">${escapeHtml(clipped(stack.name, 42))}</text>
<text class="said" x="8" y="32">${escapeHtml([said, stack.region].filter(Boolean).join(' · '))}</text>
${rows.join('\n')}
</svg>`;
}

function drawn({ path, type, change, severity }: Box, x: number, y: number): string {
  const title = `${path}\n${type}${change ? `\n${change.contentOnly ? 'new code' : KINDS[change.kind].word}` : ''}`;
  const square = `<rect class="${change ? `box ${change.contentOnly ? 'code' : change.kind}` : 'box'}${severity ? ` s-${severity}` : ''}" x="${x + 1}" y="${y + 1}" width="${SIDE - 2}" height="${SIDE - 2}" rx="3"/>`;
  const mark = change
    ? `<text class="mark" x="${x + SIDE / 2}" y="${y + SIDE / 2 + 4}">${change.contentOnly ? '·' : KINDS[change.kind].mark}</text>`
    : '';
  const inner = `<title>${escapeHtml(title)}</title>${square}${mark}`;
  return change ? `<a href="#${anchor(change)}">${inner}</a>` : `<g>${inner}</g>`;
}

/**
 * Returns the resources before or after the change, by the construct below the stack, in the order of the
 * template.
 */
function groupsOf({ name, changes }: ReviewedStack, { base, head, findings }: Review): Map<string, Box[]> {
  const byId = new Map(changes.map((change) => [change.logicalId, change]));
  const groups = new Map<string, Box[]>();
  const seen = new Set<string>();
  for (const plan of [head.plan, base.plan]) {
    const stack = plan.stacks.find((candidate) => candidate.name === name);
    for (const [id, { Type }] of Object.entries(stack?.template.Resources ?? {})) {
      // Removed resources come from the base. A renamed resource has its new name.
      if (seen.has(id) || Type === 'AWS::CDK::Metadata') continue;
      if (plan === base.plan && !byId.has(id)) continue;
      seen.add(id);
      const path = stack?.constructPaths[id] ?? id;
      const group = groupOf(path, stack!);
      const boxes = groups.get(group) ?? [];
      groups.set(group, boxes);
      boxes.push(boxOf(path, Type, byId.get(id), findings));
    }
  }
  return groups;
}

function boxOf(
  path: string,
  type: string,
  change: Change | undefined,
  findings: readonly ReviewFinding[],
): Box {
  const severity = change && severityOf(findings, change);
  return { path, type, ...(change && { change }), ...(severity && { severity }) };
}

function groupOf(path: string, { name }: PlannedStack): string {
  const parts = path.split('/');
  const own = parts[0] === name ? parts.slice(1) : parts;
  // Resources that the CDK adds for the whole stack.
  return own.length < 2 || /^Custom::|^(AWS|Log)[0-9A-Za-z]{20,}/.test(own[0] ?? '') ? 'shared' : own[0]!;
}

function clipped(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
