import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAssembly } from '../../lib/approval/assembly';
import { readEvidence } from '../../lib/approval/evidence';
import { readRehearsal } from '../../lib/check/readiness/rehearsed';
import { writeInside } from '../../lib/files/write-inside';
import { writeWorkflows } from '../../lib/pipeline/write-workflows';
import { Assembly } from '../../lib/rehearsal/core/assembly';
import { readTrace } from '../../lib/rehearsal/replay';
import { standingConsents } from '../../lib/review/accept';
import { digestOfPlan } from '../../lib/review/plan-digest';
import { readPlan } from '../../lib/review/read-plan';

// Links, pipes, folders and huge files in the place of files of a plan, or of a person's files.

let outer: string;
let folder: string;
beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'hostile-'));
  folder = join(outer, 'plan');
  mkdirSync(folder);
});
afterEach(() => rmSync(outer, { recursive: true }));

const HASH = 'a'.repeat(64);
const IMAGE = 'b'.repeat(64);
const artifact = (properties: object) => ({
  ...{ type: 'aws:cloudformation:stack', environment: 'aws://123456789012/eu-west-1', properties },
});

/** Writes an assembly with a template, a folder of client files, and an image with migrations. */
function plan(sources: { file?: string; image?: string } = {}): void {
  const { file = 'asset.client', image = 'asset.image' } = sources;
  const files: Record<string, unknown> = {
    'manifest.json': {
      version: '48.0.0',
      artifacts: {
        shop: artifact({ templateFile: 'template.json' }),
        assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
      },
    },
    'template.json': {
      Resources: { Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Image: IMAGE, Key: HASH } } },
    },
    'assets.json': {
      files: { [HASH]: { source: { path: file } } },
      dockerImages: { [IMAGE]: { source: { directory: image } } },
    },
    'asset.client/index.html': '<html></html>',
    'asset.image/Dockerfile': 'FROM scratch',
    'asset.image/migrations/meta/_journal.json': { entries: [{ tag: '0000_a', when: 1 }] },
    'asset.image/migrations/0000_a.sql': 'SELECT 1;',
  };
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  }
}

/** Everything that a command may put in the place of a file. */
const ODDITIES: Readonly<Record<string, (path: string) => void>> = {
  'a pipe': (path) => void execFileSync('mkfifo', [path]),
  'a link to a device': (path) => symlinkSync('/dev/zero', path),
  'a link out of the folder': (path) => {
    writeFileSync(join(outer, 'outside'), '{"secret":"outside"}');
    symlinkSync(join(outer, 'outside'), path);
  },
  'a link to itself': (path) =>
    symlinkSync('self', path.replace(/[^/]*$/, 'self')) ?? symlinkSync('self', path),
  'a folder': (path) => mkdirSync(path),
  'a huge file': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 100_000_000);
  },
};
function put(oddity: string, path: string): void {
  rmSync(path, { force: true, recursive: true });
  ODDITIES[oddity]!(path);
}

const READERS: Readonly<Record<string, () => unknown>> = {
  review: () => readPlan(folder),
  deployment: () => openAssembly(folder, join(outer, 'copy'), '123456789012'),
  rehearsal: () => {
    const assembly = new Assembly(folder);
    return [assembly.asset(HASH), assembly.asset(IMAGE)];
  },
};

/** Returns the message of a refusal, or undefined if a reader accepts the plan. */
async function refusal(read: () => unknown): Promise<string | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    expect((error as Error).name).toMatch(/^(PlanError|Error)$/);
    const { message } = error as Error;
    expect(message.length).toBeLessThan(700);
    expect(message).not.toMatch(/E[A-Z]{4,}:|secret|Cannot read prop/);
    return message;
  }
}

const READ_BY_ALL = ['manifest.json', 'template.json', 'assets.json'];

