import type { PlannedStack as RehearsedStack } from '../rehearsal/core/assembly';
import type { TraceFile } from '../rehearsal/core/trace';
import { type ReplayFinding, replay } from '../rehearsal/replay';
import type { ReviewFinding } from './finding';
import type { PlannedStack } from './plan';
import type { Sides } from './read-sides';
import { REHEARSED_ACCESS_RULE } from './rehearsed-access-rule';

const PAGE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html';

/**
 * Returns findings for the AWS calls and connections of a rehearsal that the change no longer allows. Calls that the
 * base did not allow either are excluded.
 */
export function rehearsedAccess(
  { base, head }: Pick<Sides, 'base' | 'head'>,
  trace: TraceFile,
): ReviewFinding[] {
  const refused = (stacks: readonly PlannedStack[]) =>
    replay(trace, { stacks: stacks as unknown as RehearsedStack[] }).findings.filter(
      ({ kind }) => kind !== 'plan',
    );
  const before = new Set(refused(base.plan.stacks).map(keyOf));
  return refused(head.plan.stacks)
    .filter((finding) => !before.has(keyOf(finding)))
    .map((finding) => findingOf(head.plan.stacks, finding));
}

const keyOf = ({ kind, what }: ReplayFinding): string => `${kind} ${what}`;

function findingOf(
  stacks: readonly PlannedStack[],
  { kind, what, reason, by }: ReplayFinding,
): ReviewFinding {
  const { logicalId } = by;
  const stack =
    stacks.find(({ name }) => name === by.stack) ??
    stacks.find(({ template }) => template.Resources?.[logicalId] !== undefined);
  const path = stack?.constructPaths[logicalId] ?? `${stack?.name ?? ''}/${logicalId}`;
  const resourceType = stack?.template.Resources?.[logicalId]?.Type ?? '';
  const isCall = kind === 'call';
  return {
    rule: REHEARSED_ACCESS_RULE,
    severity: 'danger',
    place: { stack: stack?.name ?? '', logicalId, resourceType, path },
    what: `The change removes a ${isCall ? 'permission' : 'connection'} that the last rehearsal used: ${what}.`,
    why: isCall
      ? 'After the deployment, AWS denies the call. A release or a running task that makes the call fails.'
      : 'After the deployment, the connection times out. A task or handler that connects fails.',
    fix: [
      `Restore the access: ${reason}.`,
      'If nothing needs the access, rehearse the new plan, and review with that trace.',
    ],
    link: PAGE,
  };
}
