import { readFileSync, writeFileSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { ServiceError } from './core/aws-api';
import { pause, until } from './core/time';
import type { EmulatedAccount } from './emulated-account';
import { rotatePasswords } from './password-rotation';

/** A fault that a rehearsal injects into a release. */
export interface Fault {
  readonly name: string;
  readonly description: string;
  /** True if the plan must detect the fault and leave users on the last good release. */
  readonly undone: boolean;
  /** True if some requests may fail until the plan detects the fault. */
  readonly mayFail?: boolean;
  /** Names the property that should have detected the fault, for an error message; empty for none. */
  where(account: EmulatedAccount): string;
  /** Injects the fault at its event. Returns a check of the outcome, if the fault has one. */
  arrange(account: EmulatedAccount): (() => Promise<void>) | undefined;
}

const service = (account: EmulatedAccount) => [...account.ecs.services.values()][0]!;
const deployment = (account: EmulatedAccount) =>
  `; it is for ${service(account).logicalId}: DeploymentConfiguration`;

/** A fault in the new release's processes from their start. */
function inProcess(name: string, description: string, what: 'server' | 'migration', fault: string): Fault {
  return {
    name,
    description,
    undone: true,
    where: deployment,
    arrange(account) {
      account.ecs.faultOf = (process) => (process === what ? fault : undefined);
      for (const event of ['rolling back', 'stack rolls back'])
        account.stage.milestones.once(event, () => {
          account.ecs.faultOf = () => undefined;
        });
      return undefined;
    },
  };
}

/** A fault in the new release's servers after users have moved to them. */
function afterShift(name: string, description: string, fault: string, mayFail: boolean): Fault {
  return {
    ...inProcess(name, description, 'server', fault),
    mayFail,
    arrange(account) {
      account.ecs.faultOf = (process) => (process === 'server' ? fault : undefined);
      account.stage.milestones.once('production traffic moved', () => {
        for (const task of service(account).next) task.signal('SIGUSR2');
        account.ecs.faultOf = () => undefined;
        account.stage.announce('fault', description);
      });
      return undefined;
    },
  };
}

/** An incident during the release. The release must succeed. */
function duringRelease(
  name: string,
  description: string,
  on: string,
  happen: (account: EmulatedAccount) => Promise<void>,
  mayFail = false,
): Fault {
  return {
    name,
    description,
    undone: false,
    mayFail,
    where: () => '',
    arrange(account) {
      let begun = false;
      const happened = new Promise<void>((resolve, reject) => {
        account.stage.milestones.once(on, () => {
          begun = true;
          account.stage.announce('fault', description);
          happen(account).then(resolve, reject);
        });
      });
      happened.catch(() => {});
      return () => (begun ? happened : Promise.race([happened, never(on)]));
    },
  };
}

/** Fails after ten seconds, because the fault's event would have happened by then. */
async function never(event: string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, 10_000).unref());
  throw new Error(`the event '${event}' did not happen, so the fault was not injected`);
}

