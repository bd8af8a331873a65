import { type App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, Secret } from 'aws-cdk-lib/aws-ecs';
import { Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, test } from 'vitest';
import { Network } from '../../../constructs/network';
import { DeploymentStrategy } from '../../../constructs/server';
import { testStack } from '../../support';
import { addServer, only, serverStack, serverTemplate } from './server-stack';

const SERVICE = 'AWS::ECS::Service';
const TASK = 'AWS::ECS::TaskDefinition';

describe('the service', () => {
  const template = serverTemplate();
  const service = only(template, SERVICE);

  test('has the fixed name that alarms, watchdog and command refer to', () => {
    expect(service.ServiceName).toBe('guestbook-test');
  });

  test('runs in private subnets, without public addresses', () => {
    expect(service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp).toBe('DISABLED');
  });

  test('runs in an existing cluster, which the other parts then refer to', () => {
    const stack = testStack('Test', { env: { region: 'eu-central-1' } });
    const { vpc } = new Network(stack, 'Theirs');
    const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'platform', vpc });
    const server = addServer(stack, { vpc, cluster });
    const theirs = Template.fromStack(stack);
    expect(server.clusterName).toBe('platform');
    theirs.resourceCountIs('AWS::ECS::Cluster', 0);
    expect(only(theirs, SERVICE).Cluster).toBe('platform');
    expect(only(theirs, 'Custom::RunningRelease').Cluster).toBe('platform');
    const text = JSON.stringify(theirs.toJSON());
    expect(text).toContain('service/platform/guestbook-test');
    expect(text).not.toContain('/guestbook-test/guestbook-test');
  });

  test('leaves the number of tasks to autoscaling', () => {
    expect(service).not.toHaveProperty('DesiredCount');
  });

  test('keeps all tasks during a deployment', () => {
    expect(service.DeploymentConfiguration).toMatchObject({
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    });
  });

  test('has a fixed number of tasks if minimum and maximum are equal', () => {
    const fixed = serverTemplate({ scaling: { minCapacity: 3, maxCapacity: 3 } });
    expect(only(fixed, SERVICE).DesiredCount).toBe(3);
    fixed.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });

  test('allows no shells by default', () => {
    expect(service.EnableExecuteCommand).toBe(false);
  });

  test('has the additional security groups and adds no rules to them', () => {
    const data = testStack('Data', { env: { region: 'eu-central-1' } });
    const client = new SecurityGroup(data, 'Client', { vpc: new Network(data, 'Network').vpc });
    const release = new Stack(data.node.root as App, 'Release', { env: { region: 'eu-central-1' } });
    addServer(release, { task: { securityGroups: [client] } });
    const groups = only(Template.fromStack(release), SERVICE).NetworkConfiguration.AwsvpcConfiguration;
    expect(groups.SecurityGroups).toHaveLength(2);
    Template.fromStack(data).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    const rules = Object.values(Template.fromStack(release).findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.map(({ Properties }) => Object.keys(Properties.GroupId))).toEqual(
      Array(3).fill(['Fn::GetAtt']),
    );
  });
});

