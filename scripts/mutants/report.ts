import { KINDS, type Mutant } from './mutant';

/** A mutant, and who notices it. */
export interface JudgedMutant extends Mutant {
  /** True if the plan refuses a call or connection of the rehearsal of the whole plan. */
  readonly replay: boolean;
  /** True if the review finds a danger or a caution. */
  readonly review: boolean;
  /** True if a rehearsal of the mutant fails; absent if nobody has played it. */
  readonly rehearsal?: boolean;
}

/** Reasons why nobody needs to notice a change. */
const EXPLANATIONS: readonly (readonly [type: RegExp, reason: string])[] = [];

/** The reason why a mutant that nobody notices does no harm; nothing without one. */
export function explained({ type }: Mutant): string | undefined {
  return EXPLANATIONS.find(([pattern]) => pattern.test(type))?.[1];
}

export function inWords({ kind, stack, logicalId, what }: Mutant): string {
  return `${kind}: ${stack.split('-').at(-1)}/${logicalId}: ${what}`;
}

const isNoticed = ({ replay, review, rehearsal }: JudgedMutant): boolean =>
  replay || review || rehearsal === true;

/** Mutants to play: first those that nobody has noticed, then others evenly among all. */
export function sample(all: readonly JudgedMutant[], count: number): JudgedMutant[] {
  const silent = all.filter((one) => !isNoticed(one));
  const others = all.filter(isNoticed);
  const rest = Math.max(0, count - silent.length);
  const step = others.length / Math.max(1, rest);
  return [
    ...silent.slice(0, count),
    ...Array.from({ length: Math.min(rest, others.length) }, (_, index) => others[Math.floor(index * step)]!),
  ];
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

/** The section of the page, and one line with the score. */
export function report(all: readonly JudgedMutant[]): { section: string; score: string } {
  const rows = KINDS.map((kind) => all.filter((one) => one.kind === kind))
    .filter(({ length }) => length > 0)
    .map((of) => row(of[0]!.kind, of));
  const noticed = all.filter(isNoticed);
  const silent = all.filter((one) => !isNoticed(one));
  const score = `${noticed.length} of ${all.length} mutants noticed (${share(noticed.length, all.length)})`;
  const section = [
    '| taken away | mutants | by replay | by review | by rehearsal | by somebody |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows,
    row('**all**', all),
    '',
    silent.length === 0 ? 'Nobody misses any.' : `Nobody notices ${silent.length}:`,
    '',
    ...silent.map((one) => `- ${inWords(one)}`),
  ];
  return { section: section.join('\n'), score };
}

function row(name: string, of: readonly JudgedMutant[]): string {
  const played = of.filter(({ rehearsal }) => rehearsal !== undefined);
  const failed = played.filter(({ rehearsal }) => rehearsal);
  const count = (by: (one: JudgedMutant) => boolean) => of.filter(by).length;
  return `| ${[
    name,
    of.length,
    count(({ replay }) => replay),
    count(({ review }) => review),
    played.length > 0 ? `${failed.length} of ${played.length}` : '–',
    `${count(isNoticed)} (${share(count(isNoticed), of.length)})`,
  ].join(' | ')} |`;
}