export const FAULTS: readonly Fault[] = [
  inProcess('migration-fails', 'the migration ends with an error', 'migration', 'exit'),
  {
    ...inProcess('migration-hangs', 'the migration never ends', 'migration', 'hang'),
    arrange(account) {
      account.ecs.faultOf = (process) => (process === 'migration' ? 'hang' : undefined);
      const { clock, milestones } = account.stage;
      // A handler continues in a second invocation before Lambda stops it. An hour later, it is past its own limit.
      milestones.once('task started', () => {
        const handedOver = new Promise((resolve) => milestones.once('handed over', resolve));
        setTimeout(() => clock.skip(14 * 60), 300);
        void Promise.race([handedOver, pause(3_000)])
          .then(() => pause(300))
          .then(() => {
            clock.skip(3600);
            account.stage.announce('an hour later');
          });
      });
      milestones.once('stack rolls back', () => {
        account.ecs.faultOf = () => undefined;
      });
      return undefined;
    },
  },
  inProcess('server-exits', 'the new server ends when it starts', 'server', 'exit'),
  inProcess('health-fails', 'the new server runs and never becomes healthy', 'server', 'unhealthy'),
  inProcess(
    'verification-fails',
    'the new server is healthy, but answers all other requests with 500',
    'server',
    'unverified',
  ),
  afterShift('errors-after-shift', 'the new server answers users with 500', 'errors', true),
  afterShift('latency-after-shift', 'the new server takes three seconds to answer users', 'latency', false),
  duringRelease(
    'database-restarts',
    'the database restarts while both releases run',
    'test traffic moved',
    (account) => account.rds.database!.postgres.restart(),
    // The server retries failed connections, but not queries: a query in progress at that moment fails.
    true,
  ),
  duringRelease(
    'connections-exhausted',
    'the proxy has no free connection for two seconds',
    'test traffic moved',
    async (account) => {
      const release = account.rds.database!.proxy?.occupyConnections();
      await pause(2_000);
      release?.();
    },
  ),
  duringRelease(
    'password-rotated',
    'the passwords are rotated while users are served',
    'test traffic moved',
    rotatePasswords,
  ),
  duringRelease(
    'task-killed',
    'a task of the running release is killed under load',
    'test traffic moved',
    async (account) => service(account).live[0]!.signal('SIGKILL'),
    true,
  ),
  duringRelease(
    'sigterm-in-flight',
    'a task gets SIGTERM while it serves requests',
    // Traffic has not moved yet, so all uploads reach tasks of the running release.
    'deployment begins',
    async (account) => {
      let end = () => {};
      const ends = new Promise<void>((resolve) => {
        end = resolve;
      });
      const uploads = Array.from({ length: 8 }, () => slowUpload(account, ends));
      const targets = () => [...account.elbv2.targetGroups.values()].flatMap((group) => [...group.targets]);
      const arrived = () => targets().flatMap(({ pending }) => [...pending.values()].filter(isSentUpload));
      if (!(await until(() => arrived().length === uploads.length, 10_000)))
        throw new Error('the uploads never reached their tasks');
      // The load balancer alternates between tasks, so the uploads may be uneven: interrupt the busiest task.
      await Promise.all([service(account).interrupt(service(account).busiest), pause(4_000).then(end)]);
      const failed = (await Promise.all(uploads)).filter((outcome) => outcome !== undefined);
      if (failed.length > 0)
        throw new Error(`${failed.length} of ${uploads.length} requests in progress failed: ${failed[0]}`);
    },
  ),
  {
    name: 'client-incomplete',
    description: "the new client's index.html names a missing file",
    undone: true,
    where: () => '',
    arrange(account) {
      const breakPage = (): void => {
        for (const { objects } of account.buckets.values())
          for (const [key, stored] of objects)
            if (
              /releases\/[^/]+\/index\.html$/.test(key) &&
              stored.file.includes('/next/client-incomplete/')
            ) {
              const file = join(account.stage.workspace.folder('broken'), 'index.html');
              const page = readFileSync(stored.file, 'utf8');
              writeFileSync(
                file,
                page.replace('</head>', '<script src="/assets/missing-0a1b2c3d.js"></script></head>'),
              );
              objects.set(key, { ...stored, file });
            }
      };
      account.stage.milestones.on('uploaded', breakPage);
      return undefined;
    },
  },
  {
    name: 'aws-throttles',
    description: 'AWS throttles or fails every third call of the handlers, and the first polls of each task',
    undone: false,
    where: () => '',
    arrange({ stage: { api }, functions }) {
      let [calls, polls, disturbed] = [0, 0, 0];
      api.disturb = (name, caller) => {
        if (![...functions.values()].some((one) => one.caller === caller)) return undefined;
        // The SDK gives up after three attempts, so the handler itself has to retry these.
        const isPoll = name === 'ecs:DescribeTasks' && polls++ < 8;
        if (!isPoll && calls++ % 3 !== 0) return undefined;
        return disturbed++ % 2 === 0
          ? new ServiceError('ThrottlingException', 'Rate exceeded')
          : new ServiceError('InternalFailure', 'the service has failed', 500);
      };
      return async () => {
        api.disturb = () => undefined;
        if (polls < 8) throw new Error(`AWS failed only ${polls} polls of a task`);
      };
    },
  },
  {
    name: 'late-step-fails',
    description: 'the new server answers users with 500 once they have the new client',
    undone: true,
    mayFail: true,
    where: deployment,
    arrange(account) {
      account.ecs.faultOf = (process) => (process === 'server' ? 'errors' : undefined);
      // The errors continue until the rollback has moved the traffic.
      account.stage.milestones.once('pointer moved', () => {
        for (const task of service(account).live) task.signal('SIGUSR2');
        account.ecs.faultOf = () => undefined;
        account.stage.announce('fault', this.description);
      });
      return undefined;
    },
  },
  {
    name: 'pointer-write-fails',
    description: 'the key value store refuses new values',
    undone: true,
    where: () => '',
    arrange(account) {
      account.stage.milestones.on('refuse pointer', () => {});
      return undefined;
    },
  },
];

export function faultNamed(name: string): Fault {
  const fault = FAULTS.find((one) => one.name === name);
  if (fault) return fault;
  throw new Error(`there is no fault '${name}'; choose from ${FAULTS.map((one) => one.name).join(', ')}`);
}

/** True if the load balancer has passed an upload, as far as it came, to the kernel. */
function isSentUpload(onward: ClientRequest | undefined): boolean {
  if (onward?.method !== 'POST') return false;
  return onward.headersSent && onward.socket?.connecting === false && onward.writableLength === 0;
}

/** Sends a request whose body ends when `ends` settles. Returns the failure, or undefined if the request succeeds. */
function slowUpload(account: EmulatedAccount, ends: Promise<void>): Promise<string | undefined> {
  const path = [...account.elbv2.targetGroups.values()][0]!.options.healthPath;
  const headers = { 'content-type': 'application/json', 'content-length': 20 };
  return new Promise((resolve) => {
    const sent = request(
      `${account.cloudFront.distribution!.url}${path}`,
      { method: 'POST', headers, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode! >= 500 ? `status ${answer.statusCode}` : undefined);
      },
    );
    sent.on('error', (error) => resolve(error.message));
    sent.write('{"rehearsal"');
    void ends.then(() => sent.end(': true }'));
  });
}