describe.each(Object.entries(READERS))('a %s', (reader, read) => {
  test('accepts the plan', async () => {
    plan();
    expect(await refusal(read)).toBeUndefined();
  });

  const cases = READ_BY_ALL.flatMap((file) => Object.keys(ODDITIES).map((oddity) => [oddity, file] as const));
  test.each(cases)('refuses %s as %s', async (oddity, file) => {
    plan();
    put(oddity, join(folder, file));
    expect(await refusal(read)).toMatch(
      /cannot be read|outside (its|the) folder|leads out|is not a cloud assembly|is missing|refers to a missing|cannot be deployed/,
    );
  });

  test.each(['../outside', '/etc', 'asset.client/../../outside', 'a\0b'])(
    'never leaves the folder for %j',
    async (path) => {
      mkdirSync(join(outer, 'outside', 'migrations'), { recursive: true });
      writeFileSync(join(outer, 'outside', 'migrations', 'baseline.sql'), 'secret');
      for (const sources of [{ file: path }, { image: path }]) {
        plan(sources);
        const message = await refusal(read);
        // A review does not read these files, and its digest tells that they are outside.
        if (reader === 'review') expect(JSON.stringify(await readPlan(folder))).not.toContain('secret');
        else expect(message).toMatch(/outside (its|the) folder/);
      }
    },
  );

  const inside = ['asset.client/index.html', 'asset.image/Dockerfile', 'asset.image/migrations/0000_a.sql'];
  const assets = inside.flatMap((file) =>
    ['a pipe', 'a link to a device', 'a link out of the folder'].map((oddity) => [oddity, file] as const),
  );
  test.each(assets)('reads and copies no %s as %s', async (oddity, file) => {
    plan();
    put(oddity, join(folder, file));
    const message = await refusal(read);
    const isRead = reader !== 'review' || file.includes('migrations');
    if (isRead)
      expect(message).toMatch(/a pipe, a device or a link|leads out of the folder|neither a file nor/);
    else expect(message).toBeUndefined();
  });
});

test('a digest reads assets of any size in parts, and names of different case stay apart', () => {
  plan();
  truncateSync(join(folder, 'asset.client/index.html'), 100_000_000);
  const before = digestOfPlan(folder);
  writeFileSync(join(folder, 'asset.client/INDEX.html'), 'other');
  expect(digestOfPlan(folder)).not.toBe(before);
});

describe('a file from a person', () => {
  const evidence = (path: string) => readEvidence([path], 'a'.repeat(64));
  const consents = (path: string) => standingConsents(dirname(path), '2026-11-30', []);
  const FILES: Readonly<Record<string, readonly [name: string, read: (path: string) => unknown]>> = {
    'a trace': ['trace.json', readTrace],
    evidence: ['evidence.json', evidence],
    acceptances: ['framework53.accepted.txt', consents],
  };
  const cases = Object.keys(FILES).flatMap((kind) =>
    ['a pipe', 'a link to a device', 'a folder', 'a huge file'].map((oddity) => [kind, oddity] as const),
  );
  test.each(cases)('%s that is %s is refused', (kind, oddity) => {
    const [name, read] = FILES[kind]!;
    put(oddity, join(outer, name));
    expect(() => read(join(outer, name))).toThrow(/it is not a file|it has 100 MB; allowed: at most 64 MB/);
  });

  test('the report of a rehearsal counts as not readable', () => {
    for (const oddity of ['a pipe', 'a link to a device', 'a folder', 'a huge file']) {
      put(oddity, join(outer, 'report.json'));
      expect(readRehearsal([join(outer, 'report.json')], 'a'.repeat(64))).toMatch(/cannot be read/);
    }
  });
});

describe('no link makes a command write elsewhere:', () => {
  test.each(['missing', 'existing'])('a link to %s files or folders', (kind) => {
    const target = join(outer, 'elsewhere');
    if (kind === 'existing') mkdirSync(target);
    symlinkSync(target, join(folder, 'a'));
    symlinkSync(join(outer, kind === 'existing' ? 'plan' : 'none', 'x.yml'), join(folder, 'file.yml'));
    if (kind === 'existing') symlinkSync('..', join(folder, 'up'));
    for (const path of ['a/b/c.yml', 'file.yml', 'a'])
      expect(() => writeInside(folder, path, 'x')).toThrow(/is a link out of/);
    expect(() => writeWorkflows(folder, [{ path: 'a/b.yml', text: 'x' } as never])).toThrow(/is a link out/);
    expect(existsSync(join(outer, 'elsewhere', 'b'))).toBe(false);
    expect(existsSync(join(outer, 'none'))).toBe(false);
  });

  test('links inside the folder, and new folders, are written', () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
    writeInside(folder, 'link/x.yml', 'one');
    writeInside(folder, 'new/deep/x.yml', 'two');
    expect(readFileSync(join(folder, 'real/x.yml'), 'utf8')).toBe('one');
    expect(readFileSync(join(folder, 'new/deep/x.yml'), 'utf8')).toBe('two');
  });
});
