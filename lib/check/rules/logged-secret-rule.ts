import { eachChild, isCall, type Node, propertyName } from '../../application/source/syntax';
import type { Found, Rule } from '../rule';
import { isSecretName, isSecretProperty } from './secret-names';

/** Matches modules that may log such a value: its name is near the call. Others are not parsed. */
const signs =
  /(console|log|logger|debug)\s*[.([][\s\S]{0,2000}?(process\.env|passw|passphrase|secret|api_?key|token|private_?key|connection_?string|database_?url|\.body\b)/i;
const writes = /^(log|info|debug|warn|error|trace|fatal|verbose)$/;
const loggers = /^(console|log|logger|\w+(Log|Logger))$/;

export const secretLogged: Rule = {
  rule: 'secret-logged',
  asks: 'Log lines contain no passwords, keys or whole request bodies.',
  section: '10.2',
  severity: 'warning',
  why: 'everybody with access to the logs can read the value, and logs are kept for months',
  fix: ['remove the value from the log line', 'rotate a secret that has been logged'],
  example: "logger.info({ event: 'user.signed-in', userId: user.id });",
  find(application) {
    return application.modules('client', 'server', 'shared').flatMap((file): Found[] => {
      const text = application.text(file) ?? '';
      const program = signs.test(text) ? application.program(file) : undefined;
      if (!program) return [];
      const found: Found[] = [];
      const visit = (node: Node): void => {
        if (isCall(node) && isLogging(node.callee as Node)) {
          const name = node.arguments.map((each) => loggedSecret(each as Node)).find(Boolean);
          if (name) found.push({ file, line: node.loc?.start.line, what: `the line logs ${name}` });
        }
        eachChild(node, visit);
      };
      visit(program);
      return found;
    });
  },
};

function isLogging(callee: Node): boolean {
  if (callee.type === 'Identifier') return /^(log|debug)$/.test(callee.name);
  if (callee.type !== 'MemberExpression' || !writes.test(propertyName(callee) ?? '')) return false;
  const { object } = callee;
  const name = object.type === 'Identifier' ? object.name : propertyName(object as Node);
  return name !== undefined && loggers.test(name);
}

/** Returns the secret in a logged value, or undefined if there is none. */
function loggedSecret(node: Node): string | undefined {
  const first = (nodes: readonly (Node | null)[]) => {
    for (const each of nodes) {
      const name = each ? loggedSecret(each) : undefined;
      if (name) return name;
    }
    return undefined;
  };
  switch (node.type) {
    case 'Identifier':
      return isSecretProperty(node.name) ? node.name : undefined;
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return nameOfMember(node);
    case 'TemplateLiteral':
      return first(node.expressions as Node[]);
    case 'BinaryExpression':
      return node.operator === '+' ? first([node.left as Node, node.right]) : undefined;
    case 'LogicalExpression':
      return node.operator === '&&' ? loggedSecret(node.right) : first([node.left, node.right]);
    case 'ConditionalExpression':
      return first([node.consequent, node.alternate]);
    case 'ObjectExpression':
      return first(node.properties.map((each) => (each.type === 'ObjectProperty' ? each.value : null)));
    case 'ArrayExpression':
      return first(node.elements);
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return loggedSecret(node.expression);
    case 'CallExpression': {
      const { callee } = node;
      const isText =
        callee.type === 'MemberExpression'
          ? /^(stringify|toString)$/.test(propertyName(callee) ?? '')
          : callee.type === 'Identifier' && callee.name === 'String';
      const object = callee.type === 'MemberExpression' ? (callee.object as Node) : null;
      return isText ? first([...(node.arguments as Node[]), object]) : undefined;
    }
    default:
      return undefined;
  }
}

function nameOfMember(node: Extract<Node, { object: Node; property: Node }>): string | undefined {
  const name = propertyName(node);
  const { object } = node;
  const owner = object.type === 'Identifier' ? object.name : propertyName(object as Node);
  if (owner === 'process' && name === 'env') return 'the whole environment (process.env)';
  if (name === undefined) return undefined;
  if (owner === 'env') return isSecretName(name) ? name : undefined;
  if (name === 'body' && (owner === 'req' || owner === 'request'))
    return `the whole body of a request (${owner}.body)`;
  return isSecretProperty(name) ? name : undefined;
}
