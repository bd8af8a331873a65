import { packageCalls } from '../../application/reading/package-calls';
import { type Router, routersOf } from '../../application/reading/routers';
import type { LiveCode } from '../../application/source/live-code';
import { moduleOf, placeOf } from '../../application/source/module';
import {
  type CallNode,
  functionAround,
  isMember,
  type Node,
  propertyName,
} from '../../application/source/syntax';
import { type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { mayFail } from './fallible-routes';
import { splitPlace } from './place';
import { withoutComments } from './shutdown';

const verbs = /^(get|post|put|patch|delete|all)$/;
/** Matches packages and functions of packages that answer or report errors. */
const answers = /err|exception|celebrate|problem|sentry|bugsnag|rollbar|raygun|honeybadger|airbrake|youch/i;
/** Matches a function with the four parameters of error-handling middleware. */
const written =
  /ErrorRequestHandler|\(\s*_?\w*(err|error|exception)\w*\s*(:[^,()]*)?(,\s*_?\w+\s*(:[^,()]*)?){3}\)/i;

export const errorHandlerMissing: Rule = {
  rule: 'error-handler-missing',
  asks: 'Express has error-handling middleware, after the routes.',
  section: '10.2',
  severity: 'warning',
  why: 'Express answers an error of a route with a page of HTML, and nothing classifies the error or logs it in the format of the server',
  fix: ['add middleware with four parameters after the routes'],
  example:
    "app.use((error, request, response, next) => {\n  logger.error({ event: 'request.failed', error });\n  response.status(500).json({ error: { class: 'internal' } });\n});",
  find(application) {
    const server = application.server();
    if (!server) return [];
    const { code, reading } = server;
    const created = packageCalls(code).find(({ path }) => path === 'express');
    if (!created || !reading.routes.some(({ method }) => verbs.test(method))) return [];
    const places = new Set(reading.routes.flatMap(({ method, place }) => (verbs.test(method) ? place : [])));
    const isRoute = (call: CallNode) =>
      isMember(call.callee) && verbs.test(propertyName(call.callee) ?? '') && places.has(placeOf(call));
    const isFallible = code.calls.some((call) => isRoute(call) && mayFail(code, call));
    if (!isFallible) return [];
    const uses = code.calls.flatMap((call) => {
      const { callee } = call;
      if (callee.type !== 'MemberExpression' || propertyName(callee) !== 'use') return [];
      return [{ call, routers: routersOf(code, code.evaluator.value(callee.object)) }];
    });
    const judged = uses.map(({ call, routers }) => ({ call, routers, answer: answerOf(code, call) }));
    const handlers = judged.filter(({ answer }) => answer === 'yes');
    const [early] = handlers;
    if (early && handlers.every(({ call, routers }) => precedesRoutes(code, call, routers)))
      return [
        {
          ...splitPlace(placeOf(early.call)),
          what: 'this error-handling middleware stands before the routes, so it never gets their errors',
          fix: ['move the middleware after the routes'],
        },
      ];
    if (early || packageCalls(code).some(({ path }) => /error_?handler/i.test(path))) return [];
    const isUnsure = judged.some(({ answer }) => answer === 'unknown');
    if (isUnsure && mayAnswer(application)) return [];
    return [
      {
        ...splitPlace(placeOf(created.call)),
        what: 'no middleware of this application answers errors',
      },
    ] satisfies Found[];
  },
};

/** Returns whether a call of `use()` adds error-handling middleware. */
function answerOf(code: LiveCode, call: CallNode): 'yes' | 'no' | 'unknown' {
  const judge = (value: Value): 'yes' | 'no' | 'unknown' => {
    switch (value.kind) {
      case 'function':
        return value.node.params.length === 4 ? 'yes' : 'no';
      case 'package':
        return answers.test(value.path) ? 'yes' : 'no';
      case 'made':
        return answers.test(value.by) ? 'yes' : 'no';
      case 'array':
        return strongest(value.items.map((item) => judgeAll(code.evaluator.operand(item))));
      case 'text':
      case 'pattern':
        return 'no';
      default:
        return 'unknown';
    }
  };
  const judgeAll = (value: Value) => strongest(valuesOf(value).map(judge));
  return strongest((call.arguments as readonly Node[]).map((node) => judgeAll(code.evaluator.value(node))));
}

function strongest(answers: readonly ('yes' | 'no' | 'unknown')[]): 'yes' | 'no' | 'unknown' {
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

/** Returns true if all routes of a router that the same function adds come after a call. */
function precedesRoutes(code: LiveCode, handler: CallNode, routers: readonly Router[]): boolean {
  const isSame = (node: Node) =>
    routersOf(code, code.evaluator.value(node)).some((each) =>
      routers.some(({ node: own }) => own === each.node),
    );
  const around = functionAround(handler);
  const { file } = moduleOf(handler);
  const mounts: CallNode[] = [];
  const routes: CallNode[] = [];
  for (const call of code.calls) {
    if (call === handler || functionAround(call) !== around || moduleOf(call).file !== file) continue;
    const { callee } = call;
    const given = call.arguments as readonly Node[];
    const isOwn = callee.type === 'MemberExpression' && isSame(callee.object);
    const method = isOwn ? (propertyName(callee) ?? '') : undefined;
    const mountsRouter = given.some((node) => routersOf(code, code.evaluator.value(node)).length > 0);
    // A function that gets the application may add the routes.
    if (method === 'use' ? mountsRouter : method === undefined && given.some(isSame)) mounts.push(call);
    if (method !== undefined && verbs.test(method) && given.length > 1) routes.push(call);
  }
  // Single routes before the middleware, such as a health check, need none.
  const added = mounts.length > 0 ? mounts : routes;
  return added.length > 0 && added.every((call) => (call.start ?? 0) > (handler.end ?? 0));
}

/** Returns true if a module of the server declares error-handling middleware, which a value that is not known may be. */
function mayAnswer(application: CheckedApplication): boolean {
  return application
    .modules('server', 'shared')
    .some((file) => written.test(withoutComments(application.text(file) ?? '')));
}
