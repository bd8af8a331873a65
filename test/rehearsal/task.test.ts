import { expect, test, vi } from 'vitest';
import { Stage } from '../../lib/rehearsal/core/stage';
import { Workspace } from '../../lib/rehearsal/core/workspace';
import { START_TIMEOUT, Task } from '../../lib/rehearsal/ecs/task';

test('a task that never listens is no longer starting when its time is up', async () => {
  const workspace = new Workspace();
  const stage = new Stage(workspace, 'eu-central-1', () => {});
  const definition = {
    logicalId: 'Server',
    image: { folder: workspace.folder('image'), recipe: { environment: {} }, local: (word: string) => word },
    container: {
      name: 'server',
      command: ['node', '-e', 'setInterval(() => {}, 1000)'],
      environment: {},
      log: { group: 'server', prefix: 'server' },
      stopTimeout: 30,
    },
  };
  const task = new Task(stage, '10.0.0.1', definition as never, { name: 'Server', stack: 'shop' }, {});
  try {
    expect(task.starting).toBe(true);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + START_TIMEOUT);
    expect([task.running, task.starting]).toEqual([true, false]);
  } finally {
    vi.restoreAllMocks();
    task.kill('the test is over');
    await task.ended;
    await workspace.close();
  }
});
