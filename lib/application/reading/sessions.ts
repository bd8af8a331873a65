import type { LiveCode } from '../source/live-code';
import { placeOf } from '../source/module';
import { type Node, propertyName, unwrapped } from '../source/syntax';
import { literal, textOf, truthOf, type Value, valuesOf } from '../source/value';
import { option, packageCalls } from './package-calls';
import type { Sessions } from './server-reading';

/** Finds the uses of express-session, with their stores and cookies. */
export function readSessions(code: LiveCode): Sessions[] {
  const trustsProxy = readTrustsProxy(code);
  return packageCalls(code).flatMap(({ path, call, argument }): Sessions[] => {
    if (path !== 'express-session') return [];
    const options = argument(0);
    const cookie = option(code, options, 'cookie');
    const secure = option(code, cookie, 'secure');
    const proxy = option(code, options, 'proxy');
    return [
      {
        place: placeOf(call),
        inMemory: isMemory(option(code, options, 'store'), options),
        secureCookie: secure !== undefined && textOf(secure) !== 'auto' && truthOf(secure) !== false,
        trustsProxy: trustsProxy || (proxy !== undefined && truthOf(proxy) !== false),
      },
    ];
  });
}

/** Returns true for `app.set('trust proxy', 1)` or `app.enable('trust proxy')`, even if `app` is a parameter. */
export function readTrustsProxy(code: LiveCode): boolean {
  return trustedProxies(code).some((value) => truthOf(value) !== false);
}

/** Returns the values of Express's setting `trust proxy`. */
export function trustedProxies(code: LiveCode): Value[] {
  return code.calls.flatMap(({ callee, arguments: given }): Value[] => {
    const method = unwrapped(callee as Node);
    const name = method.type === 'MemberExpression' ? propertyName(method) : undefined;
    if (name !== 'set' && name !== 'enable') return [];
    const [setting, value] = (given as readonly Node[]).map((node) => code.evaluator.value(node));
    if (!setting || textOf(setting) !== 'trust proxy') return [];
    return name === 'enable' ? [literal(true)] : value ? [value] : [];
  });
}

function isMemory(store: Value | undefined, options: Value | undefined): boolean {
  // Options that are not an object literal may contain a store.
  if (!store)
    return (
      options?.kind === 'object' && !options.node.properties.some(({ type }) => type === 'SpreadElement')
    );
  const values = valuesOf(store);
  const inMemory = values.filter(
    (value) =>
      (value.kind === 'literal' && !value.value) ||
      (value.kind === 'made' && /^memorystore\(\)\(\)|MemoryStore\(\)$/.test(value.by)),
  );
  return inMemory.length === values.length;
}

/**
 * Returns the table that connect-pg-simple creates when the server starts. The database role of the server lacks the
 * privilege to create it.
 */
export function readSessionTable(code: LiveCode): string | undefined {
  for (const { path, argument } of packageCalls(code)) {
    if (!/^connect-pg-simple\(\)(\.\w+)?$/.test(path)) continue;
    const creates = option(code, argument(0), 'createTableIfMissing');
    if (!creates || truthOf(creates) === false) continue;
    const name = option(code, argument(0), 'tableName');
    return (name && textOf(name)) ?? 'session';
  }
  return undefined;
}
