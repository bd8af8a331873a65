import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly, Template } from './core/assembly';

/**
 * Writes the plan of a next release: the same one, under other names of its image and its pointer.
 *
 * @param salt the new names depend on it
 */
export function nextRelease({ directory, stacks }: Assembly, to: string, salt: string): string {
  const rename = new Map<string, string>();
  const other = (name: string): string =>
    createHash('sha256')
      .update(salt + name)
      .digest('hex')
      .slice(0, name.length);
  for (const { template } of stacks)
    for (const name of [...imageHashes(template), ...pointers(template)]) rename.set(name, other(name));
  const renamed = (text: string): string => {
    for (const [name, next] of rename) text = text.replaceAll(name, next);
    return text;
  };
  for (const name of readdirSync(directory)) {
    const path = join(to, renamed(name));
    if (name.endsWith('.json')) writeFileSync(path, renamed(readFileSync(join(directory, name), 'utf8')));
    else symlinkSync(join(directory, name), path);
  }
  return to;
}

function imageHashes({ Resources }: Template): string[] {
  const definitions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
  return [...JSON.stringify(definitions).matchAll(/:([0-9a-f]{64})"/g)].map(([, hash]) => hash!);
}

/** Values of the pointer: the release's id, or texts that begin with it. The folder of the client's files has that name. */
function pointers({ Resources }: Template): string[] {
  return Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
    if (!Type.startsWith('Custom::') || !('KeyValueStoreArn' in Properties)) return [];
    const value = String(Properties['Value']).split(' ')[0]!;
    return /^[0-9a-f]{16,}/.exec(value) ?? [value];
  });
}
