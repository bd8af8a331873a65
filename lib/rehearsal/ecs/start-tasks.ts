import { PlanError } from '../core/plan-error';
import type { Stage } from '../core/stage';
import { compressed, settled, until } from '../core/time';
import type { TargetGroup } from '../elbv2/target-group';
import { type Deployment, DeploymentFailed, type ServiceOptions } from './deployment';
import { ended } from './ended';
import { announceTaskEnd } from './service-events';
import { START_TIMEOUT, type Task } from './task';

/** The parts of ECS that a service uses. */
export interface ServiceHost {
  readonly stage: Stage;
  /** True when the rehearsal ends. ECS then replaces no more tasks. */
  readonly closing: boolean;
  /** Starts a task of a service. */
  startServer(service: ServiceOptions): Promise<Task>;
  /** Returns true while a state machine of the plan is running. It may stop a deployment. */
  hasRunningStateMachine(): boolean;
}

/** Milestone: ECS replaces tasks that fail their health checks. */
export const REPLACED = 'unhealthy tasks replaced';

/** Tasks to start. */
export interface Start {
  readonly options: ServiceOptions;
  /** Target group that the tasks register with. */
  readonly group: TargetGroup;
  /** Tasks that have already started; further ones are added. */
  readonly tasks: Task[];
  readonly count: number;
  /** Deployment that needs the tasks. It may be stopped during the start. */
  readonly deployment?: Deployment;
}

/** Thrown if no task becomes healthy and no part of the plan would stop the deployment. */
export class EndlessStart extends PlanError {}

/**
 * Consecutive failed starts after which the rehearsal expects no more tasks. A first deployment gets more, because a
 * handler may monitor it.
 */
const HOPELESS_STARTS = 3;
const HOPELESS_FIRST_STARTS = 8;
/** Milliseconds after which the rehearsal no longer expects a listening but unhealthy task to become healthy. */
const HOPELESS_WAIT = 8_000;
/** Milliseconds after which ECS replaces a listening but unhealthy task, in a first deployment. */
const REPLACED_AFTER = 4_000;
/** First and longest pause before ECS restarts a failing task, in milliseconds. The pause grows with each failure. */
const RESTART_PAUSE = [250, 4_000] as const;

/**
 * Starts tasks until `count` of them are healthy, and replaces tasks that end.
 * @throws EndlessStart if no task becomes healthy and nothing in the plan stops the deployment
 * @throws Error if the rehearsal ends meanwhile
 */
export async function startHealthy(host: ServiceHost, start: Start): Promise<void> {
  const { options, group, tasks, count, deployment } = start;
  const isFirst = deployment !== undefined && !deployment.before;
  let failures = 0;
  let lastWords = '';
  let [restart, listening] = [0, Date.now()];
  const { healthPort = options.port, interval } = group.options;
  const healthy = (task: Task) => group.healthy.some((target) => target.host === task);
  const ready = () => tasks.length >= count && tasks.every(healthy);
  while (!host.closing) {
    for (const task of tasks.filter(({ running }) => !running)) {
      tasks.splice(tasks.indexOf(task), 1);
      void group.deregister(task);
      const [first, longest] = RESTART_PAUSE;
      restart = Date.now() + Math.min(longest, first * 2 ** failures++);
      lastWords = task.exitReason();
      host.stage.announce('task ended', `exit code ${task.exitCode}${lastWords}`);
    }
    // The rehearsal ends later deployments before the circuit breaker would.
    const unhealthy = Date.now() - listening > REPLACED_AFTER + compressed(interval) * 4;
    if (unhealthy && isFirst) {
      const failing = tasks.find((task) => !healthy(task));
      host.stage.announce(
        REPLACED,
        `${options.logicalId}: its tasks ${group.complaint(failing, healthPort)}`,
      );
      await Promise.all(tasks.filter((task) => !healthy(task)).map((task) => task.stop()));
      listening = Date.now();
      continue;
    }
    let problem: string | undefined;
    if (failures >= (isFirst ? HOPELESS_FIRST_STARTS : HOPELESS_STARTS))
      problem = `its tasks end by themselves, ${failures} in a row${lastWords}`;
    else if (Date.now() - listening > HOPELESS_WAIT + compressed(interval) * 4)
      problem = `its tasks run but ${group.complaint(tasks[0], healthPort)}${tasks[0]?.exitReason() ?? ''}`;
    if (deployment) deployment.problem = problem;
    deployment?.check();
    if (problem) requireEnd(host, options, problem, deployment);
    if (Date.now() >= restart) while (tasks.length < count) tasks.push(await startTask(host, options, group));
    if (tasks.some(({ starting }) => starting)) listening = Date.now();
    await until(() => ready() || tasks.some(({ running }) => !running), 500);
    if (ready()) return;
  }
  throw new Error('the rehearsal was closed');
}

async function startTask(host: ServiceHost, options: ServiceOptions, group: TargetGroup): Promise<Task> {
  const { stage } = host;
  const task = await host.startServer(options);
  group.register(task, options.port);
  void stage.clock.during(settled(task.started, START_TIMEOUT));
  void task.ended.then(() => {
    if (!host.closing) announceTaskEnd(stage, options.arn, task);
  });
  return task;
}

/** Throws unless something in the plan will stop a hopeless deployment. */
function requireEnd(
  host: ServiceHost,
  { logicalId, circuitBreaker }: ServiceOptions,
  problem: string,
  deployment: Deployment | undefined,
): void {
  if (deployment && circuitBreaker)
    throw new DeploymentFailed(`${logicalId}: ${ended(problem, "ended by ECS's circuit breaker")}`);
  if (deployment && host.hasRunningStateMachine()) return;
  throw new EndlessStart(
    logicalId,
    '',
    ended(problem, 'nothing in the plan ends this deployment: ECS would wait for hours'),
  );
}
