import type { Node } from 'libpg-query';
import { definitionOf, keepsPromises } from '../catalog/definitions';
import type { Dropped } from '../catalog/made';
import { as } from '../syntax-tree';
import type { Context, Rules } from './rule';

const replaceable = ['view', 'matview', 'function', 'procedure', 'routine', 'trigger'];

/** Returns true if a `DROP` only makes way for a new definition, which is then judged instead. */
export function isMadeAgain(
  { kind, name, object, cascade }: Dropped,
  { catalog, madeAgain }: Context,
): boolean {
  const again = madeAgain(kind, name);
  if (!again) return false;
  // CASCADE takes what is made of it, too, which nobody makes again.
  if (
    cascade &&
    catalog.usersOf(name).some((user) => !madeAgain('relation', user) && !madeAgain('attached', user))
  )
    return false;
  if (replaceable.includes(object)) return true;
  const before = object === 'policy' ? catalog.get(kind, name)?.definitions.get('') : undefined;
  return before !== undefined && keepsPromises(before, again);
}

/** The name of what a statement defines anew while the running server may use what was there. */
function replaced(node: Node, { catalog, now }: Context): string[] {
  const definition = definitionOf(node);
  // Another policy is found where the old one is dropped.
  if (!definition || as(node, 'CreatePolicyStmt')) return [];
  const { kind, name, variant, replaces } = definition;
  const display = name.slice(name.indexOf('.') + 1);
  const gone = catalog.goneIn(kind, name, now);
  if (gone) {
    // Dropped only in case it was there.
    if (gone.ifExists && !gone.known) return [];
    const before = gone.known?.definitions.get(variant);
    if (gone.known && gone.known.release === now.release) return [];
    return before && keepsPromises(before, node) ? [] : [display];
  }
  const known = replaces && catalog.isOld(kind, name, now) ? catalog.get(kind, name) : undefined;
  const before = known?.definitions.get(variant);
  return before && !keepsPromises(before, node) ? [display] : [];
}

export const replacedRules = {
  'replace-object': {
    contracts: true,
    why: 'The previous server goes on using it and gets the new behaviour at once; going back to that server does not bring the old one back.',
    fix: [
      'now: make the new one beside it under another name, and a server that uses that',
      'the release after it: drop the old one',
      'or keep every column and every answer it gave, and allow it with that reason',
    ],
    link: 'https://www.postgresql.org/docs/17/sql-createfunction.html#SQL-CREATEFUNCTION-NOTES',
    check: (node, context) => (context.now.release === 0 ? [] : replaced(node, context)),
  },
} satisfies Rules;
