import type { LoginSecret } from './login-secret';

/** Which login was handed to new tasks, from when on. */
export interface LoginPeriod {
  readonly username: string;
  /** ISO 8601. */
  readonly from: string;
}

/** What the secret holds that ECS hands to new tasks: a login, and which ones were handed out before. */
export interface ActiveLogin extends LoginSecret {
  readonly periods?: readonly LoginPeriod[];
}

/** When a task fetched its secrets: between being created and being started. */
export interface TaskTimes {
  readonly createdAt: Date;
  /** @default the task has not started yet */
  readonly startedAt?: Date;
}

/** Periods remembered; a task that runs longer than so many rotations counts as holding either login. */
const PERIODS_KEPT = 24;

/**
 * Tolerance for clocks that differ, and for the moment between noting a change and making it. A task made
 * this long after a change surely has the new login.
 */
export const MARGIN_MILLISECONDS = 60_000;

/** `login` as the active one from `now` on. */
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

/** Whether a task can have fetched `username`, because that login was active at some time it may have looked. */
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
