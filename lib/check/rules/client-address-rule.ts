import { posix } from 'node:path';
import {
  calledName,
  eachChild,
  isCall,
  type Node,
  parentOf,
  propertyName,
} from '../../application/source/syntax';
import type { Found, Rule } from '../rule';

const local = /^(https?|wss?):\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)\b/;
/** Matches modules that request a program on the computer of the user, such as an agent for printers. */
const ofDevice = /agent|print|scanner|device|hardware|local|bridge|wallet|ollama/i;
const requests = /^(fetch|axios|ky|io|get|post|put|patch|delete|create|request|WebSocket|EventSource|URL)$/;
const addresses = /(api|base|server|backend|socket|ws)_?(url|uri|host|endpoint|address)?$|^(url|endpoint)$/i;

export const clientCallsLocalhost: Rule = {
  rule: 'client-calls-localhost',
  asks: 'The client requests the server that its pages come from.',
  section: '5.2',
  severity: 'warning',
  why: 'in production, each browser then asks the computer of its user, where no server listens',
  fix: [
    "request paths such as '/api/entries', and let the proxy of Vite's server pass them on in development",
  ],
  example: "const response = await fetch('/api/entries');",
  find(application) {
    return application.modules('client').flatMap((file): Found[] => {
      const text = application.text(file) ?? '';
      if (ofDevice.test(posix.basename(file)) || !/:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)\b/.test(text))
        return [];
      const program = application.program(file);
      const found: Found[] = [];
      const visit = (node: Node): void => {
        if (isLocal(node) && isRequested(node))
          found.push({ file, line: node.loc?.start.line, what: 'the client requests a server on localhost' });
        eachChild(node, visit);
      };
      if (program) visit(program);
      return found;
    });
  },
};

function isLocal(node: Node): boolean {
  if (node.type === 'StringLiteral') return local.test(node.value);
  return node.type === 'TemplateLiteral' && local.test(node.quasis[0]!.value.raw);
}

/** Returns true for an address that the code uses in every environment: `fetch('…')`, `baseURL: '…'`. */
function isRequested(node: Node): boolean {
  const around = parentOf(node);
  if (!around || isConditional(node)) return false;
  if (isCall(around)) {
    return around.arguments[0] === node && requests.test(calledName(around) ?? '');
  }
  if (around.type === 'VariableDeclarator')
    return around.id.type === 'Identifier' && around.init === node && addresses.test(around.id.name);
  return around.type === 'ObjectProperty' && /^base_?url$/i.test(propertyName(around) ?? '');
}

/** Returns true for code that only some environments run. */
function isConditional(node: Node): boolean {
  for (let at: Node | undefined = node; at; at = parentOf(at))
    if (/^(IfStatement|ConditionalExpression|LogicalExpression|SwitchCase)$/.test(at.type)) return true;
  return false;
}
