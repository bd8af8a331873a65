import { readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { pause, until } from './core/time';
import type { EmulatedAccount } from './emulated-account';
import { rotate } from './rds/rotate';

/** Something that goes wrong during the second release. */
export interface Fault {
  readonly name: string;
  readonly description: string;
  /** Whether the plan must notice it and leave users on the last good release. */
  readonly undone: boolean;
  /** Whether some requests may fail until it is noticed. */
  readonly mayFail?: boolean;
  /** Whose part it would have been to notice it. */
  where(cloud: EmulatedAccount): string;
  /** Makes it happen, when what it waits for happens; what it returns looks whether all went well. */
  arrange(cloud: EmulatedAccount): (() => Promise<void>) | undefined;
}

const service = (cloud: EmulatedAccount) => [...cloud.services.values()][0]!;
const deployment = (cloud: EmulatedAccount) =>
  `; it is for ${service(cloud).logicalId}: DeploymentConfiguration`;

/** A fault that processes of the new release have from the start. */
function inProcess(name: string, description: string, what: 'server' | 'migration', fault: string): Fault {
  return {
    name,
    description,
    undone: true,
    where: deployment,
    arrange(cloud) {
      cloud.faultOf = (process) => (process === what ? fault : undefined);
      for (const event of ['rolling back', 'stack rolls back'])
        cloud.events.once(event, () => {
          cloud.faultOf = () => undefined;
        });
      return undefined;
    },
  };
}

/** A fault that servers of the new release get when users have moved to them. */
function afterShift(name: string, description: string, fault: string, mayFail: boolean): Fault {
  return {
    ...inProcess(name, description, 'server', fault),
    mayFail,
    arrange(cloud) {
      cloud.faultOf = (process) => (process === 'server' ? fault : undefined);
      cloud.events.once('production traffic moved', () => {
        for (const task of service(cloud).next) task.signal('SIGUSR2');
        cloud.faultOf = () => undefined;
        cloud.tell('fault', description);
      });
      return undefined;
    },
  };
}

/** Something that happens beside the release, which must not notice. */
function beside(
  name: string,
  description: string,
  on: string,
  happen: (cloud: EmulatedAccount) => Promise<void>,
  mayFail = false,
): Fault {
  return {
    name,
    description,
    undone: false,
    mayFail,
    where: () => '',
    arrange(cloud) {
      let begun = false;
      const happened = new Promise<void>((resolve, reject) => {
        cloud.events.once(on, () => {
          begun = true;
          cloud.tell('fault', description);
          happen(cloud).then(resolve, reject);
        });
      });
      happened.catch(() => {});
      return () => (begun ? happened : Promise.race([happened, never(on)]));
    },
  };
}

/** Fails soon: by then what a fault waits for would have happened. */
async function never(event: string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, 10_000).unref());
  throw new Error(`'${event}' never happened, and so neither did the fault`);
}

