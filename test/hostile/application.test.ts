import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../config';
import { ApplicationError } from '../../lib/application/application-error';
import { readApplication } from '../../lib/application/read-application';
import { checkApplication } from '../../lib/check/check-application';
import { printable } from '../../lib/findings/printable';
import { resolveEnvironment } from '../../lib/prepare/resolve-environment';
import { applicationFolder } from '../support/application-folder';

let remove = (): void => {};
afterEach(() => {
  remove();
  remove = () => {};
});

function made(files: Record<string, string> = {}): string {
  const made = applicationFolder(files);
  remove = made.remove;
  return made.folder;
}

/** Reads an application as a command does. */
function read(folder: string) {
  const { application, settings } = resolveEnvironment({ application: folder });
  return readApplication(application, settings.application);
}

function refusal(folder: string): string {
  try {
    read(folder);
  } catch (error) {
    // Anything else would reach people as a stack trace, or as words of Node.js.
    if (!(error instanceof ApplicationError || error instanceof ConfigError)) throw error;
    return error.message;
  }
  throw new Error('was accepted');
}

const pipe = (folder: string, file: string) => {
  rmSync(join(folder, file), { force: true });
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  execFileSync('mkfifo', [join(folder, file)]);
};
const link = (folder: string, file: string, to: string) => {
  rmSync(join(folder, file), { force: true, recursive: true });
  symlinkSync(to, join(folder, file));
};
const manifest = (more: object) => ({ 'package.json': JSON.stringify({ name: 'shop', ...more }) });
const journal = (text: string) => ({ 'migrations/meta/_journal.json': text });
const config = (application: object) => ({
  'framework53.config.ts': `export default ${JSON.stringify({ default: { application } })}`,
});

const PIPES = [
  'framework53.config.ts',
  'package.json',
  'vite.config.ts',
  'drizzle.config.ts',
  'client/index.html',
  'client/public/picture',
  'server/index.ts',
  '.env.example',
  '.env',
  'migrations/meta/_journal.json',
  'migrations/0000_first.sql',
];

describe('a path that is not a regular file is reported before any read', () => {
  test.each(PIPES)('a pipe %s', (file) => {
    const folder = made();
    pipe(folder, file);
    expect(refusal(folder)).toContain(`${file}: is a named pipe, and no file`);
  });

  test('a link to a device, and a generated text of excessive size', () => {
    const folder = made();
    link(folder, 'server/zero.ts', '/dev/zero');
    writeFileSync(join(folder, 'server/huge.ts'), '');
    truncateSync(join(folder, 'server/huge.ts'), 90_000_000);
    const message = refusal(folder);
    expect(message).toContain('server/zero.ts: is a device');
    expect(message).toContain('server/huge.ts: has 90 MB; a file of this kind may have 64 MB');
  });

  test('links to themselves and recursive folders cause no error', () => {
    const folder = made();
    link(folder, 'server/self', 'self');
    link(folder, 'server/loop', '..');
    expect(read(folder).name).toBe('shop');
  });
});

const APPLICATIONS: Readonly<Record<string, readonly [files: Record<string, string>, told: RegExp]>> = {
  'a manifest that is nested too deeply': [
    { 'package.json': `{"overrides":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}` },
    /package\.json: has more than 500 levels of nesting/,
  ],
  'a manifest that is null': [{ 'package.json': 'null' }, /package\.json: is not a JSON object/],
  'a script that is an object': [manifest({ scripts: { build: {} } }), /scripts\.build is \{\}/],
  'a package that leads elsewhere': [
    manifest({ dependencies: { '../../evil': '1' }, serverDependencies: { '/etc': '1' } }),
    /dependencies has "\.\.\/\.\.\/evil", which is not a package name(?:.|\n)*serverDependencies has "\/etc"/,
  ],
  'a package that is an option or a command': [
    manifest({ devDependencies: { '--version': '1', 'x; touch y': '1' } }),
    /"--version", which is not a package name(?:.|\n)*"x; touch y"/,
  ],
  'a package __proto__': [
    { 'package.json': '{ "dependencies": { "__proto__": "1" } }' },
    /dependencies has "__proto__"/,
  ],
  'a path of the configuration that leads elsewhere': [
    config({ server: { files: ['../secret'] } }),
    /application\.server\.files\.0: is "\.\.\/secret"; allowed: a path inside the application/,
  ],
  'a journal that names a file elsewhere': [
    journal('{"entries":[{"tag":"../../secret","when":1}]}'),
    /_journal\.json: names "\.\.\/\.\.\/secret", and a tag is the name of a file in migrations/,
  ],
  'a journal that names an absolute path': [
    journal('{"entries":[{"tag":"/etc/secret","when":1}]}'),
    /names "\/etc\/secret"/,
  ],
  'a journal that names a folder': [journal('{"entries":[{"tag":"..","when":1}]}'), /names "\.\."/],
  'a journal with a character that ends texts': [
    journal('{"entries":[{"tag":"a\\u0000","when":1}]}'),
    /names "a\\u0000"/,
  ],
  'a journal that is a list in lists': [journal('['.repeat(1000)), /_journal\.json: is not (valid )?JSON/],
  'a journal of nothing': [journal('{"entries":[null]}'), /is not a journal of drizzle-kit/],
  'a journal without times': [
    { ...journal('{"entries":[{"tag":"0000_a","when":"x"}]}'), 'migrations/0000_a.sql': '' },
    /has entries whose `when` is not a time in milliseconds/,
  ],
  'a journal of very many': [
    journal(JSON.stringify({ entries: Array.from({ length: 5000 }, (_, n) => ({ tag: `${n}`, when: n })) })),
    /and 4970 more$/,
  ],
};

describe('a hostile application is refused in plain lines', () => {
  test.each(Object.entries(APPLICATIONS))('%s', (_, [files, told]) => {
    const message = refusal(made(files));
    expect(message).toMatch(told);
    expect(message.length).toBeLessThan(10_000);
    expect(message).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  });

  test('configured files that link out of the application', () => {
    const folder = made(config({ server: { files: ['data'] } }));
    link(folder, 'data', '/');
    expect(refusal(folder)).toMatch(
      /data: is a link to a place outside the application, from which Docker copies nothing/,
    );
  });

  test('files that the server reads through a link out of the application are omitted, with a warning', () => {
    const folder = made();
    link(folder, 'data', '/');
    writeFileSync(
      join(folder, 'server/index.ts'),
      `import express from 'express'; import { readFileSync } from 'node:fs';
       express().get('/api/health', (_, r) => r.json(readFileSync('data/etc/hostname'))).listen(8080);`,
    );
    const { server, warnings } = read(folder);
    expect(server.files).toEqual([]);
    expect(warnings.map(({ rule }) => rule)).toContain('linked-file-left-out');
  });
});

test('a check runs no program of the repository, and prints short lines', async () => {
  const folder = made({ '.env.example': `${'X'.repeat(100_000)}=1\n` });
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  execFileSync('git', ['config', 'core.fsmonitor', `touch ${join(folder, 'ran')}; false`], { cwd: folder });
  const { findings } = await checkApplication(folder);
  expect(Math.max(...findings.map(({ what }) => what.length))).toBeLessThan(1100);
  expect(() => execFileSync('test', ['-e', join(folder, 'ran')])).toThrow();
});

test('file names cannot control a terminal', () => {
  expect(printable('a\u001b]0;title\u0007b\u202ec\n\u001b[31;1mred\u001b[0m')).toBe(
    'a\\u001b]0;title\\u0007b\\u202ec\n\u001b[31;1mred\u001b[0m',
  );
});
