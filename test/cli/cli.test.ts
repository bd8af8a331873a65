import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from '../support/command-line';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('help', () => {
  test('lists every command with its summary', async () => {
    const { code, out } = await commandLine('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/Usage: framework53 COMMAND/);
    expect(out).toMatch(/^ {2}build +Build the application/m);
  });

  test('of a command lists its options and examples', async () => {
    const { code, out } = await commandLine('build', '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}--app DIR +The application's folder/m);
    expect(out).toContain('framework53 build --app ../shop');
  });

  test('of every command names the default environment, and the reason if it is production', async () => {
    const { out } = await commandLine('--help');
    const names = [...out.matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const help = (await commandLine(name, '--help')).out;
      // The command covers all environments.
      if (name === 'init' || name === 'pipeline') continue;
      const [, fallback] = /--env NAME .*?(\w+) \(default\)/.exec(help) ?? [];
      const explained = /Without\s+--env,.*\bproduction,?\s+because/s.test(help);
      expect([name, fallback]).toEqual([name, explained ? 'production' : 'development']);
    }
  });

  test('is shown with exit code 64 if no command is given', async () => {
    const { code, out } = await commandLine();
    expect([code, out]).toEqual([64, expect.stringContaining('Usage:')]);
  });
});

test('exits with 141 and no message if the reader closes the pipe', async () => {
  const command = join(__dirname, '..', '..', 'dist', 'bin', 'framework53.js');
  const child = spawn(process.execPath, [command, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([child.stderr.toArray(), once(child, 'exit')]);
  expect([code, Buffer.concat(said).toString()]).toEqual([141, '']);
});

describe('fails with one message and no stack on', () => {
  const message = async (...args: string[]) => {
    const { code, err, out } = await commandLine(...args);
    expect(out).toBe('');
    expect(err).not.toMatch(/\n {4}at /);
    return [code, err] as const;
  };

  test('a command that does not exist', async () => {
    expect(await message('biuld')).toEqual([
      64,
      expect.stringContaining("there is no command 'biuld'; commands: init,"),
    ]);
  });

  test('an option that does not exist', async () => {
    expect(await message('build', '--apps', 'x')).toEqual([
      64,
      expect.stringContaining("Unknown option '--apps'; see framework53 build --help"),
    ]);
  });

  test('an unexpected argument', async () => {
    const [code, text] = await message('build', 'shop');
    expect([code, text]).toEqual([64, expect.stringContaining("Unexpected argument 'shop'")]);
  });

  test('a folder that does not exist', async () => {
    const [code, text] = await message('build', '--app', join(folder, 'none'));
    expect(code).toBe(1);
    expect(text).toContain('there is no such folder');
    expect(text).toContain('→ give the folder that contains client/ and server/');
  });

  test('a file instead of a folder', async () => {
    const file = join(folder, 'package.json');
    writeFileSync(file, '{}');
    const [code, text] = await message('build', '--app', file);
    expect([code, text]).toEqual([1, expect.stringContaining('is a file, not a folder')]);
  });

  test('an option with an empty value', async () => {
    expect(await message('build', '--app', folder, '--out', '')).toEqual([
      64,
      expect.stringContaining("Option '--out' has an empty value; see framework53 build --help"),
    ]);
  });

  test('an invalid port, before the build', async () => {
    expect(await message('rehearse', '--app', folder, '--port', 'abc')).toEqual([
      64,
      expect.stringContaining("--port must be 1 to 65535, got 'abc'"),
    ]);
  });

  test('a folder without an application', async () => {
    writeFileSync(join(folder, 'package.json'), '{}');
    const [code, text] = await message('build', '--app', folder);
    expect(code).toBe(1);
    expect(text).toContain(`the application in ${folder} cannot be built`);
  });

  test('an environment that does not exist', async () => {
    expect(await message('synth', '--env', 'prod')).toEqual([
      64,
      expect.stringContaining("--env must be development, test, staging, production, got 'prod'"),
    ]);
  });

  test('an invalid configuration', async () => {
    mkdirSync(join(folder, 'server'));
    writeFileSync(
      join(folder, 'framework53.config.ts'),
      'export default { default: { server: { cpu: 1 } } }',
    );
    const [code, text] = await message('synth', '--app', folder);
    expect(code).toBe(1);
    expect(text).toContain('server.cpu: is 1; allowed: 256, 512');
  });

  test('and shows the stack trace with --debug', async () => {
    const { err } = await commandLine('build', '--app', join(folder, 'none'), '--debug');
    expect(err).toMatch(/\n {4}at /);
  });
});
