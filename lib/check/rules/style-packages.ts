import { posix } from 'node:path';
import { packageName } from '../../application/package-manifest';
import type { CheckedApplication } from '../sources/checked-application';
import { viteAliases } from '../sources/vite-aliases';

/** Bytes above which a style sheet is taken for made by a program. */
const largest = 300_000;
const named = /@(?:import|plugin|reference)\s+(?:url\(\s*)?["']([^"']+)["']/g;
const name = /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/;

/** Packages that style sheets of the client name → the first place. */
export function stylePackages(
  application: CheckedApplication,
): ReadonlyMap<string, { readonly file: string; readonly line: number }> {
  const found = new Map<string, { file: string; line: number }>();
  const aliases = Object.keys(viteAliases(application));
  const { client } = application.folders;
  for (const { file, size } of application.files) {
    if (!client || !file.startsWith(`${client}/`) || !file.endsWith('.css') || size > largest) continue;
    const text = (application.text(file) ?? '').replace(/\/\*[\s\S]*?\*\//g, (comment) =>
      comment.replace(/[^\n]/g, ' '),
    );
    for (const { 1: path = '', index } of text.matchAll(named)) {
      const plain = path.replace(/^~/, '');
      const isFile = /^([./#]|\w+:)/.test(plain) || application.has(posix.join(posix.dirname(file), plain));
      const isAlias = aliases.some((alias) => plain === alias || plain.startsWith(`${alias}/`));
      const of = packageName(plain);
      if (isFile || isAlias || !name.test(of) || found.has(of)) continue;
      found.set(of, { file, line: text.slice(0, index).split('\n').length });
    }
  }
  return found;
}
