import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  PutKeyCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Entry, historyPath } from '../../constructs/release-record';
import { serialize } from '../../constructs/release-record/entry';
import { mockClient } from '../support/mock-client';
import { mockParameterStore } from '../support/parameter-store';
import { revision } from './state';

interface Deployment {
  arn: string;
  /** One for each look; the last one stays. */
  statuses: string[];
  stage?: string;
  source: number;
  target: number;
  reason?: string;
}

const targetGroup = (colour: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/shop-production-${colour}/1`;

/** An account in memory with one environment, `shop-production`, as the commands see it. */
export function mockAccount() {
  const store = mockParameterStore();
  const ecs = mockClient(ECSClient);
  const cloudFormation = mockClient(CloudFormationClient);
  const loadBalancing = mockClient(ElasticLoadBalancingV2Client);
  const keyValueStore = mockClient(CloudFrontKeyValueStoreClient);
  const account = {
    store,
    ecs,
    stack: { status: 'UPDATE_COMPLETE', releaseId: 'c'.repeat(16) } as
      | { status: string; releaseId: string }
      | undefined,
    pointer: undefined as string | undefined,
    deployments: [] as Deployment[],
    registered: [6, 7, 8],
    running: 2,
    /** Weights of the blue and the green target group, by the production rule; none for rolling deployments. */
    weights: [] as number[] | 'denied',
    configuration: {} as object,
    /** The statuses of the next deployment. */
    outcome: ['IN_PROGRESS', 'SUCCESSFUL'],
    /** How many lists a deployment that was just started is missing from. */
    lag: 0,
    /** The statuses of a deployment that is stopped. */
    stopped: ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL'],
    /** The changes, in order. */
    changes: [] as string[],
    updates: [] as Record<string, unknown>[],
    record(entry: Entry, by?: string) {
      store.put(`${historyPath('shop-production')}/request-${store.parameters.size}`, serialize(entry), by);
    },
    reset() {
      for (const client of [ecs, cloudFormation, keyValueStore, loadBalancing]) client.reset();
      account.weights = [];
      store.reset();
      account.stack = { status: 'UPDATE_COMPLETE', releaseId: 'c'.repeat(16) };
      account.deployments = [];
      account.registered = [6, 7, 8];
      account.running = 2;
      account.outcome = ['IN_PROGRESS', 'SUCCESSFUL'];
      account.stopped = ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL'];
      account.lag = 0;
      account.changes = [];
      account.updates = [];
      account.configuration = {
        bakeTimeInMinutes: 15,
        alarms: { alarmNames: ['errors'], enable: true, rollback: true },
        lifecycleHooks: [{ hookTargetArn: 'hook', hookDetails: { checks: [{ path: '/api/new' }] } }],
      };
      answer();
    },
  };

  function listed(): Deployment[] {
    const started = account.updates.length > 0 && account.lag-- > 0;
    return started ? account.deployments.slice(0, -1) : account.deployments;
  }

  function answer(): void {
    cloudFormation.on(DescribeStacksCommand).callsFake(({ StackName }) => {
      if (!account.stack) throw new Error(`Stack with id ${StackName} does not exist`);
      const { status, releaseId } = account.stack;
      return {
        Stacks: [{ StackStatus: status, Outputs: [{ OutputKey: 'ReleaseId', OutputValue: releaseId }] }],
      };
    });
    keyValueStore.on(DescribeKeyValueStoreCommand).resolves({ ETag: 'E1' });
    keyValueStore.on(GetKeyCommand).callsFake(() => {
      if (account.pointer === undefined)
        throw new ResourceNotFoundException({ message: 'no', $metadata: {} });
      return { Value: account.pointer };
    });
    keyValueStore.on(PutKeyCommand).callsFake(({ Value, IfMatch }) => {
      account.changes.push(`client ${Value} if ${IfMatch}`);
      account.pointer = Value;
      return {};
    });
    ecs.on(DescribeServicesCommand).callsFake(() => ({
      services: [
        {
          status: 'ACTIVE',
          runningCount: account.running,
          desiredCount: 2,
          taskDefinition: revision(8),
          deploymentConfiguration: account.configuration,
          ...(account.weights.length > 0 && {
            loadBalancers: [
              {
                targetGroupArn: targetGroup('blue'),
                advancedConfiguration: {
                  alternateTargetGroupArn: targetGroup('green'),
                  productionListenerRule: 'rule/production',
                },
              },
            ],
          }),
        },
      ],
    }));
    loadBalancing.on(DescribeRulesCommand, { RuleArns: ['rule/production'] }).callsFake(() => {
      if (account.weights === 'denied')
        throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
      const TargetGroups = account.weights.map((Weight, index) => ({
        TargetGroupArn: targetGroup(index === 0 ? 'blue' : 'green'),
        Weight,
      }));
      return {
        Rules: [
          { RuleArn: 'rule/production', Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] },
        ],
      };
    });
    ecs
      .on(ListTaskDefinitionsCommand)
      .callsFake(() => ({ taskDefinitionArns: account.registered.map(revision) }));
    ecs.on(ListServiceDeploymentsCommand).callsFake(() => ({
      serviceDeployments: listed().map(({ arn, statuses }, index) => ({
        serviceDeploymentArn: arn,
        status: statuses[0],
        createdAt: new Date(index),
      })),
    }));
    ecs.on(DescribeServiceDeploymentsCommand).callsFake(({ serviceDeploymentArns: [arn] }) => {
      const found = account.deployments.find((deployment) => deployment.arn === arn);
      if (!found) return { serviceDeployments: [] };
      const [status] = found.statuses.length > 1 ? found.statuses.splice(0, 1) : found.statuses;
      return {
        serviceDeployments: [
          {
            serviceDeploymentArn: arn,
            status,
            lifecycleStage: found.stage,
            statusReason: found.reason,
            targetServiceRevision: { arn: `service-revision/${found.target}` },
            sourceServiceRevisions: [{ arn: `service-revision/${found.source}` }],
            ...(status?.startsWith('ROLLBACK') && {
              rollback: { serviceRevisionArn: `service-revision/${found.source}`, reason: found.reason },
            }),
          },
        ],
      };
    });
    ecs.on(DescribeServiceRevisionsCommand).callsFake(({ serviceRevisionArns: [arn] }) => ({
      serviceRevisions: [{ taskDefinition: revision(Number(arn.split('/').at(-1))) }],
    }));
    ecs.on(StopServiceDeploymentCommand).callsFake(({ serviceDeploymentArn, stopType }) => {
      account.changes.push(`stop ${serviceDeploymentArn} ${stopType}`);
      const found = account.deployments.find(({ arn }) => arn === serviceDeploymentArn)!;
      found.statuses = [...account.stopped];
      return {};
    });
    ecs.on(UpdateServiceCommand).callsFake((input) => {
      account.updates.push(input);
      account.configuration = input.deploymentConfiguration;
      if (!input.taskDefinition) {
        account.changes.push('configure');
        return {};
      }
      const target = Number(input.taskDefinition.split(':').at(-1));
      account.changes.push(`server ${target}`);
      account.deployments.push({
        arn: `deployment-${account.deployments.length + 1}`,
        statuses: [...account.outcome],
        source: account.deployments.at(-1)?.target ?? 8,
        target,
        reason: 'ECS said why',
      });
      return {};
    });
  }
  account.reset();
  return account;
}
