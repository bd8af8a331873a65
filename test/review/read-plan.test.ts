import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Manifest } from 'aws-cdk-lib/cloud-assembly-schema';
import { afterAll, describe, expect, test } from 'vitest';
import { EMPTY_PLAN, readPlan } from '../../lib/review/read-plan';
import { testEnvironment } from '../support/environment';
import { assemblyFiles, bucket, removeFolders, temporaryFolder, VERSION, write } from './assembly-folder';

afterAll(removeFolders);

const files = assemblyFiles({ Files: bucket('files') });
const folder = (changes: Record<string, unknown> = {}) => write(temporaryFolder(), { ...files, ...changes });
const stackOf = (file: string, more: object = {}) => ({
  version: VERSION,
  artifacts: { shop: { type: 'aws:cloudformation:stack', properties: { templateFile: file }, ...more } },
});

describe('reads', () => {
  test('name, target and resources of a stack', async () => {
    const { stacks } = await readPlan(folder());
    expect(stacks).toMatchObject([
      {
        name: 'shop-data',
        region: 'eu-west-1',
        terminationProtection: true,
        constructPaths: { Files: 'shop-data/files/Resource' },
        acknowledgements: {},
        warnings: [],
      },
    ]);
    expect(stacks[0]!.template.Resources!['Files']!.Type).toBe('AWS::S3::Bucket');
  });

  test('construct paths and acknowledgements from the metadata, also from a separate file', async () => {
    const metadata = {
      '/shop/Files/Resource': [{ type: 'aws:cdk:logicalId', data: 'Files' }],
      '/shop/Files': [{ type: 'aws:cdk:acknowledged-rules', data: { 'Pack::S1': 'logs go elsewhere' } }],
    };
    for (const more of [{ metadata }, { additionalMetadataFile: 'shop.metadata.json' }]) {
      const { stacks } = await readPlan(
        write(temporaryFolder(), {
          'manifest.json': stackOf('shop.template.json', more),
          'shop.template.json': { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
          'shop.metadata.json': metadata,
        }),
      );
      expect(stacks[0]).toMatchObject({
        constructPaths: { Files: 'shop/Files/Resource' },
        acknowledgements: { 'shop/Files': { 'Pack::S1': 'logs go elsewhere' } },
      });
    }
  });

  test('build warnings and the folder of the migrations, which the release stack carries', async () => {
    const data = { text: 'server/index.ts:3: sessions are kept in memory', secret: false, note: true };
    const metadata = {
      '/shop': [
        { type: 'framework53:warning', data },
        { type: 'framework53:migrations-folder', data: 'server/drizzle' },
        { type: 'aws:cdk:warning', data: 'x' },
      ],
    };
    const { stacks } = await readPlan(
      write(temporaryFolder(), {
        'manifest.json': stackOf('a.json', { metadata }),
        'a.json': { Resources: {} },
      }),
    );
    expect(stacks[0]!.warnings).toEqual([data]);
    expect(stacks[0]!.migrationsFolder).toBe('server/drizzle');
  });

  test('a stack without resources, for which the CDK omits the key', async () => {
    const files = { 'manifest.json': stackOf('a.json'), 'a.json': { Outputs: {} } };
    const { stacks } = await readPlan(write(temporaryFolder(), files));
    expect(stacks[0]!.template.Resources).toEqual({});
  });

  test('stages, and stacks within stacks', async () => {
    const nested = {
      Type: 'AWS::CloudFormation::Stack',
      Metadata: { 'aws:asset:path': 'inner.nested.template.json' },
    };
    const { stacks } = await readPlan(
      write(temporaryFolder(), {
        'manifest.json': {
          version: VERSION,
          artifacts: {
            stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-stage' } },
          },
        },
        'assembly-stage/manifest.json': stackOf('outer.template.json'),
        'assembly-stage/outer.template.json': { Resources: { Inner: nested } },
        'assembly-stage/inner.nested.template.json': { Resources: { Files: bucket('files') } },
      }),
    );
    expect(stacks.map(({ name }) => name)).toEqual(['shop', 'shop/Inner']);
  });

  test('stacks in the order of deployment', async () => {
    const artifact = (dependencies: string[]) => ({
      type: 'aws:cloudformation:stack',
      dependencies,
      properties: { templateFile: 'a.template.json' },
    });
    const { stacks } = await readPlan(
      write(temporaryFolder(), {
        'manifest.json': { version: VERSION, artifacts: { a: artifact(['b']), b: artifact(['a']) } },
        'a.template.json': { Resources: { Files: bucket('files') } },
      }),
    );
    expect(stacks.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  test('a synthesised environment of this package', { timeout: 120_000 }, async () => {
    const { app } = testEnvironment('production');
    const { stacks, migrations } = await readPlan(app.synth().directory);
    expect(stacks.map(({ name }) => name)).toEqual([
      'shop-production-data',
      'shop-production-release',
      'shop-production-operations',
    ]);
    for (const { template, constructPaths } of stacks)
      expect(Object.keys(constructPaths)).toEqual(
        expect.arrayContaining(Object.keys(template.Resources ?? {})),
      );
    expect(Object.keys(stacks[1]!.acknowledgements!).length).toBeGreaterThan(5);
    expect(migrations).toEqual([]);
  });
});

describe('migrations', () => {
  const task = { Type: 'AWS::ECS::TaskDefinition', Properties: { Image: 'repository:abc123' } };
  const journal = (...tags: string[]) => ({ entries: tags.map((tag, index) => ({ tag, when: index + 1 })) });
  const image = write(temporaryFolder(), {
    'manifest.json': {
      version: VERSION,
      artifacts: {
        assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
        shop: { type: 'aws:cloudformation:stack', properties: { templateFile: 'shop.template.json' } },
      },
    },
    'assets.json': { dockerImages: { abc123: { source: { directory: 'asset.abc123' } } } },
    'shop.template.json': { Resources: { Task: task } },
    'asset.abc123/Dockerfile': 'FROM scratch\n',
    'asset.abc123/migrations/meta/_journal.json': journal('0000_first', '0001_second'),
    'asset.abc123/migrations/0000_first.sql': 'CREATE TABLE notes (id serial PRIMARY KEY, text text);',
    'asset.abc123/migrations/0001_second.sql': 'ALTER TABLE notes DROP COLUMN text;',
  });
  const first = { file: '0000_first.sql', sql: 'CREATE TABLE notes (id serial PRIMARY KEY, text text);' };

  test('are read from the image of the task, and judged against the database', async () => {
    const { migrations, stacks } = await readPlan(image, { applied: [first] });
    expect(migrations!.map(({ file }) => file)).toEqual(['0000_first.sql', '0001_second.sql']);
    const { files: linted, findings } = stacks[0]!.migrations!;
    expect(linted.map(({ pending }) => pending)).toEqual([false, true]);
    expect(findings.map(({ place }) => place.file)).toEqual(['0001_second.sql']);
  });

  test("are judged separately if the database's migrations are unknown or different", async () => {
    for (const applied of [undefined, [{ file: '0000_other.sql', sql: '' }]]) {
      const { stacks } = await readPlan(image, { applied });
      expect(stacks[0]!.migrations!.files.map(({ pending }) => pending)).toEqual([true, true]);
    }
  });

  test('are not judged if none is new', async () => {
    const all = await readPlan(image, { applied: 'all' });
    expect(all.stacks[0]!.migrations!.findings).toEqual([]);
    const again = await readPlan(image, { applied: all.migrations });
    expect(again.stacks[0]!.migrations!.findings).toEqual([]);
    expect(again.stacks[0]!.migrations!.files.map(({ pending }) => pending)).toEqual([false, false]);
  });
});

describe('the digest of a plan', () => {
  const asset = {
    'manifest.json': {
      version: VERSION,
      artifacts: {
        ...(files['manifest.json'] as { artifacts: object }).artifacts,
        assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
      },
    },
    'assets.json': { files: { abc: { source: { path: 'asset.abc', packaging: 'zip' }, destinations: {} } } },
    'asset.abc/index.js': 'one',
  };
  const digest = async (changes: Record<string, unknown> = {}) =>
    (await readPlan(folder({ ...asset, ...changes }))).planDigest;

  test('does not depend on the path or on synthesis metadata', async () => {
    const written = await digest();
    expect(written).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest()).toBe(written);
    const about = { 'tree.json': '{}', 'validation-report.json': '{}', 'performance-counters.json': '{}' };
    expect(await digest(about)).toBe(written);
    const manifest = structuredClone(asset['manifest.json']) as { artifacts: Record<string, object> };
    Object.assign(manifest.artifacts['shop-data']!, { additionalMetadataFile: 'shop-data.metadata.json' });
    manifest.artifacts['Tree'] = { type: 'cdk:tree', properties: { file: 'tree.json' } };
    const traces = { 'manifest.json': manifest, 'shop-data.metadata.json': '{"/shop-data": []}' };
    expect(await digest({ ...about, ...traces })).toBe(written);
  });

  test.each([
    ['a property', { 'shop-data.template.json': { Resources: { Files: bucket('other') } } }],
    [
      'an output',
      { 'shop-data.template.json': { Resources: { Files: bucket('files') }, Outputs: { A: { Value: 1 } } } },
    ],
    ['the code of an asset', { 'asset.abc/index.js': 'two' }],
    ['a file of an asset', { 'asset.abc/more.js': 'one' }],
    [
      'where an asset goes',
      { 'assets.json': { files: { abc: { source: { path: 'asset.abc' }, destinations: { a: {} } } } } },
    ],
    ['the region', assemblyFiles({ Files: bucket('files') }, { region: 'us-east-1' })],
  ])('changes with %s', async (_, changes) => {
    expect(await digest(changes)).not.toBe(await digest());
  });

  test('of an empty plan is a digest, too', () => {
    expect(EMPTY_PLAN.planDigest).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('fails with one message for', () => {
  const message = async (directory: string) =>
    readPlan(directory).then(
      () => 'no error',
      (error: Error) => `${error.name}: ${error.message.replaceAll(directory, 'DIR')}`,
    );
  const newer = Number(Manifest.version().split('.')[0]) + 1;

  test.each<[string, Record<string, unknown>, string]>([
    [
      'a folder without a manifest',
      { 'a.template.json': {} },
      'DIR is not a cloud assembly, because it has no manifest.json; give a folder',
    ],
    [
      'the manifest of something else',
      { 'manifest.json': { manifest_version: 3, version: '1.0.0' } },
      'DIR is not a cloud assembly, because its manifest.json has another format',
    ],
    [
      'a manifest without a version',
      { 'manifest.json': { artifacts: {} } },
      'its manifest.json has another format',
    ],
    [
      'a manifest that is a list',
      { 'manifest.json': [] },
      'manifest.json cannot be read: it is not a JSON object',
    ],
    [
      'a manifest that is nothing',
      { 'manifest.json': 'null' },
      'manifest.json cannot be read: it is not a JSON object',
    ],
    ['a manifest that is not JSON', { 'manifest.json': '{"version"' }, 'DIR/manifest.json cannot be read: '],
    [
      'an assembly of a newer CDK',
      { 'manifest.json': { version: `${newer}.0.0`, artifacts: {} } },
      `a newer CDK wrote the cloud assembly in DIR (schema ${newer}.0.0); this one reads schema ${newer - 1}`,
    ],
    [
      'an assembly without stacks',
      { 'manifest.json': { version: VERSION, artifacts: {} } },
      'DIR has no stacks',
    ],
    ['an assembly without artifacts', { 'manifest.json': { version: VERSION } }, 'DIR has no stacks'],
    [
      'a template that is not there',
      { 'manifest.json': stackOf('a.template.json') },
      'DIR is incomplete: a.template.json is missing',
    ],
    [
      'a template that is not JSON',
      { 'manifest.json': stackOf('a.json'), 'a.json': 'Resources:' },
      'DIR/a.json cannot be read: ',
    ],
    [
      'a template whose resources are a list',
      { 'manifest.json': stackOf('a.json'), 'a.json': { Resources: [] } },
      'DIR/a.json is not a CloudFormation template',
    ],
    [
      'a resource without a type',
      { 'manifest.json': stackOf('a.json'), 'a.json': { Resources: { A: {} } } },
      'DIR/a.json is not a CloudFormation template',
    ],
    [
      'a stack without a template',
      { 'manifest.json': { version: VERSION, artifacts: { shop: { type: 'aws:cloudformation:stack' } } } },
      'stack shop of the cloud assembly in DIR names no template',
    ],
    [
      'a template outside of it',
      { 'manifest.json': stackOf('../../etc/passwd') },
      'names a file outside its folder: ../../etc/passwd',
    ],
    [
      'a stage outside of it',
      {
        'manifest.json': {
          version: VERSION,
          artifacts: { a: { type: 'cdk:cloud-assembly', properties: { directoryName: '..' } } },
        },
      },
      'names a file outside its folder: ..',
    ],
    [
      'a resource whose properties are none',
      {
        'manifest.json': stackOf('a.json'),
        'a.json': { Resources: { A: { Type: 'AWS::S3::Bucket', Properties: null } } },
      },
      'DIR/a.json is not a CloudFormation template',
    ],
    [
      'an artifact that is nothing',
      { 'manifest.json': { version: VERSION, artifacts: { shop: null } } },
      'the cloud assembly in DIR is malformed: ',
    ],
    [
      'metadata that is none',
      { 'manifest.json': stackOf('a.json', { metadata: { '/shop': 1 } }), 'a.json': { Resources: {} } },
      'the cloud assembly in DIR is malformed: ',
    ],
    [
      'a stage that is the whole',
      {
        'manifest.json': {
          version: VERSION,
          artifacts: { a: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } },
        },
      },
      'contains itself',
    ],
  ])('%s', async (_, content, expected) => {
    const text = await message(write(temporaryFolder(), content));
    expect(text).toMatch(/^PlanError: /);
    expect(text).toContain(expected);
  });

  test('a path that is not a folder', async () => {
    const directory = folder();
    expect(await message(join(directory, 'none'))).toContain('there is no folder DIR');
    expect(await message(join(directory, 'manifest.json'))).toContain(
      'DIR is a file, but must be the folder of a',
    );
  });

  test('an incomplete assembly', async () => {
    const copy = temporaryFolder();
    cpSync(folder(), copy, { recursive: true });
    rmSync(join(copy, 'shop-data.template.json'));
    expect(await message(copy)).toContain('DIR is incomplete: shop-data.template.json is missing');
  });
});
