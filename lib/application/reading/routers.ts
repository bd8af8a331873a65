import type { LiveCode } from '../source/live-code';
import type { Node } from '../source/syntax';
import { type Value, valuesOf } from '../source/value';

/** An Express application or router, identified by the call that creates it. */
export interface Router {
  readonly kind: 'application' | 'router';
  readonly node: Node;
}

const applications = /^(express\(\)|express-ws\(\)\.app|restify\.createServer\(\))$/;
const routers =
  /^(express\.Router\(\)|express-promise-router\(\)|router\(\)|router\.Router\(\)|@root\/async-router\.Router\(\))$/;
/** Matches methods that return their own object. */
const chained =
  /\.(use|all|get|post|put|patch|delete|del|head|options|ws|set|enable|disable|engine|param|on|once)\(\)$/;

/** Returns the applications and routers that a value may be. */
export function routersOf(code: LiveCode, value: Value): Router[] {
  return valuesOf(value).flatMap((each) => routerOf(code, each, 0) ?? []);
}

function routerOf(code: LiveCode, value: Value, depth: number): Router | undefined {
  if (value.kind === 'namespace') {
    // A CommonJS module whose export is a router.
    const whole = code.evaluator.exported(value.file, 'default');
    return depth < 3 && whole.kind !== 'namespace' ? routerOf(code, whole, depth + 1) : undefined;
  }
  if (value.kind !== 'made') return undefined;
  if (value.from && chained.test(value.by)) return routerOf(code, value.from, depth);
  const given = wrappedRouter(code, value, depth);
  if (given) return given;
  if (applications.test(value.by)) return { kind: 'application', node: value.node };
  return routers.test(value.by) ? { kind: 'router', node: value.node } : undefined;
}

/** Returns the application inside packages that return their argument: `addAsync(express())`, `expressWs(app).app`. */
function wrappedRouter(
  code: LiveCode,
  value: Extract<Value, { kind: 'made' }>,
  depth: number,
): Router | undefined {
  const isWrapper =
    /^(@awaitjs\/express\.(addAsync|wrap)|express-ws|express-async-\w+|express-asyncify|vite-express)\b/;
  if (!isWrapper.test(value.by) || value.node.type !== 'CallExpression' || depth > 3) return undefined;
  const [first] = value.node.arguments;
  return first && routersOf(code, code.evaluator.value(first as Node))[0];
}
