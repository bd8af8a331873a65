import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AssetManifest, assetPath } from './manifest';

/** JSON in which the order of keys makes no difference. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * Digest of all assets: where each goes to, and its bytes. Templates are assets too, as they were written; what
 * counts of them is digested by the reader.
 */
export function assetsDigest(
  assemblies: readonly { readonly directory: string; readonly manifests: readonly AssetManifest[] }[],
): string {
  const lines = assemblies.flatMap(({ directory, manifests }) =>
    manifests.flatMap(({ files = {}, dockerImages = {} }) =>
      [...Object.values(files), ...Object.values(dockerImages)]
        .filter(({ source }) => !/\.template\.json$/.test(('path' in source && source.path) || ''))
        .map((asset) => {
          const { path, directory: folder } = asset.source as { path?: string; directory?: string };
          const at = assetPath(directory, path ?? folder ?? '');
          const { displayName: _, ...rest } = asset as { displayName?: string };
          return `${canonical(rest)} ${at && (path || folder) ? contents(at) : ''}`;
        }),
    ),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/** Of the files' names, bytes and links, of no time and no owner. */
function contents(path: string): string {
  if (!existsSync(path)) return 'missing';
  const hash = createHash('sha256');
  const add = (at: string, name: string): void => {
    if (lstatSync(at).isDirectory())
      for (const entry of readdirSync(at).sort()) add(join(at, entry), `${name}/${entry}`);
    else if (lstatSync(at).isFile())
      hash.update(`${name}\n`).update(createHash('sha256').update(readFileSync(at)).digest());
  };
  add(path, '');
  return hash.digest('hex');
}
