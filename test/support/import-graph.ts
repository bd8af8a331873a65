import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const ROOT = join(__dirname, '..', '..');
const FOLDERS = ['bin', 'cli', 'config', 'constructs', 'lib', 'scripts'];

/** Paths of all sources, relative to the checkout. */
export const sources: readonly string[] = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
)
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /(?<!\.d)\.ts$/.test(path))
  .sort();

/** The sources that each source imports, types and `import()` included. */
export const imports: ReadonlyMap<string, readonly string[]> = new Map(
  sources.map((path) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, path), 'utf8'), true, true);
    return [path, importedFiles.flatMap(({ fileName }) => found(path, fileName) ?? [])];
  }),
);

function found(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = join(from, '..', specifier).replaceAll('\\', '/').replace(/\.js$/, '');
  return [`${path}.ts`, `${path}/index.ts`].find((file) => existsSync(join(ROOT, file)));
}

/** The groups of nodes that reach each other. */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const reached = new Map([...graph.keys()].map((node) => [node, reach(graph, node)]));
  const groups = new Map<string, string[]>();
  for (const [node, there] of reached) {
    const group = [...there].filter((other) => reached.get(other)?.has(node)).sort();
    if (group.length > 0) groups.set(group.join(), group);
  }
  return [...groups.values()];
}

function reach(graph: ReadonlyMap<string, readonly string[]>, start: string): Set<string> {
  const there = new Set<string>();
  const waiting = [...(graph.get(start) ?? [])];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (there.has(node)) continue;
    there.add(node);
    waiting.push(...(graph.get(node) ?? []));
  }
  return there;
}

/** The room of a source: the folder below `constructs`, `lib` and `scripts`, else the top folder. */
export function roomOf(path: string): string {
  const [top, folder, file] = path.split('/');
  if (!['constructs', 'lib', 'scripts'].includes(top!)) return top!;
  // Loose files: an entry that imports the rooms, or what all of them use.
  return file === undefined ? path.replace(/\.ts$/, '') : `${top}/${folder}`;
}

/** The rooms that each room imports from. */
export function roomImports(): Map<string, string[]> {
  const rooms = new Map<string, Set<string>>();
  for (const [path, targets] of imports) {
    const room = roomOf(path);
    const others = rooms.get(room) ?? new Set();
    rooms.set(room, others);
    for (const target of targets) if (roomOf(target) !== room) others.add(roomOf(target));
  }
  return new Map([...rooms].map(([room, others]) => [room, [...others].sort()]));
}
