import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { eachChild, type Node, parseProgram, propertyName } from '../source/syntax';
import type { Warning } from '../warning';
import type { ViteBuildResult } from './vite-build.runtime';

/** Warns of client variables that had no value during the build. */
export function clientVariableWarnings(
  directory: string,
  { modules, variables }: Pick<ViteBuildResult, 'modules' | 'variables'>,
): Warning[] {
  const missing = new Map<string, string>();
  for (const id of modules) {
    if (/[\\/]node_modules[\\/]/.test(id) || !/\.[cm]?[jt]sx?$/.test(id)) continue;
    const file = relative(directory, id).split(sep).join('/');
    const code = readFileSync(id, 'utf8');
    const isMissing = (name: string) => !variables[name] && !missing.has(name);
    if (![...code.matchAll(mention)].some(([, name]) => isMissing(name!)) || isPlainlyOptional(code))
      continue;
    for (const { name, line } of neededVariables(file, code))
      if (isMissing(name)) missing.set(name, `${file}:${line}`);
  }
  const [first] = missing.keys();
  if (!first) return [];
  return [
    {
      rule: 'client-variable-unset',
      severity: 'caution',
      place: [...missing].map(([name, place]) => `${name} (${place})`).join(', '),
      what: 'the client reads this variable, but it had no value during the build',
      why: 'Vite writes such values into the client, where everybody can read them',
      fix: [
        `set application.environment.${first} in framework53.config.ts, or in the section of an environment if environments differ`,
      ],
    },
  ];
}

/** Matches Vite variables in source code. */
const mention = /\bimport\.meta\.env\b\s*(?:\?\.|\.|\[\s*['"`])\s*(\w+)/g;

/** Matches a variable that begins an expression and has a fallback, such as `= import.meta.env.VITE_KEY ?? ''`. */
const withFallback = /(?:[=(,:]|(?<!\?)\?|\breturn)\s*import\.meta\.env\.\w+\s*(?:\?\?|\|\|)(?!=)/g;

/** True if each variable plainly has a fallback. Such a module needs no parsing, which takes most of the time. */
function isPlainlyOptional(code: string): boolean {
  return code.split('import.meta.env').length - 1 === [...code.matchAll(withFallback)].length;
}

interface Use {
  readonly name: string;
  readonly line: number;
}

/** Returns the Vite variables that a module reads without a fallback and without checking them. */
function neededVariables(file: string, code: string): Use[] {
  let program: Node;
  try {
    program = parseProgram(file, code);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return [];
    throw error;
  }
  const needed: Use[] = [];
  const optional = new Set<string>();
  const around: Node[] = [];
  const visit = (node: Node): void => {
    const name = variableOf(node);
    if (name) {
      if (hasOwnValue(node, around)) optional.add(name);
      else needed.push({ name, line: node.loc?.start.line ?? 1 });
    }
    around.push(node);
    eachChild(node, visit);
    around.pop();
  };
  visit(program);
  return needed.filter(({ name }) => !optional.has(name));
}

/** Returns the name in `import.meta.env.VITE_KEY`. */
function variableOf(node: Node): string | undefined {
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return undefined;
  const { object } = node;
  if (object.type !== 'MemberExpression' || object.object.type !== 'MetaProperty') return undefined;
  const name = propertyName(object) === 'env' ? propertyName(node) : undefined;
  return name && /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name) && name !== 'BASE_URL' ? name : undefined;
}

/** Returns true for a variable with a fallback, and for one that the code checks or compares. */
function hasOwnValue(node: Node, around: readonly Node[]): boolean {
  let inner = node;
  for (const outer of [...around].reverse()) {
    switch (outer.type) {
      case 'LogicalExpression':
        return outer.left === inner;
      case 'ConditionalExpression':
      case 'IfStatement':
        return outer.test === inner;
      case 'BinaryExpression':
      case 'UnaryExpression':
        return outer.type === 'BinaryExpression' ? outer.operator !== '+' : isTestedToSkip(outer, around);
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'ParenthesizedExpression':
        inner = outer;
        continue;
      default:
        return false;
    }
  }
  return false;
}

/** Returns false for `if (!import.meta.env.VITE_KEY) throw …`. */
function isTestedToSkip(not: Node, around: readonly Node[]): boolean {
  const statement = around[around.indexOf(not) - 1];
  if (statement?.type !== 'IfStatement') return true;
  const body =
    statement.consequent.type === 'BlockStatement' ? statement.consequent.body : [statement.consequent];
  return !body.some(({ type }) => type === 'ThrowStatement');
}
