import { posix } from 'node:path';
import { packageCalls } from '../../application/reading/package-calls';
import { applicationFolder } from '../../application/source/builtins';
import type { LiveCode } from '../../application/source/live-code';
import { moduleOf, placeOf } from '../../application/source/module';
import {
  eachChild,
  isCall,
  isMember,
  type Node,
  parentOf,
  propertyName,
} from '../../application/source/syntax';
import { textOf, truthOf, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import { splitPlace } from './place';

const errorDetailsSent: Rule = {
  rule: 'error-details-sent',
  asks: 'Answers contain no stack of an error.',
  section: '10.2',
  severity: 'warning',
  why: 'visitors see paths, versions and names of the code, which help an attacker',
  fix: ['log the stack, and answer with a class and a message for users'],
  example: "response.status(500).json({ error: { class: 'internal' } });",
  find(application) {
    const code = application.server()?.code;
    if (!code) return [];
    return code.calls.flatMap((call): Found[] => {
      const { callee } = call;
      if (!isMember(callee) || !/^(json|send|end)$/.test(propertyName(callee) ?? '')) return [];
      if (!(application.text(moduleOf(call).file) ?? '').includes('stack')) return [];
      const stack = call.arguments.some((node) => containsStack(code, node as Node));
      return stack
        ? [{ ...splitPlace(placeOf(call)), what: 'the answer contains the stack of an error' }]
        : [];
    });
  },
};

const errorName = /^(e|er|err|\w*error|ex|exception|thrown|cause|reason)$/i;

/** Returns true if a value that production sends contains `error.stack`. */
function containsStack(code: LiveCode, node: Node): boolean {
  switch (node.type) {
    case 'ConditionalExpression': {
      const truth = truthOf(code.evaluator.value(node.test));
      // An unknown condition may exclude production.
      if (truth === undefined) return false;
      return containsStack(code, truth ? node.consequent : node.alternate);
    }
    case 'LogicalExpression':
      if (node.operator === '&&')
        return truthOf(code.evaluator.value(node.left)) === true && containsStack(code, node.right);
      return containsStack(code, node.left);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return propertyName(node) === 'stack' && errorName.test(nameOf(node.object));
    case 'ObjectExpression':
      return node.properties.some((property) =>
        property.type === 'ObjectMethod'
          ? false
          : containsStack(code, property.type === 'SpreadElement' ? property.argument : property.value),
      );
    case 'TemplateLiteral':
      return node.expressions.some((each) => containsStack(code, each));
    case 'TSAsExpression':
    case 'ParenthesizedExpression':
      return containsStack(code, node.expression);
    case 'Identifier': {
      const values = valuesOf(code.evaluator.value(node));
      return values.some((value) => value.kind === 'object' && containsStack(code, value.node));
    }
    default:
      return false;
  }
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'TSAsExpression' || node.type === 'ParenthesizedExpression')
    return nameOf(node.expression);
  return isMember(node) ? (propertyName(node) ?? '') : '';
}

const secretPredictable: Rule = {
  rule: 'secret-predictable',
  asks: 'Tokens and passwords come from a secure source of random numbers.',
  section: '11.2',
  severity: 'warning',
  why: 'Math.random() is predictable, so a visitor computes the tokens of others from a few of their own',
  fix: ['use randomBytes or randomUUID of node:crypto'],
  example: "const token = randomBytes(32).toString('base64url');",
  find(application) {
    const code = application.server()?.code;
    if (!code) return [];
    const told = new Set<string>();
    return packageCalls(code).flatMap(({ path, call }): Found[] => {
      if (path !== 'globalThis.Math.random().toString' || told.has(placeOf(call))) return [];
      told.add(placeOf(call));
      const name = receiverOf(call);
      return name !== undefined && secret.test(name) && !harmless.test(name)
        ? [{ ...splitPlace(placeOf(call)), what: `${name} comes from Math.random()` }]
        : [];
    });
  },
};

const secret = /token|secret|passw(or)?d|api_?key|\botp|verification_?code|reset_?code|invit\w*_?code/i;
const harmless = /request|trace|count|color|mock|fake|sample/i;

/** Returns the name that gets the value of an expression: of a variable, a property or a function that returns it. */
function receiverOf(node: Node): string | undefined {
  let from = node;
  for (let at = parentOf(from); at; from = at, at = parentOf(at)) {
    if (at.type === 'VariableDeclarator') return at.id.type === 'Identifier' ? at.id.name : undefined;
    if (at.type === 'ObjectProperty') return propertyName(at);
    if (at.type === 'AssignmentExpression') return nameOf(at.left as Node);
    if (at.type === 'FunctionDeclaration') return at.id?.name;
    if (at.type === 'ClassMethod' || at.type === 'ObjectMethod') return propertyName(at);
    // An argument of a function is another value.
    if (isCall(at) && at.callee !== from) return undefined;
  }
  return undefined;
}

const servesOwnFiles: Rule = {
  rule: 'serves-own-files',
  asks: 'The server publishes a folder of public files alone.',
  section: '11.2',
  severity: 'warning',
  why: 'everybody can download package.json, .env and the code of the server',
  fix: ['give express.static the folder of the built client'],
  example: "app.use(express.static(path.join(import.meta.dirname, 'public')));",
  find(application) {
    const code = application.server()?.code;
    const own = ['', ...(application.folders.server ? [application.folders.server] : []), 'config'];
    return (code ? packageCalls(code) : []).flatMap(({ path, call, argument }): Found[] => {
      const given = argument(0);
      const folder =
        given && /^(express\.static|serve-static|serve-index)$/.test(path) ? textOf(given) : undefined;
      if (folder === undefined) return [];
      const inside = posix.relative(applicationFolder, posix.resolve(applicationFolder, folder));
      if (!own.includes(inside)) return [];
      const what = inside === '' ? 'the whole folder of the application' : `the folder ${inside}`;
      return [{ ...splitPlace(placeOf(call)), what: `the server publishes ${what}` }];
    });
  },
};

const htmlUnescaped: Rule = {
  rule: 'html-unescaped',
  asks: 'The client renders texts of users as texts.',
  section: '11.2',
  severity: 'note',
  why: 'if a visitor wrote the text, a script in it runs for everybody who sees it (cross-site scripting)',
  fix: [
    'render the text as a child: <p>{entry.message}</p>',
    'or clean the HTML, for example with dompurify',
  ],
  example: '<p>{entry.message}</p>',
  find(application) {
    return application.modules('client').flatMap((file): Found[] => {
      const text = application.text(file) ?? '';
      if (!text.includes('dangerouslySetInnerHTML') || cleans.test(text)) return [];
      const program = application.program(file);
      const found: Found[] = [];
      const visit = (node: Node): void => {
        if (node.type === 'ObjectProperty' && propertyName(node) === '__html' && isUserText(node.value))
          found.push({ file, line: node.loc?.start.line, what: 'a value becomes HTML of the page as it is' });
        eachChild(node, visit);
      };
      if (program) visit(program);
      return found;
    });
  },
};

/** Matches names of texts that people write, unlike those of translations. */
const userText =
  /^(message|body|content|text|comment|description|bio|summary|review|note|answer|html\w*|\w+Html)$/;

function isUserText(node: Node): boolean {
  return isMember(node) && userText.test(propertyName(node) ?? '');
}

/** Matches modules that clean or make the HTML. */
const cleans = /sanitiz|purify|escape|xss|marked|markdown|remark|highlight|prism|shiki|katex|mermaid/i;

export const exposureRules: readonly Rule[] = [
  errorDetailsSent,
  servesOwnFiles,
  secretPredictable,
  htmlUnescaped,
];
