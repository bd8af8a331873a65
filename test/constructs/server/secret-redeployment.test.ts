import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, test } from 'vitest';
import { DeploymentStrategy } from '../../../constructs/server';
import { testStack } from '../../support';
import { addServer, serverTemplate } from './server-stack';
import { canExecute, deployedDefinition, execute } from './state-machine';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:session-AbCdEf';

function template(): Template {
  const stack = testStack('Test', { env: { region: 'eu-central-1' } });
  addServer(stack, {
    deployment: {
      strategy: DeploymentStrategy.rolling(),
      redeployOnSecretChange: [Secret.fromSecretCompleteArn(stack, 'Session', ARN)],
    },
  });
  return Template.fromStack(Stack.of(stack));
}
const deployed = template();
const definition = deployedDefinition(deployed, 'guestbook-test-secret-roll');

/** How many deployments are under way each time it looks. */
async function roll(underWay: number[] = [], later = 0) {
  const found = (count: number) => ({
    ServiceDeployments: Array.from({ length: count }, () => ({ ServiceDeploymentArn: 'd' })),
  });
  const asked: { operation: string; input: unknown }[] = [];
  await execute(
    definition,
    {
      'Find deployment': async (input) => {
        asked.push({ operation: 'list', input });
        return found(underWay.shift() ?? 0);
      },
      'Find later one': async (input) => {
        asked.push({ operation: 'later', input });
        return found(later);
      },
      'Replace tasks': async (input) => {
        asked.push({ operation: 'update', input });
        return { Service: {} };
      },
    },
    { time: '2026-11-02T14:03:00Z' },
  );
  return asked;
}

describe.runIf(canExecute)('a new value of a secret, executed', () => {
  test('replaces the tasks with a deployment of the same revision', async () => {
    const asked = await roll();
    expect(asked.at(-1)).toEqual({
      operation: 'update',
      input: { Cluster: 'guestbook-test', Service: 'guestbook-test', ForceNewDeployment: true },
    });
  });

  test('waits for running deployments and rollbacks, which it would interrupt', async () => {
    const asked = await roll([1, 1]);
    expect(asked.map(({ operation }) => operation)).toEqual(['list', 'list', 'list', 'later', 'update']);
    expect(asked[0]?.input).toMatchObject({
      Status: ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'],
    });
  });

  test('starts no deployment if another one started in the meantime', async () => {
    const asked = await roll([1], 1);
    expect(asked.map(({ operation }) => operation)).toEqual(['list', 'list', 'later']);
    expect(asked.at(-1)?.input).toEqual({
      Cluster: 'guestbook-test',
      Service: 'guestbook-test',
      Status: ['SUCCESSFUL'],
      CreatedAt: { After: '2026-11-02T14:03:00Z' },
    });
  });
});

describe('a new value of a secret', () => {
  test('is noticed once it is the current value', () => {
    deployed.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.secretsmanager'],
        'detail-type': ['Secret Label Updated'],
        resources: [ARN],
        detail: { labelUpdated: ['AWSCURRENT'] },
      },
    });
  });

  test('changes nothing by default', () => {
    serverTemplate({ deployment: { strategy: DeploymentStrategy.rolling() } }).resourceCountIs(
      'AWS::Events::Rule',
      0,
    );
  });
});
