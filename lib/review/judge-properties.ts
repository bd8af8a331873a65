import { keyOf, same } from './canonical';
import type { Comparison, LeafChange, ResourceChange } from './change';
import { isContent } from './compare-stack';
import { leafChanges } from './differences';
import { isForPeople } from './harmless';
import { schemaPath } from './resource-schemas';
import { RULES } from './rules';
import type { GeneralSetting, Observation, Rule, Setting } from './rules/rule';
import { isAbout, judgeGeneral, judgeSetting } from './rules/setting';
import type { OpenProperty } from './rules/unjudged';
import { isUnderstood } from './understood';

/** The findings of rules about single properties, and the properties that no rule covers. */
export interface PropertyJudgement {
  readonly observations: readonly Bound<Observation>[];
  readonly open: readonly OpenProperty[];
}

/** Judges each changed property by the most specific rule: a setting of its type, or else one for its name. */
export function judgeProperties(comparison: Comparison): PropertyJudgement {
  const observations: Bound<Observation>[] = [];
  const open: OpenProperty[] = [];
  const isRename = renames(comparison);
  for (const change of comparison.resources) {
    if (!change.after) continue;
    const own = settingsOf(change.resourceType);
    const spoken = new Set<Setting>();
    for (const [rule, setting] of own) {
      const found = judgeSetting(change, setting);
      if (found.length > 0) spoken.add(setting);
      observations.push(...found.map((one) => [rule, one] as const));
    }
    for (const leaf of leavesOf(change)) {
      if (isContent(leaf) || isRename(leaf) || same(leaf.before, leaf.after)) continue;
      const setting = settingFor(leaf, own, spoken);
      if (setting && isSettled(leaf, setting, spoken)) continue;
      if (isJudged(change, leaf)) continue;
      const general = setting || isForPeople(leaf) ? [] : generalFor(change, leaf);
      const found = firstFinding(change, leaf, general);
      if (found) observations.push(found);
      else if (change.kind !== 'added')
        open.push({
          change,
          leaf,
          isKnown: (setting ? [setting] : general.map(([, one]) => one)).some((one) =>
            isUnderstood(leaf, one),
          ),
        });
    }
  }
  return { observations, open };
}

/**
 * Returns the setting that covers a property. A setting for a containing property covers it only if the setting has a
 * finding, because counting the items of a list says nothing about their contents.
 */
function settingFor(
  { path }: LeafChange,
  own: readonly Bound<Setting>[],
  spoken: ReadonlySet<Setting>,
): Setting | undefined {
  return own
    .map(([, one]) => one)
    .find((one) => {
      const about = isAbout(one, path);
      return about === 'itself' || (about === 'above' && spoken.has(one));
    });
}

/** Returns true if a setting found the new value worse, or understood both values. */
function isSettled(leaf: LeafChange, setting: Setting, spoken: ReadonlySet<Setting>): boolean {
  const { absent } = setting;
  if (leaf.after === undefined && absent === undefined) return false;
  const filled = { ...leaf, before: leaf.before ?? absent, after: leaf.after ?? absent };
  return spoken.has(setting) || isUnderstood(filled, setting);
}

function leavesOf({ kind, properties, after }: ResourceChange): LeafChange[] {
  return kind === 'added'
    ? leafChanges([{ path: 'Properties', before: undefined, after: after!.Properties }])
    : leafChanges(properties);
}

function isJudged(change: ResourceChange, leaf: LeafChange): boolean {
  return RULES.some((rule) => rule.judges?.(change, leaf));
}

type Bound<T> = readonly [Rule, T];

let byType: Map<string, Bound<Setting>[]> | undefined;

function settingsOf(type: string): readonly Bound<Setting>[] {
  if (!byType) {
    byType = new Map();
    for (const rule of RULES)
      for (const setting of rule.settings ?? [])
        for (const of of setting.types) byType.set(of, [...(byType.get(of) ?? []), [rule, setting]]);
  }
  return byType.get(type) ?? [];
}

const generals = new Map<string, readonly Bound<GeneralSetting>[]>();

/** Returns the general settings that match a property. Cached, because the same paths occur in many resources. */
function generalFor(change: ResourceChange, leaf: LeafChange): readonly Bound<GeneralSetting>[] {
  const path = schemaPath(leaf.path);
  let candidates = generals.get(path);
  if (!candidates) {
    candidates = RULES.flatMap((rule) =>
      (rule.general ?? []).flatMap((setting): Bound<GeneralSetting>[] =>
        setting.property.test(path) ? [[rule, setting]] : [],
      ),
    );
    generals.set(path, candidates);
  }
  return candidates.filter(([, setting]) => setting.types?.test(change.resourceType) !== false);
}

/** Returns the finding of the first setting that has one. */
function firstFinding(
  change: ResourceChange,
  leaf: LeafChange,
  settings: readonly Bound<GeneralSetting>[],
): Bound<Observation> | undefined {
  for (const [rule, setting] of settings) {
    const found = judgeGeneral(change, leaf, setting);
    if (found) return [rule, found];
  }
  return undefined;
}

/** Returns true if a value differs only in the logical id of a renamed resource. */
function renames({ resources }: Comparison): (leaf: LeafChange) => boolean {
  const names = new Map(
    resources.flatMap(({ former, logicalId }) => (former ? [[former.logicalId, logicalId] as const] : [])),
  );
  if (names.size === 0) return () => false;
  return ({ before, after }) => {
    if (typeof before !== 'object' || typeof after !== 'object') return false;
    return (
      keyOf(before).replace(/"(\w+)"/g, (whole, id) => (names.has(id) ? `"${names.get(id)}"` : whole)) ===
      keyOf(after)
    );
  };
}
