import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DeploymentStrategy } from '../../constructs/server';
import type { Json, Template as Plan } from '../../lib/rehearsal/core/assembly';
import { HandlerError } from '../../lib/rehearsal/core/aws-api';
import { SPEED } from '../../lib/rehearsal/core/time';
import { testDatabase } from '../constructs/database/database-stack';
import { addServer, serverTemplate } from '../constructs/server/server-stack';
import { testStack } from '../support';
import { smallAccount } from './small-account';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets minutes of the rehearsal pass. */
const minutes = (count: number) => vi.advanceTimersByTimeAsync((count * 60_000) / SPEED);

/** Changes the definition of the state machine with a matching id. */
const changed =
  (id: RegExp, from: string, to: string) =>
  (resources: Plan['Resources']): void => {
    let found = false;
    const replaced = (value: unknown): unknown => {
      if (typeof value === 'string') {
        found ||= value.includes(from);
        return value.replaceAll(from, to);
      }
      if (Array.isArray(value)) return value.map(replaced);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaced(item)]));
    };
    for (const [name, resource] of Object.entries(resources))
      if (resource.Type === 'AWS::StepFunctions::StateMachine' && id.test(name))
        Object.assign(resource, { Properties: replaced(resource.Properties) });
    if (!found) throw new Error(`no machine has ${from}`);
  };

describe('the watchdog', () => {
  const template = serverTemplate({
    deployment: {
      strategy: DeploymentStrategy.blueGreen({
        healthyWithin: Duration.minutes(5),
        bakeTime: Duration.minutes(5),
      }),
    },
  });
  const started = (arn: string) => ({
    source: 'aws.ecs',
    'detail-type': 'ECS Deployment State Change',
    resources: [arn],
    detail: { eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS' },
  });

  test('stops a deployment without healthy tasks at its time limit', async () => {
    const { stage, service, machine } = smallAccount(template);
    const stop = vi.fn();
    const call = vi.spyOn(stage.api, 'call');
    stage.bus.emit(
      'event',
      started(service([{ status: 'IN_PROGRESS', stage: 'SCALE_UP', before: 'the former revision', stop }])),
    );
    await minutes(5);
    const [execution] = machine(/Watchdog/).executions;
    expect(stop).not.toHaveBeenCalled();
    await minutes(2);
    expect(stop).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^Server\w*Watchdog\w*: Roll back$/));
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    expect(execution!.states.at(-1)).toBe('Rolled back');
    // Each call names the principal that IAM would judge.
    const callers = Object.fromEntries(call.mock.calls.map(([caller, name]) => [name, caller]));
    expect(callers).toMatchObject({
      'states:StartExecution': {
        name: expect.stringMatching(/Watchdog/),
        principal: expect.stringMatching(/EventsRole\w+\.Arn$/),
      },
      'ecs:DescribeServiceDeployments': {
        name: expect.stringMatching(/^Server\w*Watchdog\w*: /),
        principal: expect.stringMatching(/Role\w+\.Arn$/),
      },
      'ecs:StopServiceDeployment': {
        name: expect.stringMatching(/: Roll back$/),
        principal: expect.stringMatching(/Role\w+\.Arn$/),
      },
    });
  });

  test('does not stop a deployment that makes progress', async () => {
    const { stage: ground, service, machine } = smallAccount(template);
    const deployment = { status: 'IN_PROGRESS', stage: 'SCALE_UP', stop: vi.fn() };
    ground.bus.emit('event', started(service([deployment])));
    for (const stage of ['SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'BAKE_TIME']) {
      deployment.stage = stage;
      await minutes(4);
    }
    deployment.stage = 'CLEAN_UP';
    await minutes(1);
    expect(deployment.stop).not.toHaveBeenCalled();
    expect(machine(/Watchdog/).executions[0]!.states.at(-1)).toBe('Over');
  });

  test('reacts only to deployment events of its own service', async () => {
    const { stage, service, machine } = smallAccount(template);
    const arn = service([]);
    stage.bus.emit('event', started(`${arn}-other`));
    stage.bus.emit('event', { ...started(arn), detail: { eventName: 'SERVICE_DEPLOYMENT_COMPLETED' } });
    await minutes(1);
    expect(machine(/Watchdog/).executions).toEqual([]);
  });

  test.each([
    [
      'stopServiceDeployment',
      'deleteService',
      /'Roll back': it uses ecs:deleteService, which the rehearsal does not support/,
    ],
    ['"Type":"Succeed"', '"Type":"Parallel"', /the type Parallel in the state 'Rolled back'/],
    ['"Default":"Over"', '"Default":"Nowhere"', /no state 'Nowhere', which 'Any\?' names as the next one/],
  ])('with %s changed into %s reports the error', async (from, to, why) => {
    const { stage, service, machine } = smallAccount(template, changed(/Watchdog/, from, to));
    const arn = service([{ status: 'IN_PROGRESS', stage: 'SCALE_UP', stop: () => {} }]);
    const { notRehearsed, logicalId } = machine(/Watchdog/);
    if (notRehearsed) expect(notRehearsed).toMatch(why);
    stage.bus.emit('event', started(arn));
    await minutes(10);
    expect(stage.failure?.message).toMatch(why);
    expect(stage.failure?.message).toContain(logicalId);
  });
});

