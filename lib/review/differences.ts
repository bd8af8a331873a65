import { keyOf, same } from './canonical';

/** A property that differs. */
export interface PropertyChange {
  /** Path such as `Properties.ContainerDefinitions[server].Cpu` or `DeletionPolicy`. */
  readonly path: string;
  /** Undefined if the property is new. */
  readonly before: unknown;
  /** Undefined if the property is removed. */
  readonly after: unknown;
}

type Properties = Readonly<Record<string, unknown>>;

/** Properties that identify an item in a list, the best first. */
const NAMES = [
  'Name',
  'Key',
  'Id',
  'Sid',
  'Header',
  'PathPattern',
  'ContainerPath',
  'ErrorCode',
  'LifecycleStages',
];

/** Further properties that can identify an item, such as `IndexName` or `AttributeName`. */
const NAMING = /^[A-Z]\w*(Name|Id|Key)$/;

/** Returns the differences of two canonical values, with the deepest possible paths. */
export function differences(before: unknown, after: unknown, path: string): PropertyChange[] {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      differences(own(before, key), own(after, key), path ? `${path}.${key}` : key),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  return [{ path, before, after }];
}

/** Returns the value of a key that may have any name, such as `constructor`. */
function own(value: Properties, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function listDifferences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): PropertyChange[] {
  const name = nameOf(before, after);
  if (name !== undefined) {
    const [old, now] = [byName(before, name), byName(after, name)];
    const names = new Set([...old.keys(), ...now.keys()]);
    const found = [...names].flatMap((key) => differences(old.get(key), now.get(key), `${path}[${key}]`));
    return found.length > 0 ? found : [{ path, before, after }];
  }
  const [gone, come] = [without(before, after), without(after, before)];
  if (gone.length === 0 && come.length === 0) return [{ path, before, after }];
  if (gone.length === 1 && come.length === 1) {
    const [[index, item], [, other]] = [gone[0]!, come[0]!];
    return differences(item, other, `${path}[${index}]`);
  }
  return [
    ...gone.map(([index, item]) => ({ path: `${path}[${index}]`, before: item, after: undefined })),
    ...come.map(([index, item]) => ({ path: `${path}[${index}]`, before: undefined, after: item })),
  ];
}

/**
 * Returns the property that identifies the items of two lists. A property outside `NAMES` must match at least one
 * item.
 */
function nameOf(before: readonly unknown[], after: readonly unknown[]): string | undefined {
  const first = NAMES.find((name) => isNamed(before, name) && isNamed(after, name));
  if (first !== undefined || !isObject(before[0])) return first;
  return Object.keys(before[0]).find((name) => {
    if (!NAMING.test(name) || !isNamed(before, name) || !isNamed(after, name)) return false;
    const names = byName(before, name);
    return [...byName(after, name).keys()].some((key) => names.has(key));
  });
}

/** Returns true for an object that is not an intrinsic. */
export function isObject(value: unknown): value is Properties {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return !(keys.length === 1 && (keys[0] === 'Ref' || keys[0]!.startsWith('Fn::')));
}

function isNamed(items: readonly unknown[], name: string): boolean {
  const names = items.map((item) =>
    isObject(item) && item[name] !== undefined ? keyOf(item[name]) : undefined,
  );
  return !names.includes(undefined) && new Set(names).size === names.length;
}

function byName(items: readonly unknown[], name: string): Map<string, unknown> {
  return new Map((items as Properties[]).map((item) => [String([item[name]].flat()[0]), item]));
}

/** Returns the items that the other list lacks, with their indexes. */
function without(items: readonly unknown[], others: readonly unknown[]): [number, unknown][] {
  const left = others.map(keyOf);
  return [...items.entries()].filter(([, item]) => {
    const index = left.indexOf(keyOf(item));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** Returns every leaf value by its path. */
export function leaves(value: unknown, path = ''): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, `${path}[]`));
  if (!isObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, `${path}.${key}`));
}

/** The change of a leaf value, which is neither an object nor a list. */
export interface LeafChange extends PropertyChange {
  /** True if the whole list item that contains the value is added or removed. */
  readonly isItem: boolean;
}

/** Returns the changes of leaf values within changes of properties. */
export function leafChanges(changes: readonly PropertyChange[]): LeafChange[] {
  return changes.flatMap(({ path, before, after }) => {
    if (isReordered(before, after) && !isOrdered(path, after)) return [];
    const [old, now] = [new Map(expand(before, path)), new Map(expand(after, path))];
    return [...new Set([...old.keys(), ...now.keys()])].map((at) => ({
      path: at,
      before: old.get(at),
      after: now.get(at),
      isItem: path.endsWith(']') && (before === undefined || after === undefined),
    }));
  });
}

/** Matches lists whose order has a meaning. */
const ORDERED =
  /\w*(Rule|Statement|Stage|Behavior|Step|Order|Priorit(y|ie)|Command|EntryPoint|Server|Failover|Preference|Processor|Action|Filter|Phase|Layer|Route|Condition|Transformation|Flow)s?$|^Fn::/;

/** Returns true if the order of a list has a meaning. Permissions have no order; actions that run in sequence do. */
function isOrdered(path: string, items: unknown): boolean {
  return ORDERED.test(path) && !(path.endsWith('Actions') && [items].flat().every((item) => !isObject(item)));
}

/** Returns true if two lists have the same items in another order. */
function isReordered(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return false;
  return without(before, after).length === 0;
}

/** Returns every leaf value by its path. Empty objects and lists count as leaves. */
function expand(value: unknown, path: string): [string, unknown][] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item, index) => expand(item, `${path}[${nameIn(item) ?? index}]`));
  if (!isObject(value) || Object.keys(value).length === 0) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => expand(child, `${path}.${key}`));
}

function nameIn(item: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  const name = NAMES.map((candidate) => item[candidate]).find((value) => value !== undefined);
  return typeof name === 'string' ? name : undefined;
}
