import { Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { DeploymentStrategy } from '../../../constructs/server';
import { serverTemplate } from './server-stack';
import { canExecute, deployedDefinition, execute } from './state-machine';

const NAME = 'guestbook-test-deployment-watchdog';
const minutes = Duration.minutes;
const template = serverTemplate({
  deployment: {
    strategy: DeploymentStrategy.canary({
      healthyWithin: minutes(3),
      stepBakeTime: minutes(5),
      bakeTime: minutes(5),
    }),
  },
});
const definition = deployedDefinition(template, NAME);

type Seen = { Status: string; LifecycleStage?: string };
const at = (LifecycleStage: string): Seen => ({ Status: 'IN_PROGRESS', LifecycleStage });
const times = (n: number, seen: Seen): Seen[] => Array<Seen>(n).fill(seen);

class EcsError extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

/** Follows a deployment that is seen in one state after the other, the last one for ever. */
async function follow(seen: Seen[], options: { found?: number; stop?: () => void; say?: () => void } = {}) {
  const asked: { operation: string; input: unknown }[] = [];
  let looks = 0;
  const said: unknown[] = [];
  await execute(definition, {
    'Find deployment': async (input) => {
      asked.push({ operation: 'list', input });
      return {
        ServiceDeployments: Array.from({ length: options.found ?? 1 }, () => ({
          ServiceDeploymentArn: 'd-1',
        })),
      };
    },
    Look: async (input) => {
      asked.push({ operation: 'describe', input });
      return { ServiceDeployments: [seen[Math.min(looks++, seen.length - 1)]] };
    },
    'Say so': async (input) => {
      said.push(input);
      options.say?.();
      return null;
    },
    'Roll back': async (input) => {
      asked.push({ operation: 'stop', input });
      options.stop?.();
      return { ServiceDeploymentArn: 'd-1' };
    },
  });
  return { asked, looks, said, stopped: asked.filter(({ operation }) => operation === 'stop') };
}

const DONE: Seen = { Status: 'SUCCESSFUL', LifecycleStage: 'CLEAN_UP' };

describe.runIf(canExecute)('the watchdog, executed', () => {
  test('finds the running deployment of its own service', async () => {
    const { asked } = await follow([DONE]);
    expect(asked[0]?.input).toEqual({
      Cluster: 'guestbook-test',
      Service: 'guestbook-test',
      Status: ['PENDING', 'IN_PROGRESS'],
    });
  });

  test('ends if there is none', async () => {
    expect(await follow([DONE], { found: 0 })).toMatchObject({ looks: 0, stopped: [] });
  });

  test('does not stop a good canary', async () => {
    const { stopped } = await follow([
      { Status: 'PENDING' },
      ...times(4, at('SCALE_UP')),
      at('POST_SCALE_UP'),
      ...times(3, at('TEST_TRAFFIC_SHIFT')),
      ...times(6, at('POST_TEST_TRAFFIC_SHIFT')),
      at('PRE_PRODUCTION_TRAFFIC_SHIFT'),
      ...times(10, at('PRODUCTION_TRAFFIC_SHIFT')),
      at('PRE_PRODUCTION_TRAFFIC_SHIFT'),
      at('PRODUCTION_TRAFFIC_SHIFT'),
      at('POST_PRODUCTION_TRAFFIC_SHIFT'),
      ...times(12, at('BAKE_TIME')),
      DONE,
    ]);
    expect(stopped).toEqual([]);
  });

  test('reports each poll of a deployment, and stops reporting at its end', async () => {
    const { said, looks } = await follow([...times(3, at('SCALE_UP')), at('BAKE_TIME'), DONE]);
    expect(looks).toBe(5);
    expect(said).toEqual(
      Array(4).fill({
        Namespace: 'guestbook-test/Deployment',
        MetricData: [{ MetricName: 'Followed', Value: 1 }],
      }),
    );
  });

  test('polls even if it cannot report', async () => {
    const say = () => {
      throw new EcsError('CloudWatch.InternalServiceException');
    };
    expect((await follow([at('SCALE_UP')], { say })).stopped).toHaveLength(1);
  });

  test('rolls back tasks that do not become healthy in time', async () => {
    const { stopped, looks } = await follow([at('SCALE_UP')]);
    expect(stopped).toEqual([
      { operation: 'stop', input: { ServiceDeploymentArn: 'd-1', StopType: 'ROLLBACK' } },
    ]);
    // Three minutes, in steps of half a minute, after the first look.
    expect(looks).toBe(7);
  });

  test('counts the total time until the tasks are healthy, across stages', async () => {
    const { stopped, looks } = await follow([
      { Status: 'PENDING' },
      at('RECONCILE_SERVICE'),
      ...times(2, at('PRE_SCALE_UP')),
      at('SCALE_UP'),
    ]);
    expect([stopped.length, looks]).toEqual([1, 7]);
  });

  test('rolls back a verification that hangs', async () => {
    const { stopped, looks } = await follow([at('SCALE_UP'), at('POST_TEST_TRAFFIC_SHIFT')]);
    expect([stopped.length, looks]).toEqual([1, 1 + 1 + 20]);
  });

  test('rolls back a shift that exceeds its plan, over all of its steps', async () => {
    const steps = Array.from({ length: 40 }, (_, n) =>
      at(n % 2 ? 'PRODUCTION_TRAFFIC_SHIFT' : 'PRE_PRODUCTION_TRAFFIC_SHIFT'),
    );
    const { stopped, looks } = await follow(steps);
    expect([stopped.length, looks]).toEqual([1, 1 + 30]);
  });

  test('rolls back a bake time that hangs', async () => {
    const { stopped, looks } = await follow([at('BAKE_TIME')]);
    expect([stopped.length, looks]).toEqual([1, 1 + 30]);
  });

  test('does not limit the cleanup, after which no rollback exists', async () => {
    expect((await follow([at('CLEAN_UP')])).stopped).toEqual([]);
  });

  test.each(['ROLLBACK_IN_PROGRESS', 'ROLLBACK_REQUESTED', 'STOPPED', 'SUCCESSFUL'])(
    'ignores a deployment that is %s',
    async (Status) => {
      expect(await follow([{ Status, LifecycleStage: 'SCALE_UP' }])).toMatchObject({ looks: 1, stopped: [] });
    },
  );

  test('ends if the deployment ended before it was stopped', async () => {
    const stop = () => {
      throw new EcsError('Ecs.ConflictException');
    };
    expect((await follow([at('SCALE_UP')], { stop })).stopped).toHaveLength(1);
  });

  test('retries if ECS could not stop it', async () => {
    let failures = 2;
    const stop = () => {
      if (failures-- > 0) throw new EcsError('Ecs.ServerException');
    };
    expect((await follow([at('SCALE_UP')], { stop })).stopped).toHaveLength(3);
  });

  test('fails if ECS refuses to stop it, so that the failure alarm fires', async () => {
    const stop = () => {
      throw new EcsError('Ecs.AccessDeniedException');
    };
    await expect(follow([at('SCALE_UP')], { stop })).rejects.toThrow('Ecs.AccessDeniedException');
  });
});

describe('the watchdog, deployed', () => {
  test('is started by each deployment of this service only', () => {
    const rules = Object.values(template.findResources('AWS::Events::Rule'));
    expect(rules.flatMap(({ Properties }) => Properties.EventPattern ?? [])).toEqual([
      {
        source: ['aws.ecs'],
        'detail-type': ['ECS Deployment State Change', 'ECS Service Action'],
        resources: [
          {
            'Fn::Join': [
              '',
              [
                'arn:aws:ecs:eu-central-1:',
                { Ref: 'AWS::AccountId' },
                ':service/guestbook-test/guestbook-test',
              ],
            ],
          },
        ],
        detail: { eventName: ['SERVICE_DEPLOYMENT_IN_PROGRESS'] },
      },
    ]);
  });

  test('exists before the first deployment', () => {
    const service = Object.values(template.findResources('AWS::ECS::Service'))[0]!;
    expect(service.DependsOn).toContainEqual(expect.stringMatching(/WatchdogStarted/));
  });

  test('has a timeout', () => {
    expect(definition.TimeoutSeconds).toBe((3 + 10 + 15 + 15 + 60) * 60);
  });

  test('uses no Lambda function', () => {
    expect(JSON.stringify(definition)).not.toContain('lambda');
  });

  test('does not exist for rolling deployments, which have the circuit breaker', () => {
    const rolling = serverTemplate({ deployment: { strategy: DeploymentStrategy.rolling() } });
    rolling.resourceCountIs('AWS::StepFunctions::StateMachine', 0);
    rolling.resourceCountIs('AWS::Events::Rule', 0);
  });
});
