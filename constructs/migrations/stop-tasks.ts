import { setTimeout as wait } from 'node:timers/promises';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import type { MigrationRunProperties } from './migration-run.properties';

const ecs = new ECSClient({});

/**
 * Maximum time until the tasks have stopped: 30 seconds between SIGTERM and SIGKILL, and the removal of their network
 * interfaces.
 */
const LIMIT_MS = 120_000;
const POLL_MS = Number(process.env['POLL_MS'] ?? 2000);

/**
 * Stops all tasks of the migrations, and waits until they have stopped.
 * @param started task that ECS may not list yet
 * @throws if a task still runs after two minutes
 */
export async function stopTasks(
  { Cluster: cluster, TaskDefinition }: MigrationRunProperties,
  started?: string,
): Promise<void> {
  const family = TaskDefinition.split('/').at(-1)!.replace(/:\d+$/, '');
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, family }));
  const tasks = [...new Set([...taskArns, ...(started ? [started] : [])])];
  if (tasks.length === 0) return;
  const running = async (): Promise<string[]> => {
    const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
    return (described.tasks ?? [])
      .filter(({ lastStatus }) => lastStatus !== 'STOPPED')
      .map(({ taskArn }) => taskArn!);
  };
  for (const task of await running())
    await ecs.send(new StopTaskCommand({ cluster, task, reason: 'the stack is rolling back' }));
  for (const end = Date.now() + LIMIT_MS; (await running()).length > 0; await wait(POLL_MS))
    if (Date.now() > end) throw new Error(`the task ${(await running()).join(', ')} did not stop`);
}
