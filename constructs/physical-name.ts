import { Names, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConstructError } from './construct-error';

const LONGEST = 40;
// A database cluster allows the least: its identifier starts with a letter and has single hyphens only.
const ALLOWED = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Checks the `name` prop of a construct. Every construct of this package accepts the same names, so that one name
 * fits all parts of an environment.
 *
 * @returns one problem, or none for a valid name, an omitted name and an unresolved token
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.CreateInstance.html
 */
export function nameProblems(name: string | undefined): string[] {
  if (name === undefined || Token.isUnresolved(name)) return [];
  if (name.length <= LONGEST && ALLOWED.test(name)) return [];
  return [
    `'name' must be 1 to ${LONGEST} lower-case letters, digits and single hyphens, must start with a letter and must ` +
      `not end with a hyphen, got '${name}'; use for example '${similar(name)}'`,
  ];
}

/**
 * Returns the physical name of a construct.
 *
 * @param name the construct's `name` prop; @default - derived from the stack's name and the construct's path.
 * The derived name changes when the stack is renamed or the construct moves. It contains no region: give
 * constructs with account-wide names (CloudFront, AWS Budgets) a `name` when you deploy one stack to several regions.
 */
export function physicalName(scope: IConstruct, name?: string): string {
  if (name !== undefined) return name;
  const options = { maxLength: LONGEST, separator: '-', allowedSpecialCharacters: '-' };
  return Names.uniqueResourceName(scope, options).toLowerCase().replace(/-+/g, '-').replace(/-$/, '');
}

/**
 * Returns the physical name of a construct that checks nothing but its name.
 * @throws ConstructError if `name` is not valid
 */
export function validName(scope: IConstruct, name?: string): string {
  const problems = nameProblems(name);
  if (problems.length > 0) throw new ConstructError(scope, problems);
  return physicalName(scope, name);
}

/** The nearest name that is allowed. */
function similar(name: string): string {
  const near = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return near || 'shop-production';
}
