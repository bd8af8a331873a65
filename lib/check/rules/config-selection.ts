import { posix } from 'node:path';
import { findBinding } from '../../application/source/scope';
import {
  calledName,
  eachChild,
  isCall,
  type Node,
  parentOf,
  propertyName,
  unwrapped,
} from '../../application/source/syntax';
import type { Found } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';

/** Environments with servers, which never get the file of a developer's computer. */
const served = /^(production|staging)$/;
const ofDevelopers = /^(development|test)$/;

/**
 * Finds code of config/index that selects the file of development or test for production or staging.
 * @param files the environments that have a file
 */
export function wrongSelections(
  application: CheckedApplication,
  index: string,
  files: { has(environment: string): boolean },
): Found[] {
  const program = application.program(index);
  const found: Found[] = [];
  const check = (environment: string | undefined, selected: Node | null | undefined) => {
    if (environment === undefined || !selected || !served.test(environment) || !files.has(environment))
      return;
    const file = fileOf(selected);
    if (file === undefined || !ofDevelopers.test(file)) return;
    found.push({
      file: index,
      line: selected.loc?.start.line,
      what: `the module selects the file of ${file} for ${environment}`,
      why: `${environment} works with settings that only fit a developer's computer`,
      fix: [`select the file of ${environment}`],
    });
  };
  const visit = (node: Node): void => {
    if (node.type === 'ObjectProperty' && !node.computed) check(propertyName(node), node.value as Node);
    if (node.type === 'ConditionalExpression') check(comparedWith(node.test), node.consequent);
    eachChild(node, visit);
  };
  if (program) visit(program);
  return found;
}

/** Returns the name of the file that a name imports as a whole, or that an object spreads: `development`. */
function fileOf(given: Node): string | undefined {
  const node = unwrapped(given);
  if (node.type === 'ObjectExpression') {
    const spread = node.properties.flatMap((each) =>
      each.type === 'SpreadElement' ? (fileOf(each.argument) ?? []) : [],
    );
    // Others are defaults that a later file overrides.
    return spread.at(-1);
  }
  const binding = node.type === 'Identifier' ? findBinding(node.name, node) : undefined;
  const statement = binding && parentOf(binding.node);
  const path =
    statement?.type === 'ImportDeclaration' ? statement.source : requiredPath(binding?.value ?? node);
  return path?.type === 'StringLiteral' ? posix.basename(path.value).replace(/\.[cm]?[jt]s$/, '') : undefined;
}

/** Returns the path of `require('./production')`. */
function requiredPath(node: Node): Node | undefined {
  return isCall(node) && calledName(node) === 'require' ? (node.arguments[0] as Node) : undefined;
}

/** Returns the text with which a test compares: `production` for `process.env.NODE_ENV === 'production'`. */
function comparedWith(test: Node): string | undefined {
  if (test.type !== 'BinaryExpression' || !/^===?$/.test(test.operator)) return undefined;
  return [test.left as Node, test.right].flatMap((each) =>
    each.type === 'StringLiteral' ? each.value : [],
  )[0];
}
