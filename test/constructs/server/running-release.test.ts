import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type AwsService,
  AwsServiceError,
  stackIs,
  startAwsService,
  useAwsService,
} from '../../support/aws-service';
import { askCustomResource } from '../../support/cloudformation';

const FAMILY = 'arn:aws:ecs:eu-central-1:111122223333:task-definition/guestbook-test';
const revision = (n: number) => `${FAMILY}:${n}`;
const serviceRevision = (n: number) => `arn:aws:ecs:eu-central-1:111122223333:service-revision/g/g/${n}`;

interface Deployment {
  status: string;
  /** Revision it aims at. */
  target: number;
  createdAt?: number;
  statusReason?: string;
  rollback?: { reason?: string; serviceRevisionArn?: string };
  source?: number;
}

let aws: AwsService;
let restore: () => void;
// biome-ignore lint/suspicious/noExplicitAny: a bundle has no types
let handler: any;

// The state of ECS and CloudWatch in a test.
let deployments: Deployment[];
let later: Deployment[] | undefined;
let registered: number[];
let firing: string[];
/** Time at which the alarms that are not firing have changed. */
let changed: string;
let status: string;
/** Number of invocations of the hook's function that fail. */
let idle: number;
let refusal: AwsServiceError | undefined;

beforeAll(async () => {
  aws = await startAwsService({
    ListServiceDeployments: () => {
      const now = deployments;
      if (later) deployments = later;
      return {
        serviceDeployments: now.map(({ status, target, createdAt = target, statusReason }, index) => ({
          serviceDeploymentArn: `deployment-${index}`,
          targetServiceRevisionArn: serviceRevision(target),
          status,
          statusReason,
          createdAt,
        })),
      };
    },
    DescribeServiceDeployments: ({ serviceDeploymentArns: [arn] }) => {
      const { rollback, statusReason, source } = deployments[Number(arn.split('-')[1])]!;
      return {
        serviceDeployments: [
          {
            rollback,
            statusReason,
            ...(source && { sourceServiceRevisions: [{ arn: serviceRevision(source) }] }),
          },
        ],
      };
    },
    DescribeServiceRevisions: ({ serviceRevisionArns: [arn] }) => ({
      serviceRevisions: [{ taskDefinition: revision(Number(arn.split('/').at(-1))) }],
    }),
    ListTaskDefinitions: () => ({ taskDefinitionArns: registered.map(revision) }),
    DeregisterTaskDefinition: () => {
      if (refusal) throw refusal;
      return {};
    },
    DescribeAlarms: ({ AlarmNames, StateValue }) => ({
      MetricAlarms: AlarmNames.filter((name: string) => !StateValue || firing.includes(name)).map(
        (AlarmName: string) => ({
          AlarmName,
          StateValue: firing.includes(AlarmName) ? 'ALARM' : 'OK',
          StateUpdatedTimestamp: Date.parse('2026-11-01T10:00:00Z') / 1000,
          StateTransitionedTimestamp: Date.parse(changed) / 1000,
        }),
      ),
    }),
    SetAlarmState: () => {
      if (refusal) throw refusal;
      return {};
    },
    DescribeStacks: () => stackIs(status),
    Invoke: () => {
      if (idle-- > 0) throw new AwsServiceError('ResourceConflictException');
      return { hookStatus: 'SUCCEEDED' };
    },
  });
  restore = useAwsService(aws, ['ECS', 'CLOUDWATCH', 'CLOUDFORMATION', 'LAMBDA']);
  process.env.WARM_UP_MS = '200';
  process.env.POLL_MS = '5';
  handler = require(join(__dirname, '../../../bundles/running-release/index.js')).handler;
});

afterAll(async () => {
  delete process.env.POLL_MS;
  delete process.env.WARM_UP_MS;
  restore();
  await aws.stop();
});

beforeEach(() => {
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation(() => {});
  aws.calls.length = 0;
  deployments = [{ status: 'SUCCESSFUL', target: 8 }];
  later = undefined;
  registered = [8, 7, 6];
  firing = [];
  changed = '2026-11-01T10:00:00Z';
  status = 'UPDATE_IN_PROGRESS';
  idle = 0;
  refusal = undefined;
});

