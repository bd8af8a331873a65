import type { Node } from 'libpg-query';
import { definitionOf, isCompatible } from '../catalog/definitions';
import type { Dropped } from '../catalog/named-objects';
import { as } from '../syntax-tree';
import type { Context, Rules } from './rule';

const replaceable = ['view', 'matview', 'function', 'procedure', 'routine', 'trigger'];

/** Returns true if a `DROP` only clears the way for a new definition. Another rule then judges the new definition. */
export function isRecreated(
  { kind, name, object, cascade }: Dropped,
  { catalog, madeAgain }: Context,
): boolean {
  const again = madeAgain(kind, name);
  if (!again) return false;
  // CASCADE also drops the dependent objects, which the migration does not create again.
  if (
    cascade &&
    catalog.usersOf(name).some((user) => !madeAgain('relation', user) && !madeAgain('attached', user))
  )
    return false;
  if (replaceable.includes(object)) return true;
  const before = object === 'policy' ? catalog.get(kind, name)?.definitions.get('') : undefined;
  return before !== undefined && isCompatible(before, again);
}

/** Returns the name of an object that a statement redefines while the running server may use the former definition. */
function replaced(node: Node, { catalog, now }: Context): string[] {
  const definition = definitionOf(node);
  // The statement that drops the old policy reports a different one.
  if (!definition || as(node, 'CreatePolicyStmt')) return [];
  const { kind, name, variant, replaces } = definition;
  const display = name.slice(name.indexOf('.') + 1);
  const gone = catalog.droppedIn(kind, name, now);
  if (gone) {
    // The DROP is there only in case the object exists.
    if (gone.ifExists && !gone.known) return [];
    const before = gone.known?.definitions.get(variant);
    if (gone.known && gone.known.release === now.release) return [];
    return before && isCompatible(before, node) ? [] : [display];
  }
  const known = replaces && catalog.isOld(kind, name, now) ? catalog.get(kind, name) : undefined;
  const before = known?.definitions.get(variant);
  return before && !isCompatible(before, node) ? [display] : [];
}

export const replacedRules = {
  'replace-object': {
    contracts: true,
    why: 'The previous server gets the new behavior at once. A rollback to that server does not restore the old definition.',
    fix: [
      'now: create the new object under another name, and release a server that uses it',
      'the release after it: drop the old one',
      'or: keep every column and every result of the old definition, and allow the statement with that reason',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-createfunction.html#SQL-CREATEFUNCTION-NOTES',
    check: (node, context) => (context.now.release === 0 ? [] : replaced(node, context)),
  },
} satisfies Rules;
