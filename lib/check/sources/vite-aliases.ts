import { posix } from 'node:path';
import type { Client } from '../../application/detect-client';
import { applicationFolder } from '../../application/source/builtins';
import { type ConfigFile, readConfigFile, setting } from '../../application/source/config-file';
import { entriesOf } from '../../application/source/members';
import { textOf, type Value, valuesOf } from '../../application/source/value';
import type { ListedFile } from './list-files';
import type { Folders } from './sides';

interface Parts {
  readonly directory: string;
  readonly client: Client;
  readonly folders: Folders;
  readonly files: readonly ListedFile[];
}

/**
 * Returns the aliases in Vite's configuration, and those that templates of this kind use: name → folder in the
 * application.
 */
export function viteAliases({ directory, client, folders, files }: Parts): Record<string, string> {
  const aliases: Record<string, string> = {};
  const usual = { '@': folders.client && posix.join(folders.client, 'src'), '@shared': 'shared' };
  for (const [name, folder] of Object.entries(usual))
    if (folder && files.some(({ file }) => file.startsWith(`${folder}/`))) aliases[name] = `./${folder}`;
  const { viteConfig, inline } = client;
  if (viteConfig && files.some(({ file }) => file === viteConfig))
    addAliases(aliases, readConfigFile(directory, viteConfig), posix.dirname(viteConfig));
  if (inline) addAliases(aliases, inline.options, inline.packageFolder);
  return aliases;
}

/** Adds the aliases of a configuration. Relative paths in it start from a folder of the application. */
function addAliases(aliases: Record<string, string>, config: ConfigFile, folder: string): void {
  const add = (name: string | undefined, value: Value) => {
    const path = valuesOf(value)
      .map(textOf)
      .find((each) => each !== undefined);
    if (!name || path === undefined || /^[./]/.test(name)) return;
    const whole = posix.resolve(applicationFolder, folder, path.replace(/\/?\$1$/, ''));
    aliases[name.replace(/\/$/, '')] = `./${posix.relative(applicationFolder, whole)}`;
  };
  for (const value of valuesOf(setting(config, 'resolve', 'alias'))) {
    if (value.kind === 'object')
      for (const { name, value: operand } of entriesOf(config.evaluator, value))
        add(textOf(name), config.evaluator.operand(operand));
    if (value.kind === 'array')
      for (const item of value.items) {
        const entry = config.evaluator.operand(item);
        add(aliasName(config.evaluator.member(entry, 'find')), config.evaluator.member(entry, 'replacement'));
      }
  }
}

/** `@shared`, and what `/^@shared\/(.*)$/` begins with. */
function aliasName(find: Value): string | undefined {
  return find.kind === 'pattern'
    ? /^\^?([@~#$]?[\w-]*(?:\\?\/[\w-]+)*)(?:\\?\/)?(?:\(\.\*\))?\$?$/
        .exec(find.source)?.[1]
        ?.replaceAll('\\', '')
    : textOf(find);
}
