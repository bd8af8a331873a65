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
