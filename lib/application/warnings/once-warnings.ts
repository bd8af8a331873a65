import type { OncePerTask } from '../reading/server-reading';
import type { Warning } from '../warning';

type Texts = Pick<Warning, 'severity' | 'what' | 'why' | 'fix'>;

const texts: Record<OncePerTask['kind'], (what: string) => Texts> = {
  schedule: (what) => ({
    severity: 'caution',
    what: `the server schedules jobs (${what})`,
    why: 'every task runs each job',
    fix: [
      'take a database lock first (pg_try_advisory_lock), or set server.minimumTasks and server.maximumTasks to 1',
    ],
  }),
  interval: (what) => ({
    severity: 'caution',
    what: `the server processes database rows ${what}`,
    why: 'every task does so',
    fix: ['make the work idempotent, or take a database lock first (pg_try_advisory_lock)'],
  }),
  'rate-limiter': (what) => ({
    severity: 'note',
    what: `the rate limit is counted in memory (${what})`,
    why: 'each task allows the whole limit; the web firewall has its own limit, client.requestsPerFiveMinutes',
    fix: [],
  }),
  broadcast: (what) => ({
    severity: 'caution',
    what: `messages are sent to all connections of one task (${what})`,
    why: 'users connected to another task do not receive them',
    fix: [
      what === 'socket.io'
        ? 'use an adapter, such as @socket.io/postgres-adapter, or set server.maximumTasks to 1'
        : 'forward messages through the database (LISTEN and NOTIFY), or set server.maximumTasks to 1',
    ],
  }),
  storage: (what) => ({
    severity: 'danger',
    what: `data is stored in memory (${what})`,
    why: 'the data is lost with every release and differs between tasks',
    fix: ['store it in the database (§7.1)'],
  }),
};

/** Warns of work and state that every task has. Reports the first place of each kind. */
export function onceWarnings(found: readonly OncePerTask[]): Warning[] {
  return (Object.keys(texts) as OncePerTask['kind'][]).flatMap((kind) => {
    const first = found.find((each) => each.kind === kind);
    return first ? [{ rule: `once-per-task-${kind}`, place: first.place, ...texts[kind](first.what) }] : [];
  });
}
