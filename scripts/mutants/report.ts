import { KINDS, type Mutant } from './mutant';

/** A mutant, and the checks that detect it. */
export interface JudgedMutant extends Mutant {
  /** True if a replay finds that the mutant refuses a recorded call or connection. */
  readonly replay: boolean;
  /** True if the review reports a danger or a caution. */
  readonly review: boolean;
  /** True if the review reports anything, including notes. */
  readonly note: boolean;
  /** True if a rehearsal of the mutant fails; undefined if the mutant was not rehearsed. */
  readonly rehearsal?: boolean;
}

/** Reasons why no check detects a mutant, by a pattern of the mutant's description. */
const EXPLANATIONS: readonly (readonly [words: RegExp, reason: string])[] = [
  [
    /AWS::Logs::QueryDefinition|AWS::CloudWatch::Dashboard/,
    'Only people use this resource. No program depends on it.',
  ],
  [
    /AWS::Logs::LogGroup/,
    'The service creates the log group itself. The template only sets the retention of its lines.',
  ],
  [
    /secretsmanager:DescribeSecret$/,
    "The CDK's DatabaseProxy grants this action together with reading. RDS Proxy only reads the value.",
  ],
  [
    /ClientUploadUploader/,
    "The CDK's BucketDeployment grants this action. Only the cleanup of a failed upload of a large file needs it.",
  ],
  [
    /HandOn\w*: lambda:InvokeFunction/,
    'A handler invokes itself again if its work takes longer than 12 minutes. In a rehearsal, this happens to migrations only.',
  ],
  [
    /RotationHandler\w*: (ecs:DescribeServiceDeployments|\{"Ref":"DatabaseRolesLogin)/,
    'The rehearsal runs one successful rotation. Only the next rotation changes the other login, and only a failed one reads the reason.',
  ],
  [
    /ecs:DeregisterTaskDefinition|ssm:DeleteParameters/,
    'The handler deletes old revisions and releases only if there are more than the number to keep.',
  ],
  [
    /UsersCanaryFails\w*: FirstCanaryRun/,
    'Without the dependency, the alarm may page once in a new environment, before the first run of the canary. A rehearsal has no canary metrics.',
  ],
];
const UNEXPLAINED = 'The review reports a note at most, and no rehearsal reached this part.';

/** Returns the reason why no check detects a mutant. */
export function explained(mutant: JudgedMutant): string {
  return EXPLANATIONS.find(([words]) => words.test(inWords(mutant)))?.[1] ?? UNEXPLAINED;
}

export function inWords({ kind, stack, logicalId, what }: Mutant): string {
  return `${kind}: ${stack.split('-').at(-1)}/${logicalId}: ${what}`;
}

/** Returns true if a check would stop the change. */
export const isDetected = ({ replay, review, rehearsal }: JudgedMutant): boolean =>
  replay || review || rehearsal === true;

/** Returns mutants to rehearse, evenly distributed over those that a replay misses. */
export function sample(all: readonly JudgedMutant[], count: number): JudgedMutant[] {
  const candidates = all.filter(({ replay }) => !replay);
  const number = Math.min(count, candidates.length);
  return Array.from(
    { length: number },
    (_, index) => candidates[Math.floor((index * candidates.length) / number)]!,
  );
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

/** Returns the section of the page, and one line with the score. */
export function report(
  all: readonly JudgedMutant[],
  equivalent: readonly Mutant[],
): { section: string; score: string } {
  const rows = KINDS.map((kind) => all.filter((one) => one.kind === kind))
    .filter(({ length }) => length > 0)
    .map((of) => row(of[0]!.kind, of));
  const detected = all.filter(isDetected).length;
  const told = all.filter((one) => isDetected(one) || one.note).length;
  const silent = all.filter((one) => !isDetected(one));
  const score = `${detected} of ${all.length} mutants detected (${share(detected, all.length)}); including notes of the review ${told} (${share(told, all.length)})`;
  const reasons = new Map<string, JudgedMutant[]>();
  for (const one of silent) reasons.set(explained(one), [...(reasons.get(explained(one)) ?? []), one]);
  const section = [
    '| removed part | mutants | replay | review | rehearsal | any check | including notes |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows,
    row('**all**', all),
    '',
    `In total: ${score}. No check stops the other ${silent.length}:`,
    ...[...reasons].flatMap(([reason, mutants]) => [
      '',
      `- ${reason} (${mutants.length})`,
      ...mutants.map((one) => `  - ${inWords(one)}${one.note ? '' : ' (without a note)'}`),
    ]),
  ];
  const same = [
    '',
    `The table omits ${equivalent.length} mutants without an effect: another statement of the policy allows the same, or AWS adds the same rule:`,
    '',
    ...equivalent.map((one) => `- ${inWords(one)}`),
  ];
  return { section: [...section, ...(equivalent.length > 0 ? same : [])].join('\n'), score };
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
    `${count(isDetected)} (${share(count(isDetected), of.length)})`,
    share(
      count((one) => isDetected(one) || one.note),
      of.length,
    ),
  ].join(' | ')} |`;
}
