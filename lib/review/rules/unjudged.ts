import type { Comparison, LeafChange, ResourceChange } from '../change';
import { harmlessFate, harmlessProperty } from '../harmless';
import { schemaOf, schemaPath } from '../resource-schemas';
import { typeName, typePage } from '../resource-type';
import { list, plain, show } from '../show';
import { fate } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';
import { nameOf } from './setting';
import { weakened, weakness } from './weakened';

/** A changed value that no rule reported. */
export interface OpenProperty {
  readonly change: ResourceChange;
  readonly leaf: LeafChange;
  /** True if a rule covers the property and judged the new value no worse. */
  readonly isKnown: boolean;
}

/** Reports changes that no other rule covers, so that an unknown change is never silent. */
export const unjudged: Rule = {
  name: 'unjudged',
  severities: ['caution'],
  summary:
    'A resource is removed, replaced or loses a property, and no other rule covers the change. Types and properties known to be harmless are excluded.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html',
};

/** The findings of the other rules, each with its rule. */
export type Reported = readonly (readonly [Rule, Observation])[];

export interface Rest {
  readonly observations: Reported;
  /** The changes that no other rule covers completely. */
  readonly unjudged: readonly ResourceChange[];
}

/** Judges the changes that no other rule reported. */
export function judgeRest(
  { resources, head }: Comparison,
  spoken: Reported,
  open: readonly OpenProperty[],
): Rest {
  const known = new Set(
    spoken
      .filter(([rule]) => rule.coversResources)
      .map(([, { place }]) => `${place.stack} ${place.logicalId}`),
  );
  const told = new Set(
    spoken
      .filter(([, { severity }]) => severity !== 'note')
      .map(([, { place }]) => topOf(place.stack, place.logicalId, place.path.split('#')[1] ?? '')),
  );
  const leaves = new Map<ResourceChange, OpenProperty[]>();
  for (const property of open) {
    const { change, leaf } = property;
    if (change.contentOnly || harmlessProperty(leaf) || isHarmlessDependency(change, leaf, head)) continue;
    if (isWhyHarmless(change, leaf)) continue;
    if (told.has(topOf(change.stack, change.logicalId, leaf.path))) continue;
    leaves.set(change, [...(leaves.get(change) ?? []), property]);
  }
  const observations: (readonly [Rule, Observation])[] = [];
  const left: ResourceChange[] = [];
  for (const change of resources) {
    const own = leaves.get(change) ?? [];
    const found = known.has(`${change.stack} ${change.logicalId}`) ? [] : whole(change);
    if (change.kind !== 'removed') found.push(...lost(change, own));
    observations.push(...found.map((one) => [unjudged, one] as const));
    const weak = own.flatMap(weaker);
    observations.push(...weak.map((one) => [weakened, one] as const));
    if (found.length > 0 || weak.length > 0 || own.some(({ isKnown }) => !isKnown)) left.push(change);
  }
  return { observations, unjudged: left };
}

/** Returns true for a changed name of a resource whose replacement is harmless. */
function isWhyHarmless(change: ResourceChange, { path }: LeafChange): boolean {
  return change.kind === 'replaced' && /^Properties\.\w*Name$/.test(path) && !!harmlessFate(change);
}

/** Returns a key of the top-level property that a path leads into. */
function topOf(stack: string, logicalId: string, path: string): string {
  return `${stack} ${logicalId} ${/^(?:Properties\.)?[^.[]*/.exec(path)![0]}`;
}

function weaker({ change, leaf, isKnown }: OpenProperty): Observation[] {
  const what = weakness(change, leaf, isKnown);
  if (what === undefined) return [];
  return [
    observe(change, {
      severity: 'caution',
      property: leaf.path,
      what: `${nameOf(leaf.path)}: ${show(leaf.before)} → ${show(leaf.after)}. ${what}`,
      why: 'No rule covers this property. By its value, it protects or provides less.',
      fix: 'Read the documentation of the property, and explain in the change why the new value is right.',
      link: typePage(change.resourceType),
    }),
  ];
}

const FATES = {
  removed: 'removed',
  replaced: 'replaced by a new one',
  renamed: 'replaced by a new one under another logical id',
  'may-replace': 'perhaps replaced by a new one',
} as const;

function whole(change: ResourceChange): Observation[] {
  const { kind, resourceType, properties, before } = change;
  if (kind === 'added' || kind === 'changed' || harmlessFate(change)) return [];
  const [cause] = properties;
  const why =
    kind !== 'removed' && cause
      ? ` ${nameOf(cause.path)}: ${show(cause.before)} → ${show(cause.after)}.`
      : kind === 'replaced'
        ? ' A referenced resource is replaced.'
        : '';
  const stays = kind === 'removed' && fate(before!, 'DeletionPolicy') === 'Retain';
  return [
    observe(change, {
      severity: 'caution',
      property: kind === 'removed' ? undefined : cause?.path,
      what: `This ${typeName(resourceType)} is ${FATES[kind]}.${why}${stays ? ' Its DeletionPolicy retains it outside the stack.' : ''}`,
      why: 'No rule knows what depends on it. Treat this as an interruption until you know more.',
      fix:
        kind === 'removed'
          ? 'Find everything that uses it, inside and outside this stack. Remove it in a separate change, after its users.'
          : 'Keep the property. Or create a second resource, switch to it, and remove the old one later.',
      link: typePage(resourceType),
    }),
  ];
}

/** Reports removed values, with one finding for each top-level property of the resource. */
function lost(change: ResourceChange, open: readonly OpenProperty[]): Observation[] {
  const groups = new Map<string, LeafChange[]>();
  for (const { leaf } of open) {
    if (leaf.before === undefined || leaf.after !== undefined || isDefault(change, leaf)) continue;
    const top = topOf('', '', leaf.path).trim();
    groups.set(top, [...(groups.get(top) ?? []), leaf]);
  }
  return [...groups].map(([top, gone]) =>
    observe(change, {
      severity: 'caution',
      property: gone.length === 1 ? gone[0]!.path : top,
      what: `This ${typeName(change.resourceType)} loses ${list(gone.map(({ path, before }) => `${nameOf(path)} (${show(before)})`))}.`,
      why: 'No rule covers this property. The service uses its default instead, or nothing.',
      fix: 'Keep the property, or explain in the change why it is no longer needed.',
      link: typePage(change.resourceType),
    }),
  );
}

/** Returns true if the removed value equals the default. */
function isDefault({ resourceType }: ResourceChange, { path, before }: LeafChange): boolean {
  const known = schemaOf(resourceType)?.defaults?.[schemaPath(path)];
  return known !== undefined && plain(known) === plain(before);
}

/** Returns true for a new `DependsOn`, or a removed one on a resource that no longer exists. */
function isHarmlessDependency(
  { stack }: ResourceChange,
  { path, before }: LeafChange,
  { stacks }: Comparison['head'],
): boolean {
  if (!path.startsWith('DependsOn')) return false;
  const { template } = stacks.find(({ name }) => name === stack) ?? {};
  return before === undefined || template?.Resources?.[String(before)] === undefined;
}
