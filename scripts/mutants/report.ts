import { KINDS, type Mutant } from './mutant';

/** A mutant, and who notices it. */
export interface JudgedMutant extends Mutant {
  /** True if the plan refuses a call or connection of the rehearsal of the whole plan. */
  readonly replay: boolean;
  /** True if the review finds a danger or a caution. */
  readonly review: boolean;
  /** True if the review says anything at all. */
  readonly note: boolean;
  /** True if a rehearsal of the mutant fails; absent if nobody has played it. */
  readonly rehearsal?: boolean;
}

/** Reasons why nobody stops a change, each for the mutants whose words match. */
const EXPLANATIONS: readonly (readonly [words: RegExp, reason: string])[] = [
  [
    /AWS::Logs::QueryDefinition|AWS::CloudWatch::Dashboard/,
    'People look things up with it. No program depends on it.',
  ],
  [
    /AWS::Logs::LogGroup/,
    'The service makes the log group again by itself. The template decides how long the group keeps its lines.',
  ],
  [
    /secretsmanager:DescribeSecret$/,
    "The CDK's DatabaseProxy grants it with reading. RDS Proxy only reads the value.",
  ],
  [
    /ClientUploadUploader/,
    "The CDK's BucketDeployment grants it. The upload of a release works without it; only a failed upload of a large file would need it.",
  ],
  [
    /HandOn\w*: lambda:InvokeFunction/,
    'A handler hands over when its step takes longer than 12 minutes. The rehearsal has that happen to migrations only.',
  ],
  [
    /RotationHandler\w*: (ecs:DescribeServiceDeployments|\{"Ref":"DatabaseRolesLogin)/,
    'The rehearsal rotates once, and successfully. The next rotation renews the other login, and a failed one asks for the reason.',
  ],
  [
    /ecs:DeregisterTaskDefinition|ssm:DeleteParameters/,
    'The handler removes old revisions and releases, once there are more than are kept.',
  ],
  [
    /UsersCanaryFails\w*: FirstCanaryRun/,
    'Without the order, the alarm may page once in a new environment, before the first run of the canary. A rehearsal has no metrics of the canary.',
  ],
];
const UNEXPLAINED = 'The review notes it at most, and no rehearsal came by it.';

/** The reason why nobody stops a mutant. */
export function explained(mutant: JudgedMutant): string {
  return EXPLANATIONS.find(([words]) => words.test(inWords(mutant)))?.[1] ?? UNEXPLAINED;
}

export function inWords({ kind, stack, logicalId, what }: Mutant): string {
  return `${kind}: ${stack.split('-').at(-1)}/${logicalId}: ${what}`;
}

/** True if somebody stops the change. */
export const isDetected = ({ replay, review, rehearsal }: JudgedMutant): boolean =>
  replay || review || rehearsal === true;

/** Mutants to play, evenly among those that replay does not notice. */
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

/** The section of the page, and one line with the score. */
export function report(
  all: readonly JudgedMutant[],
  equivalent: readonly Mutant[],
): { section: string; score: string } {
  const rows = KINDS.map((kind) => all.filter((one) => one.kind === kind))
    .filter(({ length }) => length > 0)
    .map((of) => row(of[0]!.kind, of));
  const noticed = all.filter(isDetected).length;
  const told = all.filter((one) => isDetected(one) || one.note).length;
  const silent = all.filter((one) => !isDetected(one));
  const score = `${noticed} of ${all.length} mutants noticed (${share(noticed, all.length)}); with notes of the review ${told} (${share(told, all.length)})`;
  const reasons = new Map<string, JudgedMutant[]>();
  for (const one of silent) reasons.set(explained(one), [...(reasons.get(explained(one)) ?? []), one]);
  const section = [
    '| taken away | mutants | by replay | by review | by rehearsal | by somebody | with notes |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows,
    row('**all**', all),
    '',
    `In all: ${score}. Nobody stops the other ${silent.length}:`,
    ...[...reasons].flatMap(([reason, mutants]) => [
      '',
      `- ${reason} (${mutants.length})`,
      ...mutants.map((one) => `  - ${inWords(one)}${one.note ? '' : ' (not even a note)'}`),
    ]),
  ];
  const same = [
    '',
    `The table leaves out ${equivalent.length} changes that change nothing. Another statement of the policy allows the same, or AWS adds the same rule by itself:`,
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
