import type { LoginSecret } from './login-secret';

/** Period in which new tasks received one login. It ends when the next period begins. */
export interface LoginPeriod {
  readonly username: string;
  /** Beginning, in ISO 8601. */
  readonly from: string;
}

/** Content of the secret that new tasks receive: the active login, and the logins of earlier periods. */
export interface ActiveLogin extends LoginSecret {
  readonly periods?: readonly LoginPeriod[];
}

/** Times of a task. ECS fetched the task's secrets between them. */
export interface TaskTimes {
  readonly createdAt: Date;
  /** @default - the task has not started yet */
  readonly startedAt?: Date;
}

/** Number of periods that the secret keeps. If a task is older than all of them, it may use either login. */
const PERIODS_KEPT = 24;

/**
 * Tolerance in milliseconds for clock differences, and for the time between recording a change and making it. A task
 * that is created this long after a change certainly has the new login.
 */
export const MARGIN_MILLISECONDS = 60_000;

/** Returns the content of the active secret for a login that becomes active. */
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

/** Returns true if a task may use a login: the login was active while ECS may have fetched the task's secrets. */
export function mayUse(task: TaskTimes, username: string, { periods = [] }: ActiveLogin): boolean {
  const first = periods[0];
  const earliest = task.createdAt.getTime() - MARGIN_MILLISECONDS;
  const latest = (task.startedAt?.getTime() ?? Number.POSITIVE_INFINITY) + MARGIN_MILLISECONDS;
  if (!first || earliest < Date.parse(first.from)) return true;
  return periods.some(({ username: held, from }, index) => {
    const until = periods[index + 1]?.from;
    return held === username && Date.parse(from) <= latest && (!until || Date.parse(until) >= earliest);
  });
}
