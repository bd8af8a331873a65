import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownConfiguration } from '../../config';
import type { Decisions } from './decide';

const name = 'framework53.config.ts';
const head = `// Written by \`framework53 init\`, which shows a difference before it writes this file again. The file holds what differs
// from the defaults; all settings: node_modules/framework53-cdk/docs/configuration.md
import type { Configuration } from 'framework53-cdk/app';
`;

/** The text of `framework53.config.ts` before and after the decisions. */
export interface ConfigFile {
  readonly path: string;
  readonly state: 'new' | 'same' | 'changed';
  /** Current text of the file; empty if the file does not exist. */
  readonly before: string;
  readonly text: string;
}

type Tree = { [key: string]: unknown };

/** Adds the decisions to an application's configuration file. The text stays the same if nothing is missing. */
export function configFile(directory: string, decisions: Decisions): ConfigFile {
  const path = join(directory, name);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (before && decisions.length === 0) return { path, state: 'same', before, text: before };
  const own = ownConfiguration(directory) as Tree;
  const tree: Tree = { ...own, default: structuredClone(own['default'] ?? {}) };
  const comments = new Map<string, string>();
  for (const { path: keys, value, because } of decisions) {
    const all = ['default', ...keys];
    let at = tree;
    for (const key of all.slice(0, -1)) {
      at[key] = { ...(at[key] as Tree | undefined) };
      at = at[key] as Tree;
    }
    at[all.at(-1)!] = value;
    comments.set(all.join('.'), because);
  }
  const text = `${head}\nexport default ${literal(tree, [], comments)} satisfies Configuration;\n`;
  return { path, state: before ? (before === text ? 'same' : 'changed') : 'new', before, text };
}

/** Writes a value as TypeScript, with a comment above each key that has one. */
function literal(value: unknown, path: readonly string[], comments: ReadonlyMap<string, string>): string {
  const indent = '  '.repeat(path.length);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, path, comments)).join(', ')}]`;
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'").replaceAll('\\"', '"')}'`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.flatMap(([key, item]) => {
    const inner = [...path, key];
    const comment = comments.get(inner.join('.'));
    const named = /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key, path, comments);
    return [
      ...(comment ? [`${indent}  // ${sentence(comment)}`] : []),
      `${indent}  ${named}: ${literal(item, inner, comments)},`,
    ];
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
