import { createHash } from 'node:crypto';
import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFile } from '../files/is-file';
import { readText } from '../files/read-text';
import type { Assembly, Template } from './core/assembly';

/**
 * Writes the plan of a second release: the same plan with another image and pointer.
 * @param salt text that the new names depend on
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
    if (name.endsWith('.json') && isFile(join(directory, name)))
      writeFileSync(path, renamed(readText(join(directory, name))));
    else symlinkSync(join(directory, name), path);
  }
  return to;
}

function imageHashes({ Resources }: Template): string[] {
  const definitions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
  return [...JSON.stringify(definitions).matchAll(/:([0-9a-f]{64})"/g)].map(([, hash]) => hash!);
}

/**
 * Returns the values of the pointer: the release id, or texts that begin with it. It is also the folder name of the
 * client files.
 */
function pointers({ Resources }: Template): string[] {
  return Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
    if (!Type.startsWith('Custom::') || !('KeyValueStoreArn' in Properties)) return [];
    const value = String(Properties['Value']).split(' ')[0]!;
    return /^[0-9a-f]{16,}/.exec(value) ?? [value];
  });
}
