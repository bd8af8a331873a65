import { keyOf, same } from './canonical';

/** A property that differs. */
export interface PropertyChange {
  /** Such as `Properties.ContainerDefinitions[server].Cpu` or `DeletionPolicy`. */
  readonly path: string;
  /** Undefined when it was not there. */
  readonly before: unknown;
  /** Undefined when it is gone. */
  readonly after: unknown;
}

type Properties = Readonly<Record<string, unknown>>;

/** What names an item of a list, so that it is found again. */
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

/** Where two canonical values differ, as deep as can be told. */
export function differences(before: unknown, after: unknown, path: string): PropertyChange[] {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key], after[key], path ? `${path}.${key}` : key));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  return [{ path, before, after }];
}

function listDifferences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): PropertyChange[] {
  const name = NAMES.find((candidate) => isNamed(before, candidate) && isNamed(after, candidate));
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

/** An object that is no intrinsic. */
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

/** Items that the other list has not, with their places. */
function without(items: readonly unknown[], others: readonly unknown[]): [number, unknown][] {
  const left = others.map(keyOf);
  return [...items.entries()].filter(([, item]) => {
    const index = left.indexOf(keyOf(item));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** Every value within, by its path. */
export function leaves(value: unknown, path = ''): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, `${path}[]`));
  if (!isObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, `${path}.${key}`));
}
