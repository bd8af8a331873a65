import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { keptFolder } from '../../files/cache-folder';
import { CACHE, signal, type Workspace } from '../core/workspace';

/** The instructions of a Dockerfile that affect the start of a container. */
interface Recipe {
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Words of the `npm ci` command, with the variables that are set in front of it; undefined without one. */
  readonly install?: readonly string[];
}

/** A container image without a container: a folder with the files of its working directory. */
export class Image {
  private constructor(
    /** Folder on this machine for `recipe.workdir`. */
    readonly folder: string,
    readonly recipe: Recipe,
  ) {}

  /** Builds the image of a build context, including its packages. */
  static async build(
    workspace: Workspace,
    name: string,
    context: string,
    say: (line: string) => void,
  ): Promise<Image> {
    const recipe = readRecipe(readFileSync(join(context, 'Dockerfile'), 'utf8'));
    const folder = workspace.folder('images', name.replace(/\W/g, ''));
    cpSync(realpathSync(context), folder, { recursive: true });
    if (recipe.install && !existsSync(join(folder, 'node_modules')))
      symlinkSync(await installed(workspace, context, recipe.install, say), join(folder, 'node_modules'));
    return new Image(folder, recipe);
  }

  /** Replaces a file with certificates. Does nothing if the image has no file at that path. */
  exchangeCertificates(path: string, certificate: string): void {
    const file = this.local(path);
    if (existsSync(file) && readFileSync(file, 'utf8').includes('BEGIN CERTIFICATE'))
      writeFileSync(file, certificate);
  }

  /** Maps a path of the image to the path on this machine. Returns other words unchanged. */
  local(word: string): string {
    const { workdir } = this.recipe;
    return word === workdir || word.startsWith(`${workdir}/`)
      ? join(this.folder, word.slice(workdir.length))
      : word;
  }
}

function readRecipe(dockerfile: string): Recipe {
  const lines = dockerfile.replace(/\\\n/g, ' ').split('\n');
  const last = lines.findLastIndex((line) => /^FROM /i.test(line));
  const said = (word: string): string[] =>
    lines
      .slice(last)
      .flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1).trim()] : []));
  const pairs = said('ENV').flatMap((line) => [...line.matchAll(/(\w+)=("[^"]*"|\S+)/g)]);
  const install = /^RUN ((?:\w+=\S+ )*npm ci[^&|;]*)/m.exec(dockerfile)?.[1];
  return {
    workdir: said('WORKDIR').at(-1) ?? '/',
    environment: Object.fromEntries(pairs.map(([, name, value]) => [name!, value!.replace(/^"|"$/g, '')])),
    command: JSON.parse(said('CMD').at(-1) ?? '[]') as string[],
    install: install?.trim().split(/\s+/),
  };
}

/** Installs the packages of a manifest and its lockfile once, and caches them. */
async function installed(
  workspace: Workspace,
  context: string,
  words: readonly string[],
  say: (line: string) => void,
): Promise<string> {
  const files = ['package.json', 'package-lock.json'].map((name) => readFileSync(join(context, name)));
  const key = createHash('sha256').update(process.version.split('.')[0]!);
  for (const file of files) key.update(file);
  const folder = join(CACHE, 'packages', key.digest('hex').slice(0, 16));
  await keptFolder(folder, async (copy) => {
    mkdirSync(join(copy, 'node_modules'));
    for (const name of ['package.json', 'package-lock.json'])
      copyFileSync(join(context, name), join(copy, name));
    say(`${words.join(' ')} (once for these packages)`);
    await new Promise<void>((resolve, reject) => {
      const child = workspace.start('env', [...words, '--prefer-offline'], {
        cwd: copy,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout!, child.stderr!])
        stream.on('data', (chunk) => {
          output += chunk;
        });
      const limit = setTimeout(() => signal(child, 'SIGKILL'), 300_000);
      child.once('error', reject).once('exit', (code) => {
        clearTimeout(limit);
        if (code === 0) return resolve();
        reject(
          new Error(
            `installing the image's packages failed: ${words.join(' ')} ended with ${code}\n${output.slice(-1500)}`,
          ),
        );
      });
    });
  });
  return join(folder, 'node_modules');
}
