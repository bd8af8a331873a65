import type { LiveCode } from '../source/live-code';
import { type Module, placeOf } from '../source/module';
import { eachChild, type Node, propertyName, unwrapped } from '../source/syntax';
import { constantOf, textOf, type Value, valuesOf } from '../source/value';
import { option, packageCalls } from './package-calls';
import type { Listening, Unplaced } from './server-reading';

/** Matches values whose method `listen` opens a port. */
const servers =
  /^(express\(\)|https?\.(createServer|Server)\(\)|http2\.create\w+\(\)|net\.createServer\(\)|fastify\(\)|koa\(\)|@hapi\/hapi\.server\(\)|express-ws\(\)|socket\.io|vite-express|polka\(\)|restify)/;

/** Finds the calls of `listen`. If production reaches none of them, returns the place of one in other code. */
export function readListening(code: LiveCode, modules: Iterable<Module>) {
  const listening: Listening[] = [];
  const unplaced: Unplaced[] = [];
  for (const call of code.calls) {
    const callee = unwrapped(call.callee as Node);
    const isMember = callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression';
    if (!isMember || propertyName(callee) !== 'listen') continue;
    const object = valuesOf(code.evaluator.value(callee.object));
    if (!object.some(mayListen)) continue;
    const given = (call.arguments as readonly Node[]).map((node) => code.evaluator.value(node));
    // `ViteExpress.listen(app, 3000)`
    const args = object.some((value) => value.kind === 'package') ? given.slice(1) : given;
    const [first] = args;
    const place = placeOf(call);
    const port = option(code, first, 'port') ?? first;
    const host =
      option(code, first, 'host') ?? (args[1] && args[1].kind !== 'function' ? args[1] : undefined);
    const found = { place, ...portOf(code, port), ...hostOf(host) };
    listening.push(found);
    if (found.port === undefined && found.portVariable === undefined)
      unplaced.push({
        kind: 'port',
        place,
        what: 'the port that is passed to listen() is put together at run time',
      });
  }
  for (const { path, call, argument } of packageCalls(code))
    if (path === '@hono/node-server.serve')
      listening.push({ place: placeOf(call), ...portOf(code, option(code, argument(0), 'port')) });
  return { listening, unplaced, elsewhere: listening.length ? undefined : deadListen(modules) };
}

function mayListen(value: Value): boolean {
  if (value.kind === 'made') return servers.test(value.by);
  if (value.kind === 'package') return value.path.startsWith('vite-express');
  return value.kind === 'unknown' || value.kind === 'instance';
}

function portOf(code: LiveCode, port: Value | undefined): Pick<Listening, 'port' | 'portVariable'> {
  const values = port ? valuesOf(port).flatMap((value) => valuesOf(settingOf(code, value))) : [];
  const numbers = values
    .map((value) => Number(constantOf(value) ?? Number.NaN))
    .filter((n) => n > 0 && n < 65_536);
  const variable = values.find((value) => value.kind === 'variable');
  // If a variable decides between several default ports, none of the defaults is certain.
  const isClear = new Set(numbers).size === 1 || !variable;
  return {
    ...(numbers[0] !== undefined && isClear && { port: numbers[0] }),
    ...(variable?.kind === 'variable' && { portVariable: variable.name }),
  };
}

/** Returns the value that `app.set('port', …)` stored for `app.get('port')`. */
function settingOf(code: LiveCode, value: Value): Value {
  if (value.kind !== 'made' || !value.by.endsWith('.get()') || value.node.type !== 'CallExpression')
    return value;
  const name = textOf(code.evaluator.value(value.node.arguments[0] as Node));
  const set = packageCalls(code).find(
    ({ path, argument }) =>
      path.endsWith('().set') && name !== undefined && textOf(argument(0) ?? value) === name,
  );
  return set?.argument(1) ?? value;
}

function hostOf(host: Value | undefined): Pick<Listening, 'host' | 'hostVariable'> {
  const values = host ? valuesOf(host) : [];
  const name = values.map(textOf).find((text) => text !== undefined);
  const variable = values.find((value) => value.kind === 'variable');
  return {
    ...(name !== undefined && { host: name }),
    ...(variable?.kind === 'variable' && { hostVariable: variable.name }),
  };
}

/** Returns the place of a `listen` call that production does not reach. */
function deadListen(modules: Iterable<Module>): string | undefined {
  for (const { program } of modules) {
    let found: Node | undefined;
    const visit = (node: Node): void => {
      if (found) return;
      const callee = node.type === 'CallExpression' ? unwrapped(node.callee as Node) : undefined;
      if (callee?.type === 'MemberExpression' && propertyName(callee) === 'listen') found = node;
      else eachChild(node, visit);
    };
    visit(program);
    if (found) return placeOf(found);
  }
  return undefined;
}
