import type { CheckedApplication } from '../sources/checked-application';
import type { ImportEdge, ImportGraph } from '../sources/import-graph';
import { serverOnlyReason } from './server-only';

/** One import in a chain of imports. */
export interface Step {
  readonly file: string;
  readonly line: number;
}

/** A chain of imports from one side to the other. */
export interface Crossing {
  /** Imports from the first module of the side to the last one, which crosses. */
  readonly chain: readonly Step[];
  /** File or package of the last import. */
  readonly target: string;
  /** A clause that explains why the target needs a server; absent for a module of the other side. */
  readonly reason?: string;
}

const known = new WeakMap<CheckedApplication, Promise<readonly Crossing[]>>();

/** Returns the chains by which the client imports server modules and server packages. */
export function clientCrossings(application: CheckedApplication): Promise<readonly Crossing[]> {
  let found = known.get(application);
  if (!found) {
    found = application.imports().then((graph) => crossingsOf(application, graph, 'client'));
    known.set(application, found);
  }
  return found;
}

/** Returns the chains by which the server imports client modules. */
export async function serverCrossings(application: CheckedApplication): Promise<readonly Crossing[]> {
  return crossingsOf(application, await application.imports(), 'server');
}

function crossingsOf(
  application: CheckedApplication,
  { imports }: ImportGraph,
  from: 'client' | 'server',
): Crossing[] {
  const other = from === 'client' ? 'server' : 'client';
  const isTarget = (edge: ImportEdge) =>
    edge.file !== undefined
      ? application.sideOf(edge.file) === other
      : from === 'client' && serverOnlyReason(edge.package!, application.manifest) !== undefined;
  const leading = leadingTo(imports, isTarget);
  const starts = [...imports.keys()].filter((file) => application.sideOf(file) === from).sort();
  const found: Crossing[] = [];
  const arrived = new Map<string, readonly Step[]>(starts.map((file) => [file, []]));
  for (const [file, before] of arrived) {
    if (!leading.has(file)) continue;
    for (const edge of imports.get(file) ?? []) {
      const isEnd = isTarget(edge);
      if (!isEnd && !(edge.file !== undefined && leading.has(edge.file) && !arrived.has(edge.file))) continue;
      const line = application.lineOf(file, edge);
      if (line === undefined) continue;
      const chain = [...before, { file, line }];
      if (!isEnd) arrived.set(edge.file!, chain);
      else found.push(crossingTo(application, edge, chain));
    }
  }
  return found;
}

function crossingTo(application: CheckedApplication, edge: ImportEdge, chain: readonly Step[]): Crossing {
  const reason = edge.package && serverOnlyReason(edge.package, application.manifest);
  return { chain, target: edge.file ?? edge.package!, ...(reason && { reason }) };
}

/** Returns the modules from which a wanted import can be reached. */
function leadingTo(
  imports: ImportGraph['imports'],
  isTarget: (edge: ImportEdge) => boolean,
): ReadonlySet<string> {
  const importers = new Map<string, string[]>();
  const leading = new Set<string>();
  for (const [file, edges] of imports)
    for (const edge of edges) {
      if (isTarget(edge)) leading.add(file);
      if (edge.file === undefined) continue;
      const list = importers.get(edge.file);
      if (list) list.push(file);
      else importers.set(edge.file, [file]);
    }
  for (const file of leading) for (const importer of importers.get(file) ?? []) leading.add(importer);
  return leading;
}

/** Returns a chain such as `client/src/app.tsx:3 → shared/user.ts:1 → server/db.ts`. */
export function chainText({ chain, target }: Crossing): string {
  return [...chain.map(({ file, line }) => `${file}:${line}`), target].join(' → ');
}
