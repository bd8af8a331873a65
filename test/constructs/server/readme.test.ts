import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { ContainerImage, Secret } from 'aws-cdk-lib/aws-ecs';
import { Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { Network } from '../../../constructs/network';
import { ContainerServer, DeploymentStrategy } from '../../../constructs/server';
import { testStack } from '../../support';

class Example extends Stack {
  constructor(scope: Construct) {
    super(scope, 'Example', { env: { region: 'eu-central-1' } });
    const network = new Network(this, 'Network');
    const session = new StoredSecret(this, 'Session');

    const server = new ContainerServer(this, 'Server', {
      vpc: network.vpc,
      name: 'guestbook-production',
      image: ContainerImage.fromRegistry('public.ecr.aws/example/guestbook:1'),
      port: 3000,
      healthPath: '/api/health',
      secrets: { SESSION_SECRET: Secret.fromSecretsManager(session) },
      scaling: { minCapacity: 2, maxCapacity: 8, requestsPerTarget: 600 },
      deployment: {
        strategy: DeploymentStrategy.canary({ stepPercent: 10 }),
        verification: [
          { path: '/api/health', body: '"ok"' },
          { path: '/api/entries', p95Ms: 300 },
        ],
      },
    });
    new Distribution(this, 'Distribution', { defaultBehavior: { origin: server.origin() } });
  }
}

const code = (file: string) => readFileSync(file, 'utf8').replace(/^ +/gm, '');

test('the example in the README matches this file, and synthesises', () => {
  const readme = code(join(__dirname, '../../../constructs/server/README.md'));
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  expect(example).toContain('new ContainerServer');
  expect(code(__filename)).toContain(example);
  Template.fromStack(new Example(testStack().node.root as never)).resourceCountIs('AWS::ECS::Service', 1);
});
