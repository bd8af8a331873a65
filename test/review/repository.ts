import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, write } from './assembly-folder';

/** A git repository in a temporary folder. */
export class Repository {
  readonly folder = temporaryFolder();

  constructor(files: Readonly<Record<string, unknown>>, branch = 'main') {
    this.git('init', '--quiet', '--initial-branch', branch);
    this.commit(files);
  }

  git(...args: string[]): string {
    // The settings of this machine must have no effect.
    const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
    return execFileSync('git', [...identity, '-c', 'commit.gpgsign=false', ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  commit(files: Readonly<Record<string, unknown>>): string {
    write(this.folder, files);
    this.git('add', '--all', '--force');
    this.git('commit', '--quiet', '--allow-empty', '--message', 'A change');
    return this.git('rev-parse', 'HEAD');
  }

  /** Files that git does not know. */
  write(files: Readonly<Record<string, unknown>>): void {
    write(this.folder, files);
  }

  hook(name: string, script: string): void {
    const file = join('.git', 'hooks', name);
    write(this.folder, { [file]: `#!/bin/sh\n${script}\n` });
    chmodSync(join(this.folder, file), 0o755);
  }

  /** Folders that git works in. */
  worktrees(): string[] {
    return this.git('worktree', 'list', '--porcelain').match(/^worktree .+$/gm) ?? [];
  }
}

/**
 * A command that takes `framework53 synth`'s words and writes an assembly with a bucket called as `name.txt` of the
 * application says, and tells where it ran and what the modules it finds are.
 */
export const COMMAND = `
const { readFileSync, writeFileSync, mkdirSync } = require('node:fs');
const { join } = require('node:path');
const words = process.argv.slice(2);
const option = (name) => words[words.indexOf('--' + name) + 1];
const app = option('app');
const name = readFileSync(join(app, 'name.txt'), 'utf8').trim();
if (name === 'fails') { console.error('the reason'); process.exit(1); }
const found = {};
for (const id of ['library', '@team/shared']) {
  try { found[id] = require(require.resolve(id, { paths: [app] })); } catch { found[id] = null; }
}
const out = option('out');
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'manifest.json'), JSON.stringify({ version: '55.0.0', artifacts: { shop: {
  type: 'aws:cloudformation:stack', properties: { templateFile: 'shop.template.json' } } } }));
writeFileSync(join(out, 'shop.template.json'), JSON.stringify({ Resources: { Files: { Type: 'AWS::S3::Bucket',
  Properties: { BucketName: name, Environment: option('env'), Command: __filename, App: app, Found: found,
    Cache: process.env.XDG_CACHE_HOME, Words: words[0] } } } }));
if (name === 'hangs') require('node:net').connect(Number(process.env.HANG_ON), '127.0.0.1');
`;
