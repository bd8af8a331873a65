import { option, packageCalls } from '../../application/reading/package-calls';
import type { LiveCode } from '../../application/source/live-code';
import { entriesOf } from '../../application/source/members';
import { moduleOf, placeOf } from '../../application/source/module';
import {
  type CallNode,
  eachChild,
  type FunctionNode,
  functionAround,
  isCall,
  type Node,
  propertyName,
} from '../../application/source/syntax';
import { textOf, truthOf, type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { splitPlace } from './place';
import { productionSettings } from './production-settings';
import { isWritten } from './written';

export const corsOpen: Rule = {
  rule: 'cors-open',
  asks: 'CORS allows only known origins.',
  section: '11.3',
  severity: 'warning',
  why: 'pages of any other site can read the responses of the server',
  fix: [
    'remove CORS if client and server have one origin, as behind CloudFront',
    'otherwise, list the origins',
  ],
  example: "app.use(cors({ origin: ['https://partner.example'] }));",
  find(application) {
    const code = application.server()?.code;
    if (!code) return [];
    const calls = packageCalls(code).flatMap(({ path, call, argument }): Found[] => {
      if (path !== 'cors') return [];
      const options = argument(0);
      const origin = option(code, options, 'origin');
      const isOpen =
        call.arguments.length === 0 ||
        (origin ? valuesOf(origin).some((each) => isOpenOrigin(code, each)) : isWritten(options));
      const credentials = option(code, options, 'credentials');
      const signedIn = credentials !== undefined && truthOf(credentials) === true ? ', with credentials' : '';
      return isOpen ? [{ ...splitPlace(placeOf(call)), what: `CORS allows every origin${signedIn}` }] : [];
    });
    const headers = code.calls.flatMap((call): Found[] => {
      const what = openHeader(application, code, call);
      return what ? [{ ...splitPlace(placeOf(call)), what }] : [];
    });
    const configured = calls.length + headers.length > 0 ? [] : openConfiguration(application, code);
    return [...calls, ...headers, ...configured];
  },
};

/** Finds `origin: '*'` in the configuration of production, if the server uses the package `cors`. */
function openConfiguration(application: CheckedApplication, code: LiveCode): Found[] {
  if (!packageCalls(code).some(({ path }) => path === 'cors')) return [];
  return productionSettings(application, /./, /^(cors\w*|origins?|allowedOrigins?)$/i).flatMap(
    ({ file, line, name, value }): Found[] =>
      valuesOf(value).some((each) => isOpenOrigin(code, each))
        ? [{ file, line, what: `${name} opens CORS to every origin` }]
        : [],
  );
}

/**
 * Returns true for `true`, `'*'`, a pattern that matches everything, a list with one of these, or a function that
 * accepts every origin.
 */
function isOpenOrigin(code: LiveCode, value: Value): boolean {
  switch (value.kind) {
    case 'literal':
      return value.value === true;
    case 'text':
      return textOf(value) === '*';
    case 'pattern':
      return /^\^?\.[*+]\$?$/.test(value.source);
    case 'array':
      return value.items.some((item) => isOpenOrigin(code, code.evaluator.operand(item)));
    case 'function':
      return agreesAlways(value.node);
    default:
      return false;
  }
}

/** Returns true for functions such as `(origin, callback) => callback(null, true)`. */
function agreesAlways(fn: FunctionNode): boolean {
  const callback = fn.params[1];
  if (callback?.type !== 'Identifier') return false;
  let agrees = 0;
  let others = 0;
  const visit = (node: Node): void => {
    if (/^(IfStatement|ConditionalExpression|LogicalExpression|SwitchStatement)$/.test(node.type)) others++;
    if (isCall(node) && node.callee.type === 'Identifier' && node.callee.name === callback.name) {
      const answer = node.arguments[1];
      const isOrigin = answer?.type === 'Identifier' && answer.name === nameOf(fn.params[0]);
      if ((answer?.type === 'BooleanLiteral' && answer.value) || isOrigin) agrees++;
      else others++;
    }
    eachChild(node, visit);
  };
  visit(fn.body);
  return agrees > 0 && others === 0;
}

function nameOf(node: Node | undefined): string | undefined {
  return node?.type === 'Identifier' ? node.name : undefined;
}

/**
 * Returns a clause about `response.set('Access-Control-Allow-Origin', '*')`, the same header in an object, or a value
 * that repeats the request's origin.
 */
function openHeader(application: CheckedApplication, code: LiveCode, call: CallNode): string | undefined {
  const { callee } = call;
  if (callee.type !== 'MemberExpression' || !/^(set|header|setHeader)$/.test(propertyName(callee) ?? ''))
    return undefined;
  const [name, value] = (call.arguments as readonly Node[]).map((node) => code.evaluator.value(node));
  const isName = (text: string | undefined) => text?.toLowerCase() === 'access-control-allow-origin';
  const isAny = (each: Value | undefined) =>
    each !== undefined && valuesOf(each).some((one) => textOf(one) === '*');
  if (name && isName(textOf(name))) {
    if (repeatsOrigin(application, call))
      return 'Access-Control-Allow-Origin repeats the origin of every request';
    return isAny(value) ? 'Access-Control-Allow-Origin is *' : undefined;
  }
  const inObject =
    name?.kind === 'object' &&
    entriesOf(code.evaluator, name).some(
      (entry) => isName(textOf(entry.name)) && isAny(code.evaluator.operand(entry.value)),
    );
  return inObject ? 'Access-Control-Allow-Origin is *' : undefined;
}

const origin = /headers\.origin|headers\[['"`]origin['"`]\]|\.(get|header)\(\s*['"`]origin['"`]/i;
const compares =
  /includes|\.has\(|indexOf|\.test\(|\.match\(|===|==|allow(ed|list)|whitelist|trusted|startsWith|endsWith/i;

/** Returns true if the value comes from the request, and no surrounding code compares it with known origins. */
function repeatsOrigin(application: CheckedApplication, call: CallNode): boolean {
  const value = call.arguments[1];
  if (!value || value.type === 'StringLiteral') return false;
  const text = application.text(moduleOf(call).file) ?? '';
  const around = functionAround(call) ?? call;
  const whole = text.slice(around.start ?? 0, around.end ?? 0).replace(/access-control-allow-origin/gi, '');
  const own = text.slice(value.start ?? 0, value.end ?? 0);
  const isOfRequest = origin.test(own) || (value.type === 'Identifier' && origin.test(whole));
  return isOfRequest && !compares.test(whole);
}
