import type { OncePerTask } from '../reading/server-reading';
import type { Warning } from '../warning';

type Texts = Pick<Warning, 'severity' | 'what' | 'why' | 'fix'>;

const texts: Record<OncePerTask['kind'], (what: string) => Texts> = {
  schedule: (what) => ({
    severity: 'caution',
    what: `jobs are scheduled inside the server (${what})`,
    why: 'each task runs each of them',
    fix: [
      'take a lock in the database first (pg_try_advisory_lock), or set server.minimumTasks and server.maximumTasks to 1',
    ],
  }),
  interval: (what) => ({
    severity: 'caution',
    what: `the server works on the database ${what}`,
    why: 'each task does so',
    fix: ['make it harmless to run twice, or take a lock in the database first (pg_try_advisory_lock)'],
  }),
  'rate-limiter': (what) => ({
    severity: 'note',
    what: `requests are counted in memory (${what})`,
    why: 'each task allows the whole limit; the web firewall has one of its own, client.requestsPerFiveMinutes',
    fix: [],
  }),
  broadcast: (what) => ({
    severity: 'caution',
    what: `messages go to all connections of one task (${what})`,
    why: 'people who are connected to another task do not get them',
    fix: [
      what === 'socket.io'
        ? 'use an adapter, such as @socket.io/postgres-adapter, or set server.maximumTasks to 1'
        : 'pass messages on through the database (LISTEN and NOTIFY), or set server.maximumTasks to 1',
    ],
  }),
  storage: (what) => ({
    severity: 'danger',
    what: `data is kept in memory (${what})`,
    why: 'it is lost with every release and differs between tasks',
    fix: ['keep it in the database (§7.1)'],
  }),
};

/** Warns of work and state that each task has by itself. The first place of each kind stands for all. */
export function onceWarnings(found: readonly OncePerTask[]): Warning[] {
  return (Object.keys(texts) as OncePerTask['kind'][]).flatMap((kind) => {
    const first = found.find((each) => each.kind === kind);
    return first ? [{ rule: `once-per-task-${kind}`, place: first.place, ...texts[kind](first.what) }] : [];
  });
}
