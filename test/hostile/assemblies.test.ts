import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAssembly } from '../../lib/approval/assembly';
import { Assembly } from '../../lib/rehearsal/core/assembly';
import { readPlan } from '../../lib/review/read-plan';
import { review } from '../../lib/review/review';

let outer: string;
let folder: string;
beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'hostile-'));
  folder = join(outer, 'plan');
  mkdirSync(folder);
  writeFileSync(join(outer, 'outside.json'), JSON.stringify(TEMPLATE));
});
afterEach(() => {
  rmSync(outer, { recursive: true });
});

const TEMPLATE = { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } };
const ASSETS = { files: {}, dockerImages: {} };
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

function manifest(stack: object, more: object = {}) {
  const artifact = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://123456789012/eu-west-1',
    properties: { templateFile: 'template.json' },
    ...stack,
  };
  const assets = { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } };
  return { version: '48.0.0', artifacts: { shop: artifact, assets, ...more } };
}
const at = (templateFile: unknown) => manifest({ properties: { templateFile } });
const long = (text: string, value: string) => text.replace(/"HERE"/, value);

type Content = Readonly<Record<string, unknown>>;
const ASSEMBLIES: Readonly<Record<string, readonly [content: Content, told: RegExp]>> = {
  'a manifest of nothing': [{ 'manifest.json': 'null' }, /manifest\.json cannot be read/],
  'a manifest that is nested too deeply': [
    { 'manifest.json': long(JSON.stringify({ ...manifest({}), x: 'HERE' }), deep(100_000)) },
    /manifest\.json cannot be read: it is nested over 500 deep/,
  ],
  'an artifact of nothing': [{ 'manifest.json': manifest({}, { x: null }) }, /malformed/],
  'an artifact that is a text': [{ 'manifest.json': manifest({}, { x: 'y' }) }, /malformed/],
  'a template elsewhere': [{ 'manifest.json': at('../outside.json') }, /outside (its|the) folder/],
  'a template with an absolute path': [{ 'manifest.json': at('/etc/hostname') }, /outside (its|the) folder/],
  'a template whose name ends early': [{ 'manifest.json': at('a\0b') }, /outside (its|the) folder/],
  'a template that is a number': [{ 'manifest.json': at(5) }, /malformed/],
  'a template that is a folder': [{ 'manifest.json': at('.') }, /cannot be read: it is not a file/],
  'a template that is missing': [{ 'manifest.json': at('none.json') }, /missing|has no none\.json/],
  'properties of nothing': [{ 'manifest.json': manifest({ properties: null }) }, /malformed/],
  'dependencies that are a text': [{ 'manifest.json': manifest({ dependencies: 'x' }) }, /malformed/],
  'an environment that is a number': [{ 'manifest.json': manifest({ environment: 5 }) }, /malformed/],
  'a template that is nested too deeply': [
    {
      'template.json': long('{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":"HERE"}}}', deep(5000)),
    },
    /template\.json cannot be read: it is nested over 500 deep/,
  ],
  'a resource __proto__': [
    { 'template.json': '{"Resources":{"__proto__":{"Type":"AWS::S3::Bucket"}}}' },
    /is not a (CloudFormation )?template/,
  ],
  'resources that are a list': [
    { 'template.json': { Resources: [1] } },
    /is not a (CloudFormation )?template/,
  ],
  'a resource of nothing': [
    { 'template.json': { Resources: { A: null } } },
    /is not a (CloudFormation )?template/,
  ],
  'an asset manifest of nothing': [{ 'assets.json': 'null' }, /assets\.json cannot be read/],
};

/** All commands that read a given cloud assembly. */
const READERS: Readonly<Record<string, (directory: string) => unknown>> = {
  review: (directory) => readPlan(directory),
  deployment: (directory) => openAssembly(directory, join(outer, 'copy'), '123456789012'),
  rehearsal: (directory) => new Assembly(directory),
};

function write(content: Content): void {
  const files = {
    'manifest.json': manifest({}),
    'template.json': TEMPLATE,
    'assets.json': ASSETS,
    ...content,
  };
  for (const [name, value] of Object.entries(files))
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
}

async function refusal(read: (directory: string) => unknown): Promise<string> {
  try {
    await read(folder);
  } catch (error) {
    // The names of classes of JavaScript's own errors.
    expect((error as Error).name).toMatch(/^(PlanError|Error)$/);
    return (error as Error).message;
  }
  throw new Error('was accepted');
}

describe.each(Object.entries(READERS))('a %s of an assembly: refuses faults in one line', (_, read) => {
  test.each(Object.entries(ASSEMBLIES))('%s', async (_, [content, told]) => {
    write(content);
    const message = await refusal(read);
    expect(message).toMatch(told);
    expect(message.length).toBeLessThan(600);
  });

  test('a template that links out of the folder', async () => {
    write({});
    rmSync(join(folder, 'template.json'));
    symlinkSync('../outside.json', join(folder, 'template.json'));
    expect(await refusal(read)).toMatch(/outside its folder|leads out of the folder/);
  });

  test('accepts a valid assembly', async () => {
    write({});
    await read(folder);
  });
});

test.each(['constructor', 'toString', '__defineGetter__'])(
  'a resource may have the name %s',
  async (name) => {
    write({});
    const before = await readPlan(folder);
    const properties = { Tags: [{ Key: 'a', Value: { Ref: name } }] };
    const resource = { Type: 'AWS::RDS::DBInstance', Properties: { [name]: { [name]: 1 } } };
    write({
      'template.json': {
        Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: properties }, [name]: resource },
        Outputs: { [name]: { Value: { 'Fn::GetAtt': [name, name] } } },
      },
    });
    const after = await readPlan(folder);
    const kinds = (from: typeof before, to: typeof before) =>
      review({ label: 'a', plan: from }, { label: 'b', plan: to }).changes.map(({ kind }) => kind);
    expect(kinds(before, after).sort()).toEqual(['added', 'changed']);
    expect(kinds(after, before).sort()).toEqual(['changed', 'removed']);
    expect(kinds(after, after)).toEqual([]);
  },
);

test('a rehearsal uses no asset outside the assembly, and a deployment no asset that a program builds', async () => {
  const files = { a: { source: { path: '../outside.json' } }, b: { source: { path: '/etc/hostname' } } };
  write({ 'assets.json': { files } });
  const assembly = new Assembly(folder);
  for (const key of ['a', 'b']) expect(() => assembly.asset(key)).toThrow(/outside its folder/);
  write({ 'assets.json': { files: { a: { source: { executable: ['touch', join(outer, 'ran')] } } } } });
  expect(await refusal(READERS['deployment']!)).toContain('a program builds asset a');
});
