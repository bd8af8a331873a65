import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { copyPlan, digestOfPlan } from '../../lib/review/plan-digest';
import { assemblyFiles, bucket, removeFolders, temporaryFolder, VERSION, write } from './assembly-folder';

afterAll(removeFolders);

const asset = (source: object) => ({ files: { abc: { source, destinations: {} } } });
/** An assembly with one stack and one asset. */
function assembly(more: Record<string, unknown> = {}): string {
  const files = assemblyFiles({ Files: bucket('files') });
  const { artifacts } = files['manifest.json'] as { artifacts: object };
  return write(temporaryFolder(), {
    ...files,
    'manifest.json': {
      version: VERSION,
      artifacts: {
        ...artifacts,
        assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
        Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
      },
    },
    'assets.json': asset({ path: 'asset.abc', packaging: 'zip' }),
    'asset.abc/index.js': 'one',
    'asset.abc/lib/tree.json': '{}',
    'tree.json': '{}',
    ...more,
  });
}

describe('a copy of a plan', () => {
  test('has the same digest, and no file outside the digest', () => {
    const from = assembly({ 'notes.txt': 'not deployed', '.cache/abc.zip': 'not deployed' });
    const to = temporaryFolder();
    expect(copyPlan(from, to)).toBe(digestOfPlan(from));
    expect(digestOfPlan(to)).toBe(digestOfPlan(from));
    expect(readdirSync(to).sort()).toEqual([
      'asset.abc',
      'assets.json',
      'manifest.json',
      'shop-data.template.json',
    ]);
    expect(readFileSync(join(to, 'asset.abc/lib/tree.json'), 'utf8')).toBe('{}');
  });

  test('keeps links between its files, as content of the digest', () => {
    const from = assembly();
    const before = digestOfPlan(from);
    symlinkSync('index.js', join(from, 'asset.abc/main.js'));
    const to = temporaryFolder();
    expect(copyPlan(from, to)).toBe(digestOfPlan(from));
    expect(digestOfPlan(from)).not.toBe(before);
    expect(readFileSync(join(to, 'asset.abc/main.js'), 'utf8')).toBe('one');
  });

  test('includes the assemblies of stages', () => {
    const from = assembly();
    const stage = { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-stage' } };
    const manifest = JSON.parse(readFileSync(join(from, 'manifest.json'), 'utf8'));
    manifest.artifacts.stage = stage;
    writeFileSync(join(from, 'manifest.json'), JSON.stringify(manifest));
    mkdirSync(join(from, 'assembly-stage'));
    write(join(from, 'assembly-stage'), assemblyFiles({ Files: bucket('stage') }));
    const to = temporaryFolder();
    expect(copyPlan(from, to)).toBe(digestOfPlan(from));
    expect(readdirSync(join(to, 'assembly-stage')).sort()).toEqual([
      'manifest.json',
      'shop-data.template.json',
    ]);
  });
});

describe('fails to copy', () => {
  test.each([
    ['an asset that is not there', { 'assets.json': asset({ path: 'asset.gone' }) }, 'has no asset.gone'],
    ['an asset outside of it', { 'assets.json': asset({ path: '../secret' }) }, 'is outside the folder'],
    [
      'an asset that a program makes',
      { 'assets.json': asset({ executable: ['sh'] }) },
      'a program builds asset',
    ],
  ])('%s', (_, changes, problem) => {
    expect(() => copyPlan(assembly(changes), temporaryFolder())).toThrow(problem);
  });

  test.each([
    ['an absolute link', '/etc/hostname'],
    ['a link out of it', '../../..'],
    ['a link to nothing', 'gone.js'],
  ])('%s', (_, link) => {
    const from = assembly();
    symlinkSync(link, join(from, 'asset.abc/link'));
    expect(() => copyPlan(from, temporaryFolder())).toThrow('asset.abc/link leads out of the folder');
  });

  test('a link that leads outside through other links', () => {
    const from = assembly();
    symlinkSync('.', join(from, 'asset.abc/here'));
    symlinkSync('here/here/here/../../..', join(from, 'asset.abc/out'));
    expect(() => copyPlan(from, temporaryFolder())).toThrow('asset.abc/out leads out of the folder');
  });
});
