import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pause, settled, until } from '../../lib/rehearsal/core/time';
import { Workspace } from '../../lib/rehearsal/core/workspace';
import { rehearse } from '../../lib/rehearsal/rehearsal';

/** Returns true while a process runs. A zombie has ended. */
const alive = (pid: number): boolean =>
  /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());

describe('nothing remains', () => {
  test('of a workspace that is closed', async () => {
    const workspace = new Workspace();
    const child = workspace.start('sleep', ['60'], { stdio: 'ignore' });
    await workspace.close();
    expect(alive(child.pid!)).toBe(false);
    expect(existsSync(workspace.directory)).toBe(false);
  });

  test('of a process that was killed', { timeout: 20_000 }, async () => {
    const script = `
      const { Workspace } = require(${JSON.stringify(resolve(__dirname, '../../dist/lib/rehearsal/core/workspace.js'))});
      const workspace = new Workspace();
      const child = workspace.start('sleep', ['60'], { stdio: 'ignore' });
      console.log(JSON.stringify([workspace.directory, child.pid]));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await new Promise<unknown[]>((done) =>
      parent.stdout.once('data', (...words) => done(words)),
    );
    const [directory, pid] = JSON.parse(String(line)) as [string, number];
    expect(existsSync(directory)).toBe(true);
    parent.kill('SIGKILL');
    expect(await until(() => !alive(pid) && !existsSync(directory), 10_000)).toBe(true);
  });

  test('of a rehearsal that fails', async () => {
    const plan = join(tmpdir(), `rehearsal-empty-${process.pid}`);
    mkdirSync(plan, { recursive: true });
    writeFileSync(join(plan, 'manifest.json'), '{"artifacts":{}}');
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('framework53-rehearsal-'));
    const { verdict, problem } = await rehearse({ assembly: plan });
    expect({ verdict, problem }).toMatchObject({
      verdict: 'failed',
      problem: expect.stringMatching(/Distribution/),
    });
    await pause(100);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('framework53-rehearsal-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });

  test('of a completed wait, which would keep the process alive', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await settled(Promise.resolve(), 60_000);
    expect(timers()).toBe(before);
  });

  test('fails for a folder without a plan, and for an unknown fault', async () => {
    await expect(rehearse({ assembly: '/nowhere' })).rejects.toThrow('/nowhere is not a cloud assembly');
    await expect(rehearse({ assembly: '/nowhere', faults: ['nothing'] })).rejects.toThrow(
      "there is no fault 'nothing'",
    );
  });
});
