import { option, packageCalls } from '../../application/reading/package-calls';
import { placeOf } from '../../application/source/module';
import { eachChild, type Node, propertyName } from '../../application/source/syntax';
import { textOf, type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { splitPlace } from './place';
import { isSecretProperty } from './secret-names';

export const secretHardCoded: Rule = {
  rule: 'secret-hard-coded',
  asks: 'Passwords and signing keys come from the environment.',
  section: '11.2',
  severity: 'warning',
  why: 'everybody with access to the repository knows the value, and all environments share it',
  fix: [
    'read the value from process.env, and document its name in .env.example',
    'rotate the value, because it stays in the git history',
  ],
  example: 'session({ secret: process.env.SESSION_SECRET })',
  find(application) {
    const found = new Map<string, Found>();
    for (const each of [...signingKeys(application), ...writtenSecrets(application)])
      if (!found.has(`${each.file}:${each.line}`)) found.set(`${each.file}:${each.line}`, each);
    return [...found.values()];
  },
};

/** Finds calls of packages with a literal key or password as their argument. */
function signingKeys(application: CheckedApplication): Found[] {
  const server = application.server();
  const code = server?.code;
  // Without these variables, the server does not start, so nothing gets to a fallback.
  const insisted = new Set(
    server?.reading.variables.filter(({ need }) => need === 'ends').map(({ name }) => name),
  );
  return (code ? packageCalls(code) : []).flatMap(({ path, call, argument }): Found[] => {
    const given = (): Value | undefined => {
      if (path === 'express-session') return option(code!, argument(0), 'secret');
      if (path === 'cookie-session')
        return option(code!, argument(0), 'secret') ?? option(code!, argument(0), 'keys');
      if (path === 'cookie-parser') return argument(0);
      if (/^jsonwebtoken\.(sign|verify)$/.test(path)) return argument(1);
      if (path === 'crypto.createHmac') return argument(1);
      if (/^(pg|@neondatabase\/serverless)\.(Pool|Client)$/.test(path))
        return option(code!, argument(0), 'password');
      return undefined;
    };
    const value = given();
    const texts = value ? textsOf(application, value) : [];
    if (!texts.some((text) => text !== undefined && text.trim() !== '')) return [];
    const others = value ? valuesOf(value).length > texts.length : false;
    const variables = value
      ? valuesOf(value).flatMap((each) => (each.kind === 'variable' ? each.name : []))
      : [];
    if (variables.some((name) => insisted.has(name))) return [];
    return [
      {
        ...splitPlace(placeOf(call)),
        what: others ? `${path} has a hard-coded fallback secret` : `the secret of ${path} is hard-coded`,
        ...(others && {
          why: 'if the variable has no value, production silently works with a secret that everybody with access to the repository knows',
          fix: ['remove the fallback, and let the server refuse to start without the variable'],
        }),
      },
    ];
  });
}

function textsOf(application: CheckedApplication, value: Value): string[] {
  return valuesOf(value).flatMap((each) => {
    if (each.kind === 'array')
      return each.items.flatMap((item) =>
        textsOf(application, application.server()!.code.evaluator.operand(item)),
      );
    const known = each.kind === 'text' ? textOf(each) : undefined;
    return known === undefined ? [] : [known];
  });
}

const words = '(?:passw|passphrase|secret|api_?key|token|private_?key|connection_?string|database_?url)';
/** Matches what may stand between the parts of an expression: spaces, parentheses and comments. */
const gap = String.raw`(?:[\s()]|/\*[\s\S]{0,300}?\*/|//[^\n]{0,300}\n)*`;
/** Matches modules that may assign a text to such a name, or compare it with a text. Others are not parsed. */
const signs = new RegExp(
  String.raw`${words}\w*["'\]]*${gap}(?:[:=]|:[^=;]{1,200}=|[!=]==?)${gap}["']|["']${gap}[!=]==?[^;]{0,200}?${words}`,
  'i',
);

/** Finds `password: 'hunter22'`, `const apiKey = '…'` and `password === 'letmein1'`. */
function writtenSecrets(application: CheckedApplication): Found[] {
  return application.modules('client', 'server', 'shared').flatMap((file): Found[] => {
    const text = application.text(file) ?? '';
    const program = signs.test(text) ? application.program(file) : undefined;
    if (!program) return [];
    const isClient = application.sideOf(file) === 'client';
    const found: Found[] = [];
    const add = (node: Node, what: string) => found.push({ file, line: node.loc?.start.line, what });
    const visit = (node: Node): void => {
      const [name, value, siblings] = namedText(node);
      if (
        name &&
        value !== undefined &&
        (isSecretProperty(name) || /(password|passphrase|secretKey|apiSecret)$/i.test(name)) &&
        !(isClient && isPublicInClient(name))
      )
        if (isLikely(name, value, siblings)) add(node, `the value of ${name} is hard-coded`);
      if (node.type === 'BinaryExpression' && /^===?$/.test(node.operator)) {
        const compared =
          comparedText(node.left as Node, node.right) ?? comparedText(node.right, node.left as Node);
        if (compared) add(node, `the code compares ${compared} with a hard-coded text`);
      }
      eachChild(node, visit);
    };
    visit(program);
    return found;
  });
}

/** Returns true for keys that services issue for browsers, such as those of maps. */
function isPublicInClient(name: string): boolean {
  return /key|token/i.test(name);
}

/** Returns the name, the text and the neighbouring names, if a node assigns a text to a name. */
function namedText(node: Node): [name?: string, value?: string, siblings?: readonly string[]] {
  if (node.type === 'ObjectExpression' || node.type === 'ObjectPattern') return [];
  if (node.type === 'ObjectProperty' && node.value.type === 'StringLiteral')
    return [propertyName(node), node.value.value, siblingsOf(node)];
  if (
    node.type === 'VariableDeclarator' &&
    node.id.type === 'Identifier' &&
    node.init?.type === 'StringLiteral'
  )
    return [node.id.name, node.init.value, []];
  if (node.type === 'AssignmentExpression' && node.right.type === 'StringLiteral' && node.operator === '=') {
    const { left } = node;
    return [left.type === 'Identifier' ? left.name : propertyName(left as Node), node.right.value, []];
  }
  return [];
}

function siblingsOf(property: Node): string[] {
  const around = (property as { parent?: Node }).parent;
  return around?.type === 'ObjectExpression'
    ? around.properties.flatMap((each) => (each.type === 'ObjectProperty' ? (propertyName(each) ?? []) : []))
    : [];
}

const placeholder =
  /your|example|placeholder|change[-_]?me|xxx|\*\*\*|redacted|^<|\{\{|^\[.*\]$|^\{.*\}$|^(env|process)\b|required|invalid/i;

/** Returns false for labels, messages, field names and placeholders. */
function isLikely(name: string, value: string, siblings: readonly string[] = []): boolean {
  if (value.length < 6 || /[\s/]/.test(value) || placeholder.test(value)) return false;
  if (value.replace(/[\W_]/g, '').toLowerCase() === name.replace(/[\W_]/g, '').toLowerCase()) return false;
  if (
    siblings.some((each) => /^(host|database)$/.test(each)) &&
    siblings.some((each) => /^user(name)?$/.test(each))
  )
    return true;
  return value.length >= 8 && /\d/.test(value) && /[a-z]/i.test(value);
}

/** Returns the name that a text is compared with, such as `password`. */
function comparedText(side: Node, other: Node): string | undefined {
  if (other.type !== 'StringLiteral' || other.value.length < 4) return undefined;
  if (/\s/.test(other.value) || placeholder.test(other.value)) return undefined;
  const name =
    side.type === 'Identifier'
      ? side.name
      : side.type === 'MemberExpression'
        ? propertyName(side)
        : undefined;
  if (!name || !/^(password|passwd|passphrase|secret|api_?key)$/i.test(name)) return undefined;
  return other.value.toLowerCase() === name.toLowerCase() ? undefined : name;
}
