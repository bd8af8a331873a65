import type { LoginSecret } from './login-secret';

/** A period in which new tasks got one login. The period ends when the next one begins. */
export interface LoginPeriod {
  readonly username: string;
  /** Beginning, in ISO 8601. */
  readonly from: string;
}

/** Content of the secret that ECS hands to new tasks: a login, and the logins of earlier periods. */
export interface ActiveLogin extends LoginSecret {
  readonly periods?: readonly LoginPeriod[];
}

/** Times of a task. ECS fetched its secrets between them. */
export interface TaskTimes {
  readonly createdAt: Date;
  /** @default - the task has not started yet */
  readonly startedAt?: Date;
}

/** Number of periods that are remembered. A task that runs for more rotations counts as holding either login. */
const PERIODS_KEPT = 24;

/**
 * Tolerance for clocks that differ, and for the time between noting a change and making it, in milliseconds. A task
 * that is created this long after a change certainly has the new login.
 */
export const MARGIN_MILLISECONDS = 60_000;

/** Returns the content of the active secret when a login becomes active. */
export function activated(login: LoginSecret, before: ActiveLogin | undefined, now: Date): ActiveLogin {
  const periods = before?.periods ?? [];
  const { username, password } = login;
  return {
    username,
    password,
    periods:
      periods.at(-1)?.username === username
        ? periods
        : [...periods, { username, from: now.toISOString() }].slice(-PERIODS_KEPT),
  };
}

/** Returns true if a task may have fetched a login: if the login was active while ECS may have read the secret. */
export function mayHold(task: TaskTimes, username: string, { periods = [] }: ActiveLogin): boolean {
  const first = periods[0];
  const earliest = task.createdAt.getTime() - MARGIN_MILLISECONDS;
  const latest = (task.startedAt?.getTime() ?? Number.POSITIVE_INFINITY) + MARGIN_MILLISECONDS;
  if (!first || earliest < Date.parse(first.from)) return true;
  return periods.some(({ username: held, from }, index) => {
    const until = periods[index + 1]?.from;
    return held === username && Date.parse(from) <= latest && (!until || Date.parse(until) >= earliest);
  });
}
