import type { CheckedApplication } from '../sources/checked-application';

const known = new WeakMap<CheckedApplication, Map<'client' | 'server', Promise<ReadonlySet<string>>>>();

/**
 * Returns the modules of a side, and all modules that they import at run time, directly or through others. Modules of
 * the other side are excluded, because the import rules report them.
 */
export function reachedFrom(
  application: CheckedApplication,
  side: 'client' | 'server',
): Promise<ReadonlySet<string>> {
  const sides = known.get(application) ?? new Map<'client' | 'server', Promise<ReadonlySet<string>>>();
  known.set(application, sides);
  const found = sides.get(side) ?? read(application, side);
  sides.set(side, found);
  return found;
}

async function read(
  application: CheckedApplication,
  side: 'client' | 'server',
): Promise<ReadonlySet<string>> {
  const { imports } = await application.imports();
  const other = side === 'client' ? 'server' : 'client';
  const reached = new Set([...imports.keys()].filter((file) => application.sideOf(file) === side));
  for (const file of reached)
    for (const edge of imports.get(file) ?? []) {
      if (edge.file === undefined || reached.has(edge.file) || application.sideOf(edge.file) === other)
        continue;
      if (application.runs(file, edge)) reached.add(edge.file);
    }
  return reached;
}