describe('the task', () => {
  const stack = testStack('Task', { env: { region: 'eu-central-1' } });
  addServer(stack, {
    task: { command: ['node', 'dist/index.js'] },
    environment: { NODE_ENV: 'production' },
    secrets: { SESSION_SECRET: Secret.fromSecretsManager(new StoredSecret(stack, 'Session')) },
  });
  const template = Template.fromStack(stack);
  const task = only(template, TASK);
  const [container] = task.ContainerDefinitions;

  test('runs on Graviton by default', () => {
    expect(task.RuntimePlatform.CpuArchitecture).toBe('ARM64');
  });

  test('has a read-only root with a writable /tmp', () => {
    expect(container.ReadonlyRootFilesystem).toBe(true);
    expect(container.MountPoints).toEqual([{ ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'tmp' }]);
  });

  test('has an init process that reaps children and forwards signals', () => {
    expect(container.LinuxParameters.InitProcessEnabled).toBe(true);
  });

  test('runs the given command', () => {
    expect(container.Command).toEqual(['node', 'dist/index.js']);
  });

  test('gets its port and its drain time as variables', () => {
    expect(container.Environment).toEqual([
      { Name: 'PORT', Value: '3000' },
      { Name: 'SHUTDOWN_TIMEOUT_MS', Value: '20000' },
      { Name: 'NODE_ENV', Value: 'production' },
    ]);
  });

  test('gets secrets from Secrets Manager, not as plain variables', () => {
    expect(container.Secrets).toEqual([
      { Name: 'SESSION_SECRET', ValueFrom: { Ref: expect.stringMatching(/^Session/) } },
    ]);
  });

  test('has a stop timeout that covers its drain time', () => {
    expect(container.StopTimeout).toBe(30);
  });

  test('logs without blocking, with a buffer for short outages', () => {
    expect(container.LogConfiguration.Options).toMatchObject({
      mode: 'non-blocking',
      'max-buffer-size': `${25 * 1024 * 1024}b`,
    });
  });

  test('retains old revisions, so that a rollback can use them', () => {
    template.hasResource(TASK, { UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Delete' });
  });

  test('has more writable paths if configured', () => {
    const { Volumes, ContainerDefinitions } = only(
      serverTemplate({ task: { writablePaths: ['/app/uploads'] } }),
      TASK,
    );
    expect(Volumes).toContainEqual({ Name: 'app-uploads' });
    expect(ContainerDefinitions[0].MountPoints).toContainEqual({
      ContainerPath: '/app/uploads',
      ReadOnly: false,
      SourceVolume: 'app-uploads',
    });
  });

  test('mounts the folders of the SSM agent if shells are allowed', () => {
    const exec = only(serverTemplate({ task: { enableExecuteCommand: true } }), TASK).ContainerDefinitions[0];
    expect(exec.MountPoints.map((mount: { ContainerPath: string }) => mount.ContainerPath)).toEqual([
      '/tmp',
      '/managed-agents',
      '/var/lib/amazon',
      '/var/log/amazon',
    ]);
  });
});

describe('deployment', () => {
  const configuration = (strategy?: DeploymentStrategy) =>
    only(serverTemplate({ deployment: { strategy } }), SERVICE).DeploymentConfiguration;

  test('is blue/green by default', () => {
    expect(configuration()).toMatchObject({ Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 10 });
  });

  test('as canary first shifts a share of the traffic', () => {
    expect(configuration(DeploymentStrategy.canary({ stepPercent: 5 }))).toMatchObject({
      Strategy: 'CANARY',
      CanaryConfiguration: { CanaryPercent: 5, CanaryBakeTimeInMinutes: 10 },
      BakeTimeInMinutes: 10,
    });
  });

  test('as linear shifts the traffic in equal steps', () => {
    expect(configuration(DeploymentStrategy.linear({ stepPercent: 25 }))).toMatchObject({
      Strategy: 'LINEAR',
      LinearConfiguration: { StepPercent: 25, StepBakeTimeInMinutes: 5 },
    });
  });

  test('with two target groups has no circuit breaker, which ECS offers for rolling deployments only', () => {
    expect(configuration()).not.toHaveProperty('DeploymentCircuitBreaker');
  });

  test('rolls back on the three alarms and names the alarm that suspends them', () => {
    expect(configuration().Alarms).toEqual({
      AlarmNames: [
        'guestbook-test-rollback-errors',
        'guestbook-test-rollback-latency',
        'guestbook-test-rollback-unhealthy',
        'guestbook-test-rollback-suspended',
      ],
      Enable: true,
      Rollback: true,
    });
  });

  test('depends on the alarms', () => {
    const service = Object.values(serverTemplate().findResources(SERVICE))[0]!;
    expect(service.DependsOn.filter((id: string) => id.startsWith('ServerRollback'))).toHaveLength(4);
  });

  test("verifies after the test traffic shift, with checks in the service's properties", () => {
    const checks = [{ path: '/api/health', status: 200, body: 'ok' }];
    const hooks = only(serverTemplate({ deployment: { verification: checks } }), SERVICE)
      .DeploymentConfiguration.LifecycleHooks;
    expect(hooks).toEqual([
      expect.objectContaining({ LifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'], HookDetails: { checks } }),
    ]);
  });

  test('verifies the health path if no checks are given', () => {
    expect(configuration().LifecycleHooks[0].HookDetails).toEqual({
      checks: [{ path: '/api/health', status: 200 }],
    });
  });

  test('creates the permission to read secrets before the service', () => {
    const service = Object.values(serverTemplate().findResources(SERVICE))[0]!;
    expect(service.DependsOn).toContainEqual(expect.stringMatching(/TaskExecutionRoleDefaultPolicy/));
  });

  test('creates the permission to invoke the verification before the service', () => {
    const service = Object.values(serverTemplate().findResources(SERVICE))[0]!;
    expect(service.DependsOn).toContainEqual(expect.stringMatching(/VerificationRoleDefaultPolicy/));
  });

  test('names both target groups and both listener rules', () => {
    expect(only(serverTemplate(), SERVICE).LoadBalancers).toEqual([
      {
        ContainerName: 'server',
        ContainerPort: 3000,
        TargetGroupArn: { Ref: expect.stringMatching(/Blue/) },
        AdvancedConfiguration: {
          AlternateTargetGroupArn: { Ref: expect.stringMatching(/Green/) },
          ProductionListenerRule: { Ref: expect.stringMatching(/ProductionRule/) },
          TestListenerRule: { Ref: expect.stringMatching(/TestRule/) },
          RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/TrafficRole/), 'Arn'] },
        },
      },
    ]);
  });

  describe('rolling', () => {
    const template = serverTemplate({ deployment: { strategy: DeploymentStrategy.rolling() } });

    test('has the circuit breaker', () => {
      expect(only(template, SERVICE).DeploymentConfiguration).toMatchObject({
        Strategy: 'ROLLING',
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      });
    });

    test('has no lifecycle hooks', () => {
      expect(only(template, SERVICE).DeploymentConfiguration).not.toHaveProperty('LifecycleHooks');
    });

    test('has one target group and one listener', () => {
      template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
      template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    });

    test('fails for checks, which a rolling deployment would not run', () => {
      expect(() =>
        serverStack({
          deployment: { strategy: DeploymentStrategy.rolling(), verification: [{ path: '/' }] },
        }),
      ).toThrow("'deployment.verification' is not allowed with DeploymentStrategy.rolling()");
    });
  });
});

test('its metrics cover both target groups, and work in expressions', () => {
  const { stack, server } = serverStack();
  new MathExpression({
    expression: '100 * errors / requests',
    usingMetrics: { errors: server.metricServerErrors(), requests: server.metricRequests() },
    period: Duration.minutes(5),
  }).createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
  const { Metrics } = Object.values(
    Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm', { Properties: { Threshold: 1 } }),
  )[0]!.Properties;
  const queries = Metrics as {
    Id: string;
    Expression?: string;
    MetricStat?: { Metric: { MetricName: string } };
  }[];
  expect(queries.filter(({ Expression }) => Expression).map(({ Expression }) => Expression)).toEqual([
    '100 * errors / requests',
    'FILL(errors_blue, 0) + FILL(errors_green, 0)',
    'FILL(requests_blue, 0) + FILL(requests_green, 0)',
  ]);
  expect(queries.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? [])).toEqual([
    'HTTPCode_Target_5XX_Count',
    'HTTPCode_Target_5XX_Count',
    'RequestCount',
    'RequestCount',
  ]);
});

