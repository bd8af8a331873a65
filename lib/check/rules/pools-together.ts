import { poolFunction } from '../../application/reading/database';
import { option, packageCalls } from '../../application/reading/package-calls';
import type { LiveCode } from '../../application/source/live-code';
import { placeOf } from '../../application/source/module';
import { type CallNode, functionAround, type Node, parentOf } from '../../application/source/syntax';
import { constantOf, type Value, valuesOf } from '../../application/source/value';
import { isWritten } from './written';

/** Default size of a pool in node-postgres, in Neon's driver and in postgres.js. */
const usual = 10;

/** A pool, or a package that makes its own pool. */
export interface OpenedPool {
  readonly call: CallNode;
  /** Most connections. */
  readonly size: number;
  /** Variable with the address of the database. */
  readonly database: string;
}

/** Returns the pools of one database that a server process opens at the same time, if there are several. */
export function poolsTogether(code: LiveCode): readonly OpenedPool[] {
  // A pool of one connection is for migrations or for LISTEN.
  const pools = openedPools(code).filter(({ size }) => size > 1);
  let largest: readonly OpenedPool[] = [];
  for (const [index, first] of pools.entries()) {
    const together = [first];
    for (const other of pools.slice(index + 1))
      if (
        other.database === first.database &&
        together.every((each) => areTogether(code, each.call, other.call))
      )
        together.push(other);
    if (together.length > 1 && sumOf(together) > sumOf(largest)) largest = together;
  }
  return largest;
}

/** Returns the connections of several pools. */
export function sumOf(pools: readonly OpenedPool[]): number {
  return pools.reduce((sum, { size }) => sum + size, 0);
}

function openedPools(code: LiveCode): OpenedPool[] {
  const found = new Map<Node, OpenedPool>();
  for (const { path, call, argument } of packageCalls(code)) {
    const add = (options: Value | undefined, address: Value | undefined) => {
      if (!isKnown(code, options)) return;
      const max = option(code, options, 'max');
      const numbers = max ? valuesOf(max).map((value) => Number(constantOf(value) ?? Number.NaN)) : [usual];
      const size = numbers.find((value) => value > 0);
      const names = address
        ? valuesOf(address).flatMap((value) => (value.kind === 'variable' ? value.name : []))
        : [];
      if (size !== undefined) found.set(call, { call, size, database: names[0] ?? 'DATABASE_URL' });
    };
    const [first, second] = [argument(0), argument(1)];
    if (poolFunction.test(path)) add(first, option(code, first, 'connectionString'));
    else if (path === 'postgres') add(second ?? (first?.kind === 'object' ? first : undefined), first);
    else if (path === 'drizzle-orm/node-postgres.drizzle' && first) {
      const connection = option(code, first, 'connection');
      // Without an address, Drizzle gets a pool of the application.
      if (connection) add(connection.kind === 'object' ? connection : undefined, connection);
      else if (/^(text|variable)$/.test(first.kind)) add(undefined, first);
    } else if (path === 'connect-pg-simple()' && isWritten(first)) {
      const given = ['pool', 'pgPromise'].some((name) => option(code, first, name) !== undefined);
      const own = option(code, first, 'conObject');
      if (!given) add(own, option(code, first, 'conString') ?? option(code, own, 'connectionString'));
    }
  }
  return [...found.values()];
}

/** Returns true if no part of the options, such as a spread, is unknown. */
function isKnown(code: LiveCode, options: Value | undefined): boolean {
  return (
    options === undefined ||
    valuesOf(options).every(
      (value) =>
        value.kind === 'object' &&
        value.node.properties.every(
          (property) =>
            property.type !== 'SpreadElement' ||
            isKnown(code, code.evaluator.value(property.argument, value.context)),
        ),
    )
  );
}

/** Returns true if a process runs both calls. Returns false if that is not known. */
function areTogether(code: LiveCode, a: Node, b: Node): boolean {
  if (functionAround(a) === functionAround(b) && areAlternatives(a, b)) return false;
  const [ofA, ofB] = [sitesOf(code, a), sitesOf(code, b)];
  return ofA.some((one) => ofB.some((other) => !areAlternatives(one, other)));
}

/** Returns the places at which a module starts the work that leads to a call. Empty if they are not known. */
function sitesOf(code: LiveCode, node: Node, depth = 0): readonly Node[] {
  const owner = functionAround(node);
  if (!owner) return [node];
  if (depth > 4) return [];
  return code.evaluator
    .contextsOf(owner)
    .flatMap(({ call }) => (call && call !== node ? sitesOf(code, call, depth + 1) : []));
}

/** Returns true if only one of two places runs: they are in two branches, or one returns before the other. */
function areAlternatives(a: Node, b: Node): boolean {
  const above = [...pathTo(a)];
  const known = new Map(above.map((node, index) => [node, index]));
  let below: Node = b;
  for (const node of pathTo(b)) {
    const index = known.get(node);
    if (index === undefined) {
      below = node;
      continue;
    }
    const other = above[index - 1] ?? a;
    if (
      /^(IfStatement|ConditionalExpression|LogicalExpression|SwitchStatement|TryStatement)$/.test(node.type)
    )
      return other !== below;
    return [...above.slice(0, index), ...pathUntil(b, node)].some(({ type }) => type === 'ReturnStatement');
  }
  return false;
}

function pathUntil(node: Node, end: Node): Node[] {
  const path = [...pathTo(node)];
  return path.slice(0, path.indexOf(end));
}

function* pathTo(node: Node): Generator<Node> {
  for (let at: Node | undefined = node; at; at = parentOf(at)) yield at;
}

/** Returns a list such as `server/db.ts:12 with 20 and server/reports.ts:3 with 10`. */
export function poolsText(pools: readonly OpenedPool[]): string {
  const texts = pools.map(({ call, size }) => `${placeOf(call)} with ${size}`);
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
