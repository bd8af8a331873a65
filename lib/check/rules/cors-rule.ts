import { option, packageCalls } from '../../application/reading/package-calls';
import type { LiveCode } from '../../application/source/live-code';
import { placeOf } from '../../application/source/module';
import {
  eachChild,
  type FunctionNode,
  isCall,
  type Node,
  parentOf,
  unwrapped,
} from '../../application/source/syntax';
import { textOf, truthOf, type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { openHeader } from './cors-header';
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
        // A function that gives the options for each request.
        (options?.kind === 'function' && agreesAlways(code, options.node)) ||
        (origin ? valuesOf(origin).some((each) => isOpenOrigin(code, each)) : isWritten(options));
      const credentials = option(code, options, 'credentials');
      const signedIn = credentials !== undefined && truthOf(credentials) === true ? ', with credentials' : '';
      return isOpen ? [{ ...splitPlace(placeOf(call)), what: `CORS allows every origin${signedIn}` }] : [];
    });
    const headers = code.calls.flatMap((call): Found[] => {
      const what = openHeader(code, call);
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
      return agreesAlways(code, value.node);
    default:
      return false;
  }
}

/**
 * Returns true for functions such as `(origin, callback) => callback(null, true)`, which accept every origin on every
 * path.
 */
function agreesAlways(code: LiveCode, fn: FunctionNode): boolean {
  const [origin, callback] = fn.params.map(nameOf);
  if (callback === undefined) return false;
  let agrees = 0;
  let others = 0;
  const visit = (node: Node): void => {
    if (node.type === 'ThrowStatement') others++;
    if (node.type === 'Identifier' && node.name === callback) {
      const around = parentOf(node);
      const isAnswer = around !== undefined && isCall(around) && around.callee === node;
      if (isAnswer && isYes(code, around.arguments[1] as Node | undefined, origin)) agrees++;
      else others++;
    }
    eachChild(node, visit);
  };
  visit(fn.body);
  return agrees > 0 && others === 0;
}

/** Returns true for `true`, the origin itself, and options with such an origin. */
function isYes(code: LiveCode, given: Node | undefined, origin: string | undefined): boolean {
  const node = given && unwrapped(given);
  if (!node) return false;
  if (nameOf(node) !== undefined && nameOf(node) === origin) return true;
  switch (node.type) {
    case 'BooleanLiteral':
      return node.value;
    case 'StringLiteral':
      return node.value === '*';
    case 'LogicalExpression':
      return isYes(code, node.right, origin) && (node.operator === '||' || isYes(code, node.left, origin));
    case 'ConditionalExpression':
      return isYes(code, node.consequent, origin) && isYes(code, node.alternate, origin);
    case 'ObjectExpression': {
      const open = option(code, code.evaluator.value(node), 'origin');
      return open !== undefined && valuesOf(open).some((each) => isOpenOrigin(code, each));
    }
    default:
      return false;
  }
}

function nameOf(node: Node | undefined): string | undefined {
  return node?.type === 'Identifier' ? node.name : undefined;
}
