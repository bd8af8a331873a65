import type { Comparison, LeafChange, ResourceChange } from '../change';
import { harmlessFate, harmlessProperty } from '../harmless';
import { schemaOf, schemaPath } from '../resource-schemas';
import { typeName, typePage } from '../resource-type';
import { list, plain, show } from '../show';
import { fate } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';
import { nameOf } from './setting';
import { weakened, weakness } from './weakened';

/** A value that differs and that no rule found worse. */
export interface OpenProperty {
  readonly change: ResourceChange;
  readonly leaf: LeafChange;
  /** True if a rule is about the property, and found its value no worse. */
  readonly isKnown: boolean;
}

/** The net under all other rules: silence is not safety. */
export const unjudged: Rule = {
  name: 'unjudged',
  severities: ['caution'],
  summary:
    'A resource is removed, replaced or loses a property, and no other rule knows what that does; types and properties known to be harmless aside.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html',
};

/** The findings of the other rules, each with its rule. */
export type Spoken = readonly (readonly [Rule, Observation])[];

export interface Rest {
  readonly observations: Spoken;
  /** The changes that no other rule knows in full. */
  readonly unjudged: readonly ResourceChange[];
}

/** Judges the changes about which no other rule has a finding. */
export function judgeRest(
  { resources, head }: Comparison,
  spoken: Spoken,
  open: readonly OpenProperty[],
): Rest {
  const known = new Set(
    spoken
      .filter(([rule]) => rule.speaksOfResources)
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

/** Returns true for another name of a resource that may be made anew. */
function isWhyHarmless(change: ResourceChange, { path }: LeafChange): boolean {
  return change.kind === 'replaced' && /^Properties\.\w*Name$/.test(path) && !!harmlessFate(change);
}

/** A property of a resource, however deep the path leads within it. */
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
      why: 'No rule knows what this property is for. By its value it protects or serves less.',
      fix: 'Read what the property does, and say in the change why the new value is right.',
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
        ? ' A resource that it names is replaced.'
        : '';
  const stays = kind === 'removed' && fate(before!, 'DeletionPolicy') === 'Retain';
  return [
    observe(change, {
      severity: 'caution',
      property: kind === 'removed' ? undefined : cause?.path,
      what: `This ${typeName(resourceType)} is ${FATES[kind]}.${why}${stays ? ' Its DeletionPolicy keeps it outside of the stack.' : ''}`,
      why: 'No rule knows what depends on it. Take it for an interruption until you know better.',
      fix:
        kind === 'removed'
          ? 'Look for what uses it, inside and outside of this stack. Remove it in a change of its own, after what uses it.'
          : 'Leave the property as it is, or make a second resource beside this one, move over to it, and remove the old one later.',
      link: typePage(resourceType),
    }),
  ];
}

/** Values that were there and are gone, one finding for each property of the resource. */
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
      why: 'No rule knows what the property was for. The service falls back to its default, or does without.',
      fix: 'Keep the property, or say in the change why nothing needs it any more.',
      link: typePage(change.resourceType),
    }),
  );
}

/** Leaving out a value that is the default changes nothing. */
function isDefault({ resourceType }: ResourceChange, { path, before }: LeafChange): boolean {
  const known = schemaOf(resourceType)?.defaults?.[schemaPath(path)];
  return known !== undefined && plain(known) === plain(before);
}

/** An order that is given up matters as long as both resources are there. */
function isHarmlessDependency(
  { stack }: ResourceChange,
  { path, before }: LeafChange,
  { stacks }: Comparison['head'],
): boolean {
  if (!path.startsWith('DependsOn')) return false;
  const { template } = stacks.find(({ name }) => name === stack) ?? {};
  return before === undefined || template?.Resources?.[String(before)] === undefined;
}
