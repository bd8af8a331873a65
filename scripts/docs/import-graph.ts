import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const FOLDERS = ['bin', 'cli', 'config', 'constructs', 'lib', 'scripts'];

/** Sources, by their paths relative to the checkout, with the sources that each imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Reads the imports of all sources: of values and of types, static and with `import()`. */
export function readImports(root: string): ImportGraph {
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /(?<!\.d)\.ts$/.test(path))
    .sort();
  return new Map(
    sources.map((path) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, path), 'utf8'), true, true);
      return [path, importedFiles.flatMap(({ fileName }) => imported(root, path, fileName) ?? [])];
    }),
  );
}

function imported(root: string, from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = join(from, '..', specifier).replaceAll('\\', '/').replace(/\.js$/, '');
  return [`${path}.ts`, `${path}/index.ts`].find((file) => existsSync(join(root, file)));
}

/**
 * Returns the folder of a source: below `constructs`, `lib` and `scripts` the next folder, otherwise the top folder.
 */
export function roomOfSource(path: string): string {
  const [top, folder, file] = path.split('/');
  if (!['constructs', 'lib', 'scripts'].includes(top!)) return top!;
  // A file outside the folders is an entry that imports them, or serves all of them, so it is a node of its own.
  return file === undefined ? path : `${top}/${folder}`;
}

/**
 * Returns the folders, with the folders that each imports from.
 * @param roomOf the folder of a source
 */
export function roomImports(imports: ImportGraph, roomOf = roomOfSource): ImportGraph {
  const rooms = new Map<string, Set<string>>();
  for (const [path, targets] of imports) {
    const room = roomOf(path);
    const others = rooms.get(room) ?? new Set();
    rooms.set(room, others);
    for (const target of targets) if (roomOf(target) !== room) others.add(roomOf(target));
  }
  return new Map([...rooms].map(([room, others]) => [room, [...others].sort()]));
}
