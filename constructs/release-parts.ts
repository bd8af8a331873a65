import { Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConstructError } from './construct-error';

const ROLES = [
  'server',
  'providedSecrets',
  'migrations',
  'client',
  'verification',
  'errorComparison',
  'record',
] as const;

/** Property of `ReleaseSequenceProps` to which a construct is passed. */
export type ReleaseRole = (typeof ROLES)[number];

interface ReleasePart {
  readonly construct: IConstruct;
  readonly role: ReleaseRole;
  /** Origin that a server and its clients share. */
  readonly origin?: object;
  readonly sequences: Set<IConstruct>;
  isOrderedByHand: boolean;
}

const parts = new WeakMap<IConstruct, ReleasePart>();
const partsByStage = new WeakMap<Stage, ReleasePart[]>();

/**
 * Declares that a construct is a part of a release. Synthesis fails if the construct needs an order and has none.
 * @param origin origin of the server, or the origin to which the client sends requests
 */
export function declareReleasePart(construct: IConstruct, role: ReleaseRole, origin?: object): void {
  const part: ReleasePart = { construct, role, origin, sequences: new Set(), isOrderedByHand: false };
  parts.set(construct, part);
  const stage = Stage.of(construct);
  if (!stage) return;
  partsByStage.set(stage, [...(partsByStage.get(stage) ?? []), part]);
  construct.node.addValidation({ validate: () => orderProblems(part, partsByStage.get(stage) ?? []) });
}

/** Records that a sequence orders a part of a release. */
export function addToSequence(construct: IConstruct, sequence: IConstruct): void {
  parts.get(construct)?.sequences.add(sequence);
}

/** Returns the sequences that order a part of a release. */
export function sequencesOf(construct: IConstruct): readonly IConstruct[] {
  return [...(parts.get(construct)?.sequences ?? [])];
}

/** Records that you order a part of a release with your own dependencies. */
export function orderByHand(construct: IConstruct): void {
  const part = parts.get(construct);
  if (!part)
    throw new ConstructError(
      construct,
      'only parts of a release have an order (see ReleaseSequenceProps), got another construct; leave it out',
    );
  part.isOrderedByHand = true;
}

const isLoose = ({ sequences, isOrderedByHand }: ReleasePart): boolean =>
  sequences.size === 0 && !isOrderedByHand;

/** Returns true for a client that sends no requests to a server. */
const isStatic = ({ role, origin }: ReleasePart): boolean => role === 'client' && !origin;

/** Returns true if a part needs an order because of another part, and has none. */
function needsOrder(part: ReleasePart, other: ReleasePart): boolean {
  if (!isLoose(part) || part.role === 'server' || part.role === other.role || isStatic(part)) return false;
  return !isStatic(other) || !['migrations', 'providedSecrets'].includes(part.role);
}

/** Returns the problems of all parts for the first part without an order, so that the error appears once. */
function orderProblems(part: ReleasePart, all: readonly ReleasePart[]): string[] {
  const unordered = all.filter((one) => all.some((other) => needsOrder(one, other)));
  if (unordered[0] === part) return [missingOrder(all)];
  const server = all.find(({ role, origin }) => role === 'server' && origin && origin === part.origin);
  const isApart =
    part.role === 'client' &&
    part.sequences.size > 0 &&
    server &&
    !server.isOrderedByHand &&
    ![...part.sequences].some((sequence) => server.sequences.has(sequence));
  return isApart
    ? [
        `the client must be in one ReleaseSequence with its server '${server.construct.node.path}', got ` +
          `${list([...part.sequences])}; pass both 'server' and 'client' to that sequence`,
      ]
    : [];
}

function missingOrder(parts: readonly ReleasePart[]): string {
  const all = [...parts].sort((one, other) => ROLES.indexOf(one.role) - ROLES.indexOf(other.role));
  const loose = all.filter(
    (one) => isLoose(one) && (one.role !== 'server' || !sequenceIn(stackOf(one), all)),
  );
  return [
    'parts of a release have no order, so CloudFormation may change them in any order:',
    ...loose.map(({ construct, role }) => `  ${role}: ${construct.node.path}`),
    ...[...new Set(loose.map(stackOf))].flatMap((stack) => remedy(stack, all, loose)),
    "ReleaseSequence is in 'framework53-cdk/release'. If you order the parts yourself, declare it with " +
      `ReleaseSequence.orderByHand(${loose.map(({ role }) => role).join(', ')}).`,
  ].join('\n    ');
}

/** Returns the line of code that orders the parts of a stack. */
function remedy(stack: Stack, all: readonly ReleasePart[], loose: readonly ReleasePart[]): string[] {
  const sequence = sequenceIn(stack, all);
  const together = all.filter(
    (part) => stackOf(part) === stack && (loose.includes(part) || (sequence && part.sequences.has(sequence))),
  );
  const roles = [...new Set(together.map(({ role }) => role))];
  if (!roles.includes('server') && !roles.includes('client'))
    return [
      `Move ${list(together.map(({ construct }) => construct))} into the stack of the server or the client.`,
    ];
  return [
    sequence
      ? `Complete '${sequence.node.path}':`
      : `Add to stack '${stack.node.path}', once for each server:`,
    `  new ReleaseSequence(this, '${sequence?.node.id ?? 'Sequence'}', { ${roles.join(', ')} });`,
  ];
}

const stackOf = ({ construct }: ReleasePart): Stack => Stack.of(construct);

function sequenceIn(stack: Stack, all: readonly ReleasePart[]): IConstruct | undefined {
  return all.filter((part) => stackOf(part) === stack).flatMap(({ sequences }) => [...sequences])[0];
}

function list(constructs: readonly IConstruct[]): string {
  return constructs.map(({ node }) => `'${node.path}'`).join(' and ');
}
