import { Names, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConstructError } from './construct-error';

const LONGEST = 40;
// A database cluster has the strictest rule: its identifier starts with a letter and has no double hyphens.
const ALLOWED = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Checks the `name` prop of a construct. Every construct of this package accepts the same names, so you can use one
 * name for all parts of an environment.
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
 * Returns the physical name of a construct. The derived name changes when you rename the stack or move the construct.
 * It contains no region: if you deploy one stack to several regions, set `name` for constructs whose names are unique
 * in an account (CloudFront, AWS Budgets).
 * @param name the construct's `name` prop; @default - derived from the stack's name and the construct's path
 */
export function physicalName(scope: IConstruct, name?: string): string {
  if (name !== undefined) return name;
  const options = { maxLength: LONGEST, separator: '-', allowedSpecialCharacters: '-' };
  return Names.uniqueResourceName(scope, options).toLowerCase().replace(/-+/g, '-').replace(/-$/, '');
}

/**
 * Validates the name of a construct that has nothing else to validate, and returns its physical name.
 * @throws ConstructError if `name` is not valid
 */
export function validName(scope: IConstruct, name?: string): string {
  const problems = nameProblems(name);
  if (problems.length > 0) throw new ConstructError(scope, problems);
  return physicalName(scope, name);
}

/** Returns a valid name that is similar. */
function similar(name: string): string {
  const near = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return near || 'shop-production';
}
