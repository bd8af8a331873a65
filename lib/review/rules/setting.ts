import { same } from '../canonical';
import type { Comparison, ResourceChange } from '../change';
import { isObject } from '../differences';
import type { Severity } from '../finding';
import { show } from '../show';
import { type Observation, observe } from './rule';

/** A property whose value can get worse. */
export interface Setting {
  readonly types: readonly string[];
  /** Such as `Scheme`, `LoadBalancerAttributes[idle_timeout].Value` or `ContainerDefinitions[].Privileged`. */
  readonly property: string;
  /** What it means not to set it. */
  readonly absent?: unknown;
  /** Whether the value after is worse than the value before. */
  readonly worse: (after: unknown, before: unknown) => boolean;
  /** Whether a value is bad in a resource that is new; nothing is when left out. */
  readonly bad?: (after: unknown) => boolean;
  readonly severity: Severity | ((after: unknown, before: unknown) => Severity);
  /** What the property is, as a noun. */
  readonly what: string;
  /** Why it matters: one sentence or more. */
  readonly why: string;
  readonly advice: string;
}

/** Makes settings of which less is worse, for the same reason unless one has its own. */
export function lessIsWorse(reason: Pick<Setting, 'why' | 'advice'>) {
  return (types: readonly string[], property: string, what: string, own: Partial<Setting> = {}): Setting => ({
    types,
    property,
    worse: less,
    severity: 'caution',
    what,
    ...reason,
    ...own,
  });
}

/** Findings of settings in all resources that differ. */
export function judgeSettings({ resources }: Comparison, settings: readonly Setting[]): Observation[] {
  return resources.flatMap((change) =>
    settings
      .filter(({ types }) => types.includes(change.resourceType))
      .flatMap((setting) => judgeSetting(change, setting)),
  );
}

function judgeSetting(change: ResourceChange, setting: Setting): Observation[] {
  const { before, after } = change;
  if (!after) return [];
  const { property, absent, worse, bad, severity, what, why, advice } = setting;
  const now = values(after.Properties, property);
  const old = values(before?.Properties, property);
  const paths = new Set([...now.keys(), ...old.keys()]);
  return [...paths].flatMap((path) => {
    const [was, is] = [old.get(path) ?? absent, now.get(path) ?? absent];
    // An item of a list that is new is judged as a new resource is; one that is gone is not there to be worse.
    const isNew = before === undefined || (property.includes('[]') && !hasItem(before.Properties, path));
    if (property.includes('[]') && !hasItem(after.Properties, path)) return [];
    if (isNew ? !bad?.(is) : same(was, is) || !worse(is, was)) return [];
    const shown = isNew ? show(is) : `${show(was)} → ${show(is)}`;
    return observe(change, {
      severity: typeof severity === 'function' ? severity(is, was) : severity,
      property: `Properties.${path}`,
      message: `${what}: ${shown}. ${why}`,
      advice,
    });
  });
}

/** The values at a path, by the path with the names of items in it. */
export function values(properties: unknown, path: string): Map<string, unknown> {
  let found = new Map<string, unknown>([['', properties]]);
  for (const step of stepsOf(path)) {
    const next = new Map<string, unknown>();
    for (const [at, value] of found) {
      if (step === '[]') for (const [name, item] of items(value)) next.set(`${at}[${name}]`, item);
      else if (step.startsWith('[')) next.set(`${at}${step}`, items(value).get(step.slice(1, -1)));
      else next.set(at ? `${at}.${step}` : step, isObject(value) ? value[step] : undefined);
    }
    found = next;
  }
  return found;
}

/** The one value at a path without `[]`. */
export function value(properties: unknown, path: string): unknown {
  return values(properties, path).values().next().value;
}

function stepsOf(path: string): string[] {
  return path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
}

/** Items of a list by their names, or their places. */
export function items(value: unknown): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(isObject(value) ? Object.entries(value) : []);
  return new Map(
    value.map((item, index) => {
      const name = isObject(item)
        ? (item['Name'] ?? item['Key'] ?? item['Id'] ?? item['PathPattern'])
        : undefined;
      return [typeof name === 'string' ? name : String(index), item];
    }),
  );
}

function hasItem(properties: unknown, path: string): boolean {
  const item = path.slice(0, path.lastIndexOf(']') + 1);
  return value(properties, item) !== undefined;
}

/** A number, when it is one. */
export function number(value: unknown): number | undefined {
  if (value === undefined || value === '' || typeof value === 'object') return undefined;
  const parsed = Number(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Both are numbers and the one after is less. */
export function less(after: unknown, before: unknown): boolean {
  const [now, old] = [number(after), number(before)];
  return now !== undefined && old !== undefined && now < old;
}

/** Both are numbers and the one after is more. */
export function more(after: unknown, before: unknown): boolean {
  return less(before, after);
}

export function isOn(value: unknown): boolean {
  return ['true', 'enabled', '1', 'active'].includes(String(value).toLowerCase());
}

/** It was on and no longer is. */
export function turnedOff(after: unknown, before: unknown): boolean {
  return isOn(before) && !isOn(after) && typeof after !== 'object';
}

/** It was off and is on now. */
export function turnedOn(after: unknown, before: unknown): boolean {
  return isOn(after) && !isOn(before);
}

/** There was something and now there is nothing. */
export function gone(after: unknown, before: unknown): boolean {
  return isSomething(before) && !isSomething(after);
}

export function isSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
