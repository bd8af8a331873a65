import { parseExpression } from '@babel/parser';
import type { PackageManifest } from '../../application/package-manifest';
import { type Misplaced, misplaced } from '../rules/imported-packages';
import type { CheckedApplication } from '../sources/checked-application';
import type { Edit } from './edit';

const groups = ['dependencies', 'clientDependencies', 'serverDependencies', 'devDependencies'] as const;
type Groups = Partial<Record<(typeof groups)[number], Record<string, string>>>;

/** Moves packages to the group that their imports require. Leaves everything else in package.json unchanged. */
export async function dependencyEdits(application: CheckedApplication): Promise<Edit[]> {
  const moves = await misplaced(application);
  if (moves.length === 0) return [];
  return [{ file: 'package.json', rule: 'dependency-misplaced', apply: (text) => withMoves(text, moves) }];
}

function withMoves(text: string, moves: readonly Misplaced[]): string {
  // The byte order mark is not part of the JSON.
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const json = text.slice(mark.length);
  return `${mark}${withGroups(json, moved(JSON.parse(json) as PackageManifest, moves))}`;
}

/**
 * Returns the changed groups. npm installs neither clientDependencies nor serverDependencies, so their packages are
 * also in devDependencies.
 */
function moved(manifest: PackageManifest, moves: readonly Misplaced[]): Groups {
  const changed: Groups = {};
  const group = (name: (typeof groups)[number]) => (changed[name] ??= { ...manifest[name] });
  const versions = moves.map(({ name, from }) => manifest[from]![name]!);
  moves.forEach(({ name, from, to }, index) => {
    if (from !== 'devDependencies') delete group(from)[name];
    if (to === 'dependencies') {
      if (manifest.devDependencies?.[name] !== undefined) delete group('devDependencies')[name];
    } else add(group('devDependencies'), name, versions[index]!);
    add(group(to), name, versions[index]!);
  });
  return changed;
}

/** Inserts a package in alphabetical order, or at the end of an unsorted list. */
function add(group: Record<string, string>, name: string, version: string): void {
  if (group[name] !== undefined) return;
  const names = Object.keys(group);
  const isSorted = names.every((each, index) => index === 0 || names[index - 1]! < each);
  const later = isSorted ? names.filter((each) => each > name) : [];
  const rest = later.map((each) => [each, group[each]!] as const);
  for (const each of later) delete group[each];
  group[name] = version;
  for (const [each, value] of rest) group[each] = value;
}

/** Writes groups into the text of package.json, and keeps its indentation and line endings. */
function withGroups(text: string, changed: Groups): string {
  const [, end = '', indent = ''] = /^\s*\{(\r?\n)([ \t]+)"/.exec(text) ?? [];
  const top = parseExpression(text);
  const properties = top.type === 'ObjectExpression' ? top.properties : [];
  const found = new Map<string, { start: number; end: number; value: number }>();
  for (const each of properties)
    if (each.type === 'ObjectProperty' && each.key.type === 'StringLiteral')
      found.set(each.key.value, { start: each.start!, end: each.end!, value: each.value.start! });
  const literal = (value: object) =>
    JSON.stringify(value, null, indent).replaceAll('\n', `${end || '\n'}${indent}`);
  const edits = groups.flatMap((name, index) => {
    const value = changed[name];
    if (!value) return [];
    const own = found.get(name);
    if (own) return [{ from: own.value, to: own.end, text: literal(value) }];
    const property = `"${name}":${indent ? ' ' : ''}${literal(value)}`;
    const before = groups.slice(0, index).flatMap((each) => found.get(each) ?? []);
    const after = groups.slice(index).flatMap((each) => found.get(each) ?? [])[0];
    const last = before.at(-1);
    return last
      ? [{ from: last.end, to: last.end, text: `,${end}${indent}${property}` }]
      : [{ from: after!.start, to: after!.start, text: `${property},${end}${indent}` }];
  });
  return edits
    .sort((a, b) => a.from - b.from)
    .reduceRight((all, edit) => `${all.slice(0, edit.from)}${edit.text}${all.slice(edit.to)}`, text);
}