export const FAULTS: readonly Fault[] = [
  inProcess('migration-fails', 'the migration ends with an error', 'migration', 'exit'),
  {
    ...inProcess('migration-hangs', 'the migration never ends', 'migration', 'hang'),
    arrange(cloud) {
      cloud.faultOf = (process) => (process === 'migration' ? 'hang' : undefined);
      // The handler's clock goes on an hour, so that nobody has to wait for its limit.
      cloud.events.once('task started', () =>
        setTimeout(() => {
          cloud.clock.skip(3600);
          cloud.tell('an hour later');
        }, 300),
      );
      cloud.events.once('stack rolls back', () => {
        cloud.faultOf = () => undefined;
      });
      return undefined;
    },
  },
  inProcess('server-exits', 'the new server ends as it starts', 'server', 'exit'),
  inProcess('health-fails', 'the new server runs and never gets healthy', 'server', 'unhealthy'),
  inProcess(
    'verification-fails',
    'the new server is healthy and answers everything else with 500',
    'server',
    'unverified',
  ),
  afterShift('errors-after-shift', 'the new server answers users with 500', 'errors', true),
  afterShift('latency-after-shift', 'the new server takes three seconds to answer users', 'latency', false),
  beside(
    'database-restarts',
    'the database restarts while both releases run',
    'test traffic moved',
    (cloud) => cloud.database!.postgres.restart(),
    // Connecting is tried again, a query never: one that is under way at that moment fails.
    true,
  ),
  beside(
    'connections-exhausted',
    'for two seconds the proxy has no connection to lend',
    'test traffic moved',
    async (cloud) => {
      const release = cloud.database!.proxy?.exhaust();
      await pause(2_000);
      release?.();
    },
  ),
  beside(
    'password-rotated',
    'the passwords are rotated while users are served',
    'test traffic moved',
    rotate,
  ),
  beside(
    'task-killed',
    'a task of the running release is killed under load',
    'test traffic moved',
    async (cloud) => service(cloud).live[0]!.signal('SIGKILL'),
    true,
  ),
  beside(
    'sigterm-in-flight',
    'a task gets SIGTERM with requests in flight',
    // Before traffic moves: all of them reach tasks of the running release.
    'deployment begins',
    async (cloud) => {
      let end = () => {};
      const ends = new Promise<void>((resolve) => {
        end = resolve;
      });
      const uploads = Array.from({ length: 8 }, () => slowUpload(cloud, ends));
      const targets = () => [...cloud.targetGroups.values()].flatMap((group) => [...group.targets]);
      const arrived = () => targets().flatMap(({ pending }) => [...pending].filter(isUpload));
      if (!(await until(() => arrived().length === uploads.length, 10_000)))
        throw new Error('the requests in flight never reached their tasks');
      // The balancer takes turns between tasks, and nobody says that each gets its share of these.
      await Promise.all([service(cloud).interrupt(service(cloud).busiest), pause(4_000).then(end)]);
      const failed = (await Promise.all(uploads)).filter((outcome) => outcome !== undefined);
      if (failed.length > 0)
        throw new Error(`${failed.length} of ${uploads.length} requests in flight failed: ${failed[0]}`);
    },
  ),
  {
    name: 'client-incomplete',
    description: "the new client's index.html names a file that is not there",
    undone: true,
    where: () => '',
    arrange(cloud) {
      const breakPage = (): void => {
        for (const { objects } of cloud.buckets.values())
          for (const [key, stored] of objects)
            if (
              /releases\/[^/]+\/index\.html$/.test(key) &&
              stored.file.includes('/next/client-incomplete/')
            ) {
              const file = join(cloud.workspace.folder('broken'), 'index.html');
              const page = readFileSync(stored.file, 'utf8');
              writeFileSync(
                file,
                page.replace('</head>', '<script src="/assets/missing-0a1b2c3d.js"></script></head>'),
              );
              objects.set(key, { ...stored, file });
            }
      };
      cloud.events.on('uploaded', breakPage);
      return undefined;
    },
  },
  {
    name: 'pointer-write-fails',
    description: 'the store of the pointer takes no new value',
    undone: true,
    where: () => '',
    arrange(cloud) {
      cloud.events.on('refuse pointer', () => {});
      return undefined;
    },
  },
];

export function faultNamed(name: string): Fault {
  const fault = FAULTS.find((one) => one.name === name);
  if (fault) return fault;
  throw new Error(
    `there is no fault '${name}'; those there are: ${FAULTS.map((one) => one.name).join(', ')}`,
  );
}

const isUpload = ({ method }: IncomingMessage): boolean => method === 'POST';

/** A request whose body ends when `ends` settles; what became of it when it failed. */
function slowUpload(cloud: EmulatedAccount, ends: Promise<void>): Promise<string | undefined> {
  const path = [...cloud.targetGroups.values()][0]!.options.healthPath;
  const headers = { 'content-type': 'application/json', 'content-length': 20 };
  return new Promise((resolve) => {
    const sent = request(`${cloud.edge!.url}${path}`, { method: 'POST', headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode! >= 500 ? `status ${answer.statusCode}` : undefined);
    });
    sent.on('error', (error) => resolve(error.message));
    sent.write('{"rehearsal"');
    void ends.then(() => sent.end(': true }'));
  });
}
