import { escapePattern } from '../../files/escape-pattern';
import { same } from '../canonical';
import type { LeafChange, ResourceChange } from '../change';
import { isObject } from '../differences';
import { show } from '../show';
import { type GeneralSetting, type Observation, observe, type Setting } from './rule';

/**
 * Returns a function that makes settings for which a lower value is worse. The settings share a reason unless one has
 * its own.
 */
export function lessIsWorse(reason: Pick<Setting, 'why' | 'fix' | 'link'>) {
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

/** Returns the findings of a setting about a changed or new resource. */
export function judgeSetting(change: ResourceChange, setting: Setting): Observation[] {
  const { before, after } = change;
  if (!after) return [];
  const { property, absent, worse, bad, severity, what, why, fix, link } = setting;
  const now = values(after.Properties, property);
  const old = values(before?.Properties, property);
  const paths = new Set([...now.keys(), ...old.keys()]);
  return [...paths].flatMap((path) => {
    const [was, is] = [old.get(path) ?? absent, now.get(path) ?? absent];
    // A new list item is judged as a new resource. A removed item has no value to judge.
    const isNew = before === undefined || (property.includes('[]') && !hasItem(before.Properties, path));
    if (property.includes('[]') && !hasItem(after.Properties, path)) return [];
    if (isNew ? !bad?.(is) : same(was, is) || !worse(is, was)) return [];
    return observe(change, {
      severity: typeof severity === 'function' ? severity(is, was) : severity,
      property: `Properties.${path}`,
      what: `${what}: ${isNew ? show(is) : `${show(was)} → ${show(is)}`}.`,
      why,
      fix,
      ...(link !== undefined && { link }),
    });
  });
}

/**
 * Returns `itself` if the setting is about the property at a path, such as `Properties.Rules[main].Action`, or `above`
 * if it is about a property that contains it.
 */
export function isAbout({ property }: Setting, path: string): 'itself' | 'above' | undefined {
  const [found] = patternOf(property).exec(path) ?? [];
  if (found === undefined) return undefined;
  return found === path ? 'itself' : 'above';
}

const patterns = new Map<string, RegExp>();

function patternOf(property: string): RegExp {
  const known = patterns.get(property);
  if (known) return known;
  const source = escapePattern(property).replaceAll('\\[\\]', '\\[[^\\]]*\\]');
  const pattern = new RegExp(`^Properties\\.${source}(?=$|[.[])`);
  patterns.set(property, pattern);
  return pattern;
}

/** Returns the finding of a general setting about a changed or new value, or undefined if the value is no worse. */
export function judgeGeneral(
  change: ResourceChange,
  leaf: LeafChange,
  setting: GeneralSetting,
): Observation | undefined {
  const { path, before, after } = leaf;
  const isNew = change.kind === 'added';
  const { worse, bad, severity, why, fix, link } = setting;
  if (isNew ? !bad?.(after) : !worse(after, before, leaf)) return undefined;
  return observe(change, {
    severity: typeof severity === 'function' ? severity(change, after, before) : severity,
    property: path,
    what: `${nameOf(path)}: ${isNew ? show(after) : `${show(before)} → ${show(after)}`}.`,
    why,
    fix,
    ...(link !== undefined && { link }),
  });
}

/** Returns the path of a property as messages show it: without `Properties.`. */
export function nameOf(path: string): string {
  return path.replace(/^Properties\./, '');
}

/** Returns the values at a path. The keys are the full paths with the names of list items. */
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

/** Returns the single value at a path without `[]`. */
export function value(properties: unknown, path: string): unknown {
  return values(properties, path).values().next().value;
}

function stepsOf(path: string): string[] {
  return path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
}

const NAMES = ['Name', 'Key', 'Id', 'PathPattern', 'ParameterName', 'IndexName'];

/** Returns the items of a list, by their names or else their indexes. */
export function items(value: unknown): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(isObject(value) ? Object.entries(value) : []);
  return new Map(
    value.map((item, index) => {
      const name = isObject(item)
        ? NAMES.map((one) => item[one]).find((one) => one !== undefined)
        : undefined;
      return [typeof name === 'string' ? name : String(index), item];
    }),
  );
}

function hasItem(properties: unknown, path: string): boolean {
  const item = path.slice(0, path.lastIndexOf(']') + 1);
  return value(properties, item) !== undefined;
}

/**
 * Returns a value as a number. The text may have a unit; a duration such as `PT1H30M` gives seconds. Returns undefined
 * for other values.
 */
export function number(value: unknown): number | undefined {
  if (value === undefined || value === '' || typeof value === 'object') return undefined;
  const parsed = Number(value);
  return Number.isNaN(parsed) ? (amount(String(value)) ?? seconds(String(value))) : parsed;
}

/** Returns the number in `2 vCPU` or `4 GB`. */
function amount(text: string): number | undefined {
  const [, digits] = /^(\d+(?:\.\d+)?) ?(?:vCPU|GB|MB)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Returns the seconds of an ISO 8601 duration. */
function seconds(text: string): number | undefined {
  const parts = /^P(?!$)(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!parts) return undefined;
  const [days, hours, minutes, rest] = parts.slice(1).map((part) => Number(part ?? 0)) as number[];
  return ((days! * 24 + hours!) * 60 + minutes!) * 60 + rest!;
}

/** Returns true if both values are numbers and the new one is lower. */
export function less(after: unknown, before: unknown): boolean {
  const [now, old] = [number(after), number(before)];
  return now !== undefined && old !== undefined && now < old;
}

/** Returns true if both values are numbers and the new one is higher. */
export function more(after: unknown, before: unknown): boolean {
  return less(before, after);
}

export function isOn(value: unknown): boolean {
  return ['true', 'enabled', 'enable', '1', 'active', 'on', 'required'].includes(String(value).toLowerCase());
}

/** Returns true if a switch was on and is now off. A positive number counts as on. */
export function turnedOff(after: unknown, before: unknown): boolean {
  return isOn(before) && !isOn(after) && !more(after, 0) && typeof after !== 'object';
}

/** Returns true if a switch was off and is now on. */
export function turnedOn(after: unknown, before: unknown): boolean {
  return isOn(after) && !isOn(before) && !more(before, 0);
}

/** Returns true if a value is now missing or empty. */
export function gone(after: unknown, before: unknown): boolean {
  return isSomething(before) && !isSomething(after);
}

export function isSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** Returns true if a value has been replaced by another one. */
export function changed(after: unknown, before: unknown): boolean {
  return isSomething(before) && isSomething(after) && !same(after, before);
}

/**
 * Returns true if a schedule runs on the same days or more, at any hour: `cron(0 3 * * ? *)` after `cron(0 2 * * ? *)`
 * or `cron(0 4 ? * SUN *)`.
 */
export function isAsOften(now: unknown, before: unknown): boolean {
  const [is, was] = [now, before].map((one) => /^cron\(\d+ \d+ (.*)\)$/.exec(String(one))?.[1]?.split(' '));
  if (!is || !was) return false;
  return is.every((field, index) => field === was[index] || /^[*?]$/.test(field));
}
