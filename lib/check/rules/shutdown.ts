import { packageCalls } from '../../application/reading/package-calls';
import { calledFunctions } from '../../application/source/calls';
import type { LiveCode } from '../../application/source/live-code';
import {
  type CallNode,
  functionAround,
  isCall,
  isFunction,
  isMember,
  type Node,
  propertyName,
  someChild,
  unwrapped,
} from '../../application/source/syntax';
import { textOf, valuesOf } from '../../application/source/value';
import type { CheckedApplication } from '../sources/checked-application';
import { textOfNode } from '../sources/text-of-node';

/** The actions of a server on SIGTERM. */
export interface Shutdown {
  /** True if any code handles the signal. */
  readonly hears: boolean;
  readonly closesServer: boolean;
  readonly closesPool: boolean;
  /** True if a handler ends the process without waiting for anything. */
  readonly endsAtOnce?: boolean;
}

const poolEnd =
  /^(pg|postgres|@neondatabase\/serverless|@vercel\/postgres|drizzle-orm\/[\w-]+)(\.\w+)?\(\)(\.\$client)?\.(end|close)$/;
const serverClose = /(\.listen|\.createServer|\.Server)\(\)\.close$/;
const packages = /terminus|http-terminator|stoppable|close-with-grace|exit-hook|graceful-shutdown/;

const known = new WeakMap<CheckedApplication, Shutdown>();

/** Follows the handlers of SIGTERM into the functions that they call. */
export function shutdownOf(application: CheckedApplication): Shutdown {
  const shutdown = known.get(application) ?? readShutdown(application);
  known.set(application, shutdown);
  return shutdown;
}

function readShutdown(application: CheckedApplication): Shutdown {
  const code = application.server()?.code;
  const handlers = code ? handlersOf(code) : [];
  if (!code || handlers.length === 0) return shutdownInTexts(application);
  if (handlers.some((handler) => endsAtOnce(handler)))
    return { hears: true, closesServer: false, closesPool: false, endsAtOnce: true };
  const calls = callsUnder(code, handlers);
  const paths = packageCalls(code)
    .filter(({ call }) => calls.has(call))
    .map(({ path }) => path);
  const written = [...calls].map((call) => textOfNode(application, call)).join('\n');
  return {
    hears: true,
    closesServer:
      paths.some((path) => serverClose.test(path)) ||
      /(server|http|app)\w*\)?\s*[?!]?\.(close|stop)\b/i.test(written),
    closesPool:
      paths.some((path) => poolEnd.test(path)) ||
      /(pool|sql|client|conn\w*|db|database|storage|prisma)\w*\)?\s*[?!]?\.(end|close|\$disconnect|destroy|disconnect)\b/i.test(
        written,
      ),
  };
}

/** A library may handle the signal, or the handler cannot be followed. */
function shutdownInTexts(application: CheckedApplication): Shutdown {
  const texts = application
    .modules('server', 'shared')
    .map((file) => withoutComments(application.text(file) ?? ''));
  const says = (pattern: RegExp) => texts.some((text) => pattern.test(text));
  const hears = says(packages) || says(/(on|once|addListener)\(\s*['"`]SIGTERM|['"`]SIGTERM['"`]\s*[,\]]/);
  return {
    hears,
    closesServer: hears && (says(packages) || says(/\.(close|stop|destroy)\(/)),
    closesPool: hears && says(/\.(end|\$disconnect|destroy)\(/),
  };
}

/** Returns the functions that `process.on('SIGTERM', …)` calls. */
function handlersOf(code: LiveCode): Node[] {
  return packageCalls(code).flatMap(({ path, call, argument }) => {
    const signal = argument(0);
    const isSignal =
      /^process\.(on|once|addListener)$/.test(path) &&
      signal !== undefined &&
      valuesOf(signal).some((value) => textOf(value) === 'SIGTERM');
    const handler = call.arguments[1] as Node | undefined;
    return isSignal && handler ? [...calledFunctions(code.evaluator.value(handler))] : [];
  });
}

/** Returns true if a handler calls `process.exit()` itself, and waits for nothing before. */
function endsAtOnce(handler: Node): boolean {
  const body = isFunction(handler) ? handler.body : undefined;
  if (body?.type !== 'BlockStatement') return body !== undefined && isExit(body);
  const exit = body.body.findIndex((each) => each.type === 'ExpressionStatement' && isExit(each.expression));
  return exit !== -1 && !body.body.slice(0, exit).some(mayWait);
}

function isExit(given: Node): boolean {
  const node = unwrapped(given);
  if (!isCall(node) || !isMember(node.callee)) return false;
  const { object } = node.callee;
  return propertyName(node.callee) === 'exit' && object.type === 'Identifier' && object.name === 'process';
}

/** Returns true for a statement that waits, or that may leave the handler. */
function mayWait(node: Node): boolean {
  if (/^(AwaitExpression|ReturnStatement|ForOfStatement|ThrowStatement)$/.test(node.type)) return true;
  return !isFunction(node) && someChild(node, mayWait);
}

/** Returns the calls in functions, and in the functions that these call. */
export function callsUnder(code: LiveCode, functions: readonly Node[]): ReadonlySet<CallNode> {
  const owners = new Set<Node>(functions);
  const found = new Set<CallNode>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const call of code.calls) {
      if (found.has(call) || !isUnder(call, owners)) continue;
      found.add(call);
      for (const called of calledFunctions(code.evaluator.value(call.callee as Node))) owners.add(called);
    }
  }
  return found;
}

function isUnder(node: Node, owners: ReadonlySet<Node>): boolean {
  for (let at = functionAround(node); at; at = functionAround(at)) if (owners.has(at)) return true;
  return false;
}

/** Returns a module's text without comments that fill whole lines. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