describe('a secret with a new value', () => {
  const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:session-AbCdEf';
  const stack = testStack('Test', { env: { region: 'eu-central-1' } });
  addServer(stack, {
    deployment: {
      strategy: DeploymentStrategy.rolling(),
      redeployOnSecretChange: [Secret.fromSecretCompleteArn(stack, 'Session', SECRET)],
    },
  });
  const template = Template.fromStack(stack);
  const changes = (arn: string) => ({
    source: 'aws.secretsmanager',
    'detail-type': 'Secret Label Updated',
    resources: [arn],
    detail: { labelUpdated: 'AWSCURRENT' },
  });

  test('replaces the tasks after the running deployment', async () => {
    const { stage, service } = smallAccount(template);
    const deployment = { status: 'IN_PROGRESS' };
    const redeploy = vi.fn(async () => {});
    service([deployment], redeploy);
    stage.bus.emit('event', changes(SECRET));
    await minutes(5);
    expect(redeploy).not.toHaveBeenCalled();
    deployment.status = 'SUCCESSFUL';
    await minutes(2);
    expect(redeploy).toHaveBeenCalledOnce();
  });

  test('of another service changes nothing', async () => {
    const { stage, machine } = smallAccount(template);
    stage.bus.emit('event', changes(`${SECRET}-other`));
    await minutes(1);
    expect(machine(/SecretRoll/).executions).toEqual([]);
  });
});

describe('the rotation of passwords', () => {
  const service = { clusterName: 'guestbook-test', serviceName: 'guestbook-test' };
  const template = testDatabase({ rotation: { service } }).template();
  type Step = { step: string; rotation?: Json };

  /** Runs it by its schedule, with a handler that answers what `answer` says. */
  async function rotation(answer: (step: string) => Json, change?: (resources: Plan['Resources']) => void) {
    const small = smallAccount(template, change);
    const steps: string[] = [];
    small.functions(/RotationHandler/, ({ step }: Step) => {
      steps.push(step);
      return answer(step);
    });
    const { events } = small.account;
    await events.trigger(events.schedules[0]!, {});
    const [execution] = small.machine(/Rotation/).executions;
    return { steps, execution: execution!, stage: small.stage };
  }

  test('changes, activates and deploys the password, and completes when the service is stable', async () => {
    let looks = 0;
    const { steps, execution } = await rotation((step) => ({
      login: 'b',
      settled: step === 'check' && ++looks === 3,
    }));
    await minutes(10);
    expect(steps).toEqual(['renew', 'activate', 'roll', 'check', 'check', 'check', 'renew-others']);
    expect(execution.status).toBe('SUCCEEDED');
  });

  test('waits for a running deployment', async () => {
    let busy = 2;
    const { steps } = await rotation((step) => {
      if (step === 'renew' && busy-- > 0) throw new HandlerError('ServiceBusy', 'a deployment is under way');
      return { settled: true };
    });
    await minutes(4);
    expect(steps).toEqual(['renew']);
    await minutes(12);
    expect(steps.slice(0, 4)).toEqual(['renew', 'renew', 'renew', 'activate']);
  });

  test('reactivates the previous login if the service does not become stable', async () => {
    const { steps, execution, stage } = await rotation((step) => {
      if (step === 'check') throw new HandlerError('NotSettled', 'its deployment failed');
      return { login: 'b' };
    });
    await minutes(10);
    expect(steps).toEqual(['renew', 'activate', 'roll', 'check', 'restore']);
    expect(execution).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('NotSettled') });
    expect(stage.failure?.message).toMatch(/^DatabaseRotation\w*: DefinitionString failed/);
  });

  test('without the deployment step replaces no tasks', async () => {
    const { steps, execution } = await rotation(
      (step) => ({ settled: step === 'roll' }),
      changed(/Rotation/, '"Next":"Roll"', '"Next":"Settle"'),
    );
    await minutes(20);
    expect(steps).not.toContain('roll');
    expect(execution.status).toBe('RUNNING');
    await minutes(24 * 60);
    expect(execution.status).toBe('TIMED_OUT');
  });
});
