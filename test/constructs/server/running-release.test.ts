import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AwsService, AwsServiceError, startAwsService, useAwsService } from '../../support/aws-service';
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

// What ECS and CloudWatch know in a test.
let deployments: Deployment[];
let later: Deployment[] | undefined;
let registered: number[];
let firing: string[];
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
      MetricAlarms: firing
        .filter((name) => StateValue === 'ALARM' && AlarmNames.includes(name))
        .map((AlarmName) => ({
          AlarmName,
          StateUpdatedTimestamp: Date.parse('2026-11-01T10:00:00Z') / 1000,
        })),
    }),
  });
  restore = useAwsService(aws, ['ECS', 'CLOUDWATCH']);
  process.env.POLL_MS = '5';
  handler = require(join(__dirname, '../../../bundles/running-release/index.js')).handler;
});

afterAll(async () => {
  delete process.env.POLL_MS;
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
  refusal = undefined;
});

afterEach(() => vi.restoreAllMocks());

const asked = (operation: string) => aws.calls.filter((call) => call.operation === operation);

describe('after a deployment', () => {
  const ask = (taskDefinition: number, RequestType = 'Update', Keep = '20') =>
    askCustomResource(handler, {
      RequestType,
      ResourceType: 'Custom::RunningRelease',
      PhysicalResourceId: 'RunningRelease',
      ResourceProperties: {
        Cluster: 'guestbook-test',
        Service: 'guestbook-test',
        TaskDefinition: revision(taskDefinition),
        Keep,
      },
      OldResourceProperties: {},
    });

  test('succeeds when the revision of the template runs', async () => {
    expect(await ask(8)).toMatchObject({ Status: 'SUCCESS', Data: { TaskDefinition: revision(8) } });
  });

  test('asks about the service of its cluster', async () => {
    await ask(8);
    expect(asked('ListServiceDeployments')[0]?.input).toMatchObject({
      cluster: 'guestbook-test',
      service: 'guestbook-test',
    });
  });

  test('judges the latest deployment, whatever the order of the list', async () => {
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

  test('succeeds in a rollback of the stack, where the former revision must run, and does', async () => {
    deployments = [
      { status: 'ROLLBACK_SUCCESSFUL', target: 8, rollback: { serviceRevisionArn: serviceRevision(7) } },
    ];
    expect(await ask(7)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('goes by the source of a deployment whose rollback names no revision', async () => {
    deployments = [{ status: 'ROLLBACK_SUCCESSFUL', target: 8, source: 7 }];
    expect(await ask(7)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('says nothing when it is deleted', async () => {
    expect(await ask(8, 'Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(aws.calls).toEqual([]);
  });

  test('fails with the reason of ECS when the release was rolled back', async () => {
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

  test('fails when a rollback failed, whatever was expected', async () => {
    deployments = [{ status: 'ROLLBACK_FAILED', target: 8, source: 7, statusReason: 'no capacity' }];
    expect(await ask(7)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('an unknown revision, not guestbook-test:7'),
    });
  });

  test('fails when a deployment succeeded with another revision', async () => {
    deployments = [{ status: 'SUCCESSFUL', target: 7 }];
    expect(await ask(8)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('guestbook-test:7'),
    });
  });

  test('fails when the service has never been deployed', async () => {
    deployments = [];
    expect(await ask(8)).toMatchObject({
      Status: 'FAILED',
      Reason: 'ECS knows no deployment of the service guestbook-test',
    });
  });

  test('fails in time when the deployment does not settle', async () => {
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

  describe('old task definitions', () => {
    test('are deregistered beyond the kept ones', async () => {
      registered = [8, 7, 6, 5, 4];
      await ask(8, 'Update', '3');
      expect(asked('DeregisterTaskDefinition').map(({ input }) => input.taskDefinition)).toEqual([
        revision(5),
        revision(4),
      ]);
    });

    test('are those of this family, newest first', async () => {
      await ask(8);
      expect(asked('ListTaskDefinitions')[0]?.input).toMatchObject({
        familyPrefix: 'guestbook-test',
        status: 'ACTIVE',
        sort: 'DESC',
      });
    });

    test('stay when they are the running one or newer', async () => {
      deployments = [{ status: 'SUCCESSFUL', target: 6 }];
      registered = [9, 8, 7, 6, 5];
      await ask(6, 'Update', '1');
      expect(asked('DeregisterTaskDefinition').map(({ input }) => input.taskDefinition)).toEqual([
        revision(5),
      ]);
    });

    test('stay when the release does not run', async () => {
      deployments = [{ status: 'SUCCESSFUL', target: 7 }];
      await ask(8, 'Update', '1');
      expect(asked('DeregisterTaskDefinition')).toEqual([]);
    });

    test('do not fail the release when they cannot be deregistered', async () => {
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
      ResourceProperties: { Alarms: ['g-errors', 'g-latency'], TaskDefinition: revision(to), WhenFiring },
      OldResourceProperties: from && { TaskDefinition: revision(from) },
    });

  test('succeeds when no rollback alarm is firing', async () => {
    expect(await ask(8, 7)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('asks for its own alarms', async () => {
    await ask(8, 7);
    expect(asked('DescribeAlarms')[0]?.input).toMatchObject({ AlarmNames: ['g-errors', 'g-latency'] });
  });

  test('succeeds on the way back, for then alarms fire for a reason', async () => {
    firing = ['g-errors'];
    expect(await ask(7, 8)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('succeeds when the update releases nothing', async () => {
    firing = ['g-errors'];
    expect(await ask(8, 8)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('succeeds with the glass broken, and says what is firing', async () => {
    firing = ['g-errors'];
    expect(await ask(8, 7, 'warn')).toMatchObject({ Status: 'SUCCESS' });
    expect(console.warn).toHaveBeenCalledWith(
      expect.stringContaining('rollback alarms are firing: g-errors'),
    );
  });

  test('compares revisions as numbers', async () => {
    firing = ['g-errors'];
    expect(await ask(10, 9)).toMatchObject({ Status: 'FAILED' });
  });

  test('fails a new release while an alarm is firing, with its name and since when', async () => {
    firing = ['g-latency'];
    expect(await ask(8, 7)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(
        /^rollback alarms are firing: g-latency since 2026-11-01T10:00:00.000Z\. .* 'whenFiring' set to 'warn'$/,
      ),
    });
  });

  test('fails a first release while an alarm is firing', async () => {
    firing = ['g-errors', 'g-latency'];
    expect(await ask(8)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('g-errors since 2026-11-01T10:00:00.000Z, g-latency since'),
    });
  });
});