afterEach(() => vi.restoreAllMocks());

const suspensions = () => asked('SetAlarmState').map(({ input }) => input.StateValue);

const asked = (operation: string) => aws.calls.filter((call) => call.operation === operation);

describe('after a deployment', () => {
  const ask = (taskDefinition: number, RequestType = 'Update', Keep = '20', remainingMs = 60_000) =>
    askCustomResource(
      handler,
      {
        RequestType,
        ResourceType: 'Custom::RunningRelease',
        PhysicalResourceId: 'RunningRelease',
        ResourceProperties: {
          Cluster: 'guestbook-test',
          Service: 'guestbook-test',
          Suspension: 'g-suspended',
          TaskDefinition: revision(taskDefinition),
          Keep,
        },
        OldResourceProperties: {},
      },
      { remainingMs },
    );

  test("succeeds if the template's revision is running", async () => {
    expect(await ask(8)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('reads the service of its cluster', async () => {
    await ask(8);
    expect(asked('ListServiceDeployments')[0]?.input).toMatchObject({
      cluster: 'guestbook-test',
      service: 'guestbook-test',
    });
  });

  test('evaluates the latest deployment, in any order of the list', async () => {
    deployments = [
      { status: 'SUCCESSFUL', target: 7 },
      { status: 'SUCCESSFUL', target: 8 },
      { status: 'SUCCESSFUL', target: 6 },
    ];
    expect(await ask(8)).toMatchObject({ Status: 'SUCCESS' });
  });

  test.each(['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'])(
    'waits while the deployment is %s',
    async (status) => {
      deployments = [{ status, target: 8 }];
      later = [{ status: 'SUCCESSFUL', target: 8 }];
      expect(await ask(8)).toMatchObject({ Status: 'SUCCESS' });
      expect(asked('ListServiceDeployments')).toHaveLength(2);
    },
  );

  test('succeeds during a stack rollback if the previous revision is running', async () => {
    deployments = [
      { status: 'ROLLBACK_SUCCESSFUL', target: 8, rollback: { serviceRevisionArn: serviceRevision(7) } },
    ];
    expect(await ask(7)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('uses the source revision of a deployment whose rollback names no revision', async () => {
    deployments = [{ status: 'ROLLBACK_SUCCESSFUL', target: 8, source: 7 }];
    expect(await ask(7)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('reactivates the rollback alarms for the next deployment', async () => {
    await ask(8);
    expect(suspensions()).toEqual(['OK']);
  });

  test('succeeds if the rollback alarms stay suspended', async () => {
    refusal = new AwsServiceError('Throttling');
    expect(await ask(8)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('succeeds during a rollback with any revision', async () => {
    status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    deployments = [{ status: 'ROLLBACK_FAILED', target: 7, source: 8 }];
    expect(await ask(7)).toMatchObject({ Status: 'SUCCESS' });
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('an unknown revision'));
    expect(suspensions()).toEqual(['OK']);
  });

  test('calls no API on Delete', async () => {
    expect(await ask(8, 'Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(aws.calls).toEqual([]);
  });

  test('fails with the reason of ECS if the release was rolled back', async () => {
    deployments = [
      {
        status: 'ROLLBACK_SUCCESSFUL',
        target: 8,
        rollback: { reason: 'alarm guestbook-test-rollback-errors', serviceRevisionArn: serviceRevision(7) },
      },
    ];
    expect(await ask(8)).toMatchObject({
      Status: 'FAILED',
      Reason:
        'the service runs guestbook-test:7, not guestbook-test:8 of this release; ' +
        'its last deployment is ROLLBACK_SUCCESSFUL: alarm guestbook-test-rollback-errors',
    });
  });

  test('fails if a rollback failed, with any expected revision', async () => {
    deployments = [{ status: 'ROLLBACK_FAILED', target: 8, source: 7, statusReason: 'no capacity' }];
    expect(await ask(7)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('an unknown revision, not guestbook-test:7'),
    });
  });

  test('fails if a deployment succeeded with another revision', async () => {
    deployments = [{ status: 'SUCCESSFUL', target: 7 }];
    expect(await ask(8)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('guestbook-test:7'),
    });
  });

  test('fails if the service was never deployed', async () => {
    deployments = [];
    expect(await ask(8)).toMatchObject({
      Status: 'FAILED',
      Reason: 'ECS has no deployment of the service guestbook-test',
    });
  });

  test('fails in time if the deployment does not settle', async () => {
    deployments = [{ status: 'IN_PROGRESS', target: 8 }];
    const event = {
      RequestType: 'Create',
      ResourceType: 'Custom::RunningRelease',
      ResourceProperties: { Cluster: 'g', Service: 'g', TaskDefinition: revision(8), Keep: '20' },
    };
    expect(await askCustomResource(handler, event, { remainingMs: 5_100 })).toMatchObject({
      Status: 'FAILED',
    });
    deployments = [{ status: 'SUCCESSFUL', target: 8 }];
  });

  test('succeeds during a rollback if the deployment does not settle', async () => {
    status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    deployments = [{ status: 'IN_PROGRESS', target: 7 }];
    expect(await ask(7, 'Update', '20', 5_100)).toMatchObject({ Status: 'SUCCESS' });
    deployments = [{ status: 'SUCCESSFUL', target: 7 }];
  });

  describe('old task definitions', () => {
    test('are deregistered beyond the number to keep', async () => {
      registered = [8, 7, 6, 5, 4];
      await ask(8, 'Update', '3');
      expect(asked('DeregisterTaskDefinition').map(({ input }) => input.taskDefinition)).toEqual([
        revision(5),
        revision(4),
      ]);
    });

    test('are of this family, newest first', async () => {
      await ask(8);
      expect(asked('ListTaskDefinitions')[0]?.input).toMatchObject({
        familyPrefix: 'guestbook-test',
        status: 'ACTIVE',
        sort: 'DESC',
      });
    });

    test('stay if they are the running one or newer', async () => {
      deployments = [{ status: 'SUCCESSFUL', target: 6 }];
      registered = [9, 8, 7, 6, 5];
      await ask(6, 'Update', '1');
      expect(asked('DeregisterTaskDefinition').map(({ input }) => input.taskDefinition)).toEqual([
        revision(5),
      ]);
    });

    test('stay if the release is not running', async () => {
      deployments = [{ status: 'SUCCESSFUL', target: 7 }];
      await ask(8, 'Update', '1');
      expect(asked('DeregisterTaskDefinition')).toEqual([]);
    });

    test('do not fail the release if they cannot be deregistered', async () => {
      refusal = new AwsServiceError('ClientException');
      expect(await ask(8, 'Update', '1')).toMatchObject({ Status: 'SUCCESS' });
    });
  });
});

describe('before a deployment', () => {
  const ask = (to: number, from?: number, WhenFiring = 'refuse') =>
    askCustomResource(handler, {
      RequestType: from === undefined ? 'Create' : 'Update',
      ResourceType: 'Custom::QuietRollbackAlarms',
      PhysicalResourceId: 'QuietAlarms',
      ResourceProperties: {
        Cluster: 'guestbook-test',
        Service: 'guestbook-test',
        Alarms: ['g-errors', 'g-latency'],
        Suspension: 'g-suspended',
        TaskDefinition: revision(to),
        WhenFiring,
        Hook: 'arn:aws:lambda:eu-central-1:111122223333:function:hook',
      },
      OldResourceProperties: from && { TaskDefinition: revision(from) },
    });

  test('succeeds if no rollback alarm is firing', async () => {
    expect(await ask(8, 7)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('reads its own alarms', async () => {
    await ask(8, 7);
    expect(asked('DescribeAlarms')[0]?.input).toMatchObject({ AlarmNames: ['g-errors', 'g-latency'] });
  });

  test('activates the rollback alarms for the deployment', async () => {
    await ask(8, 7);
    expect(suspensions()).toEqual(['OK']);
    expect(asked('SetAlarmState')[0]?.input).toMatchObject({ AlarmName: 'g-suspended' });
  });

  test('fails a release for which the rollback alarms cannot be activated', async () => {
    refusal = new AwsServiceError('AccessDenied');
    expect(await ask(8, 7)).toMatchObject({ Status: 'FAILED' });
  });

  describe('during a rollback of the stack', () => {
    beforeEach(() => {
      status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    });

    test('suspends the rollback alarms, because the failed release may make them fire', async () => {
      expect(await ask(7, 8)).toMatchObject({ Status: 'SUCCESS' });
      expect(suspensions()).toEqual(['ALARM']);
    });

    test('ignores firing alarms, and does not invoke the verification', async () => {
      firing = ['g-errors'];
      expect(await ask(7, 8)).toMatchObject({ Status: 'SUCCESS' });
      expect([...asked('DescribeAlarms'), ...asked('Invoke')]).toEqual([]);
    });

    test('suspends nothing if the previous release is running, because no deployment would reactivate the alarms', async () => {
      deployments = [{ status: 'ROLLBACK_SUCCESSFUL', target: 8, source: 7 }];
      expect(await ask(7, 8)).toMatchObject({ Status: 'SUCCESS' });
      expect(suspensions()).toEqual([]);
    });

    test('suspends the rollback alarms while the failed release is being deployed', async () => {
      deployments = [{ status: 'IN_PROGRESS', target: 8, source: 7 }];
      await ask(7, 8);
      expect(suspensions()).toEqual(['ALARM']);
    });

    test('suspends the rollback alarms if the running revision is unknown', async () => {
      deployments = [];
      await ask(7, 8);
      expect(suspensions()).toEqual(['ALARM']);
    });

    test('succeeds if CloudWatch refuses', async () => {
      refusal = new AwsServiceError('AccessDenied');
      expect(await ask(7, 8)).toMatchObject({ Status: 'SUCCESS' });
    });

    test('compares revisions if the stack status is unknown', async () => {
      status = '<';
      await ask(7, 8);
      await ask(9, 8);
      expect(suspensions()).toEqual(['ALARM', 'OK']);
    });
  });

  describe('the verification function', () => {
    test('is invoked until it returns', async () => {
      idle = 2;
      expect(await ask(8, 7)).toMatchObject({ Status: 'SUCCESS' });
      expect(asked('Invoke').map(({ input }) => input)).toEqual(Array(3).fill({ warmUp: true }));
    });

    test('fails the release if it never returns', async () => {
      idle = 1_000_000;
      expect(await ask(8, 7)).toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringMatching(/^cannot invoke the verification function arn:.*:hook: /),
      });
    });

    test('is not invoked by an update without a new revision', async () => {
      await ask(8, 8);
      expect(asked('Invoke')).toEqual([]);
    });
  });

  test('an update without a new revision succeeds', async () => {
    firing = ['g-errors'];
    expect(await ask(8, 8)).toMatchObject({ Status: 'SUCCESS' });
  });

  test("succeeds with whenFiring 'warn', and names the firing alarms", async () => {
    firing = ['g-errors'];
    expect(await ask(8, 7, 'warn')).toMatchObject({ Status: 'SUCCESS' });
    expect(console.warn).toHaveBeenCalledWith(
      expect.stringContaining('rollback alarms are firing or changed within the last hour: g-errors.'),
    );
    expect(suspensions()).toEqual(['OK', 'ALARM']);
  });

  test("with whenFiring 'warn', suspends alarms that fired a moment ago", async () => {
    changed = new Date().toISOString();
    await ask(8, 7, 'warn');
    expect(suspensions()).toEqual(['OK', 'ALARM']);
  });

  test("with whenFiring 'warn', leaves quiet alarms active", async () => {
    await ask(8, 7, 'warn');
    expect(suspensions()).toEqual(['OK']);
  });

  test('revisions are compared as numbers', async () => {
    firing = ['g-errors'];
    expect(await ask(10, 9)).toMatchObject({ Status: 'FAILED' });
  });

  test('a new release fails while an alarm is firing, with its name and the time since when', async () => {
    firing = ['g-latency'];
    expect(await ask(8, 7)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(
        /^rollback alarms are firing: g-latency since 2026-11-01T10:00:00.000Z\. .* set 'whenFiring' to 'warn' to deploy a fix$/,
      ),
    });
  });

  test('a first release fails while an alarm is firing', async () => {
    firing = ['g-errors', 'g-latency'];
    expect(await ask(8)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('g-errors since 2026-11-01T10:00:00.000Z, g-latency since'),
    });
  });
});
