import type { LiveCode } from '../source/live-code';
import { entriesOf } from '../source/members';
import { placeOf } from '../source/module';
import { type CallNode, eachChild, functionAround, type Node, propertyName } from '../source/syntax';
import { textOf, truthOf, type Value, valuesOf } from '../source/value';
import { option, packageCalls } from './package-calls';
import type { OwnPolicy } from './server-reading';

/** Default directives of helmet: https://helmetjs.github.io/#content-security-policy */
export const helmetDefaults: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'self'"],
  'base-uri': ["'self'"],
  'font-src': ["'self'", 'https:', 'data:'],
  'form-action': ["'self'"],
  'frame-ancestors': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'script-src': ["'self'"],
  'script-src-attr': ["'none'"],
  'style-src': ["'self'", 'https:', "'unsafe-inline'"],
};

/** Finds the Content Security Policy that the server sets for its pages; undefined if the server sets none. */
export function readPolicy(code: LiveCode): OwnPolicy | undefined {
  for (const { path, call, argument } of packageCalls(code)) {
    if (path === 'helmet') {
      const place = placeOf(call);
      const stated = option(code, argument(0), 'contentSecurityPolicy');
      if (stated && truthOf(stated) === false) return { place, by: 'helmet', off: true, directives: {} };
      return { place, by: 'helmet', directives: directivesOf(code, stated) };
    }
    if (/^helmet(-csp|\.contentSecurityPolicy|\.default)?$/.test(path) && path !== 'helmet')
      return { place: placeOf(call), by: 'helmet', directives: directivesOf(code, argument(0)) };
  }
  for (const call of code.calls) {
    const header = headerSet(code, call);
    if (header) return { place: placeOf(call), by: 'header', directives: parsePolicy(header) };
  }
  return undefined;
}

function directivesOf(code: LiveCode, options: Value | undefined): Record<string, readonly string[]> {
  const stated = option(code, options, 'directives');
  const defaults = option(code, options, 'useDefaults');
  const found: Record<string, readonly string[]> =
    defaults && truthOf(defaults) === false ? {} : { ...helmetDefaults };
  for (const value of stated ? valuesOf(stated) : []) {
    if (value.kind !== 'object') continue;
    for (const { name, value: operand } of entriesOf(code.evaluator, value)) {
      const directive = textOf(name)?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      if (!directive) continue;
      const sources = sourcesOf(code, code.evaluator.operand(operand));
      if (sources) found[directive] = sources;
      else delete found[directive];
    }
  }
  return found;
}

/** Returns the sources of a directive; undefined if the code switches the directive off. */
function sourcesOf(code: LiveCode, value: Value): string[] | undefined {
  if (value.kind === 'literal' && (value.value === null || value.value === false)) return undefined;
  return valuesOf(value).flatMap((each): string[] => {
    if (each.kind === 'array')
      return each.items.flatMap((item) => sourcesOf(code, code.evaluator.operand(item)) ?? []);
    const text = textOf(each);
    return text === undefined ? [] : text.split(/\s+/).filter(Boolean);
  });
}

/** Returns the policy that `res.setHeader('Content-Security-Policy', '…')` sets. */
function headerSet(code: LiveCode, call: CallNode): string | undefined {
  const callee = call.callee as Node;
  if (callee.type !== 'MemberExpression' || !/^(setHeader|set|header)$/.test(propertyName(callee) ?? ''))
    return undefined;
  const [name, value] = call.arguments as readonly Node[];
  if (!name || !value || textOf(code.evaluator.value(name))?.toLowerCase() !== 'content-security-policy')
    return undefined;
  return textOf(code.evaluator.value(value));
}

/** Returns the directives of a policy, each with its sources. */
export function parsePolicy(policy: string): Record<string, readonly string[]> {
  return Object.fromEntries(
    policy
      .split(';')
      .map((directive) => directive.trim().split(/\s+/))
      .filter(([name]) => name)
      .map(([name, ...sources]) => [name!.toLowerCase(), sources]),
  );
}

/** Returns the place of a redirect from http to https. */
export function readHttpsRedirect(code: LiveCode): string | undefined {
  const packages =
    /^(express-sslify\.HTTPS|express-enforces-ssl|heroku-ssl-redirect|express-force-ssl|express-http-to-https\.\w+)$/;
  for (const { path, call } of packageCalls(code)) if (packages.test(path)) return placeOf(call);
  for (const call of code.calls) {
    const callee = call.callee as Node;
    if (callee.type !== 'MemberExpression' || propertyName(callee) !== 'redirect') continue;
    const target = code.evaluator.value(call.arguments.at(-1) as Node);
    const isHttps = valuesOf(target).some(
      (value) => value.kind === 'text' && value.parts[0]?.startsWith('https://'),
    );
    const handler = isHttps && functionAround(call);
    if (handler && asksForScheme(handler)) return placeOf(call);
  }
  return undefined;
}

function asksForScheme(handler: Node): boolean {
  let asks = false;
  const visit = (node: Node): void => {
    const isScheme =
      (node.type === 'StringLiteral' && node.value.toLowerCase() === 'x-forwarded-proto') ||
      (node.type === 'MemberExpression' && /^(secure|protocol|encrypted)$/.test(propertyName(node) ?? ''));
    asks ||= isScheme;
    if (!asks) eachChild(node, visit);
  };
  visit(handler);
  return asks;
}