describe('input', () => {
  test('fails once, with all problems', () => {
    const make = () =>
      serverStack({
        name: 'Guestbook',
        task: { cpu: 300 },
        port: 0,
        healthPath: 'up',
        scaling: { minCapacity: 3, maxCapacity: 2 },
      });
    expect(make).toThrow(
      [
        "Test/Server: 'name' must be 1 to 40 lower-case letters, digits and single hyphens, must start with a letter " +
          "and must not end with a hyphen, got 'Guestbook'; use for example 'guestbook'",
        "'task.cpu' must be one of 256, 512, 1024, 2048, 4096, 8192, 16384 units, got 300",
        "'port' must be 1 to 65535, got 0",
        "'healthPath' must start with '/', got 'up'",
        "'scaling' must have 1 ≤ minCapacity ≤ maxCapacity, got 3 and 2; equal numbers switch autoscaling off",
      ].join('\n  '),
    );
  });

  test('fails for a network without private subnets', () => {
    const vpc = Vpc.fromVpcAttributes(testStack(), 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-central-1a'],
      publicSubnetIds: ['subnet-1'],
    });
    expect(() => serverStack({ vpc })).toThrow(
      "'vpc' must have private subnets with a route to the internet (SubnetType.PRIVATE_WITH_EGRESS), got 1 public and 0 isolated ones",
    );
  });

  test('fails for a writable path that is not absolute', () => {
    expect(() => serverStack({ task: { writablePaths: ['uploads'] } })).toThrow(
      "'task.writablePaths' must be absolute paths, got 'uploads'",
    );
  });

  test('fails for invalid checks', () => {
    expect(() => serverStack({ deployment: { verification: [{ path: 'health' }] } })).toThrow(
      "'path' must start with '/'",
    );
  });
});
