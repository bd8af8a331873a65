import { basename, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ClusterInstance, DatabaseCluster, DatabaseClusterEngine } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { beforeAll, expect, test } from 'vitest';
import * as constructs from '../constructs';
import { ENGINE_VERSION } from '../constructs/database/engine-version';
import { featureFlags } from '../lib/stacks/feature-flags';
import { examples, GIVEN } from './support/examples';
import { runModule } from './support/run-module';

const parts = [...examples].filter(([, text]) => text.includes('class Example extends Construct'));
let given: Record<string, unknown>;
let stack: Stack;

// The things that an example may use are created as its reader would create them.
beforeAll(() => {
  // All in one stack, which has more than a stack may.
  const context = { ...featureFlags, '@aws-cdk/core:stackResourceLimit': 0 };
  stack = new Stack(new App({ context, analyticsReporting: false }), 'Reader', {
    env: { region: 'us-east-1' },
  });
  const name = 'given';
  const files = join(__dirname, 'consumers', 'commonjs', 'files');
  const image = ContainerImage.fromRegistry('public.ecr.aws/example/shop:1');
  const network = new constructs.Network(stack, 'Network');
  const { vpc } = network;
  const database = new constructs.PooledPostgres(stack, 'Database', {
    vpc,
    name,
    defaultDatabaseName: 'shop',
    capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 8 },
  });
  const cluster = new Cluster(stack, 'Cluster', { vpc });
  const server = new constructs.ContainerServer(stack, 'Server', {
    vpc,
    name,
    image,
    port: 3000,
    healthPath: '/api/health',
  });
  const client = new constructs.StaticClient(stack, 'Client', {
    name,
    files,
    releaseId: '1',
    server: { origin: server.origin() },
  });
  given = {
    aurora: new DatabaseCluster(stack, 'Aurora', {
      vpc,
      engine: DatabaseClusterEngine.auroraPostgres({ version: ENGINE_VERSION }),
      writer: ClusterInstance.serverlessV2('Writer'),
      enableDataApi: true,
    }),
    client,
    cluster,
    database,
    files,
    key: new Key(stack, 'Key'),
    migrations: new constructs.Migrations(stack, 'Migrations', {
      cluster,
      image,
      digest: '1',
      environment: database.migrationEnvironment,
      secrets: database.migrationSecrets,
      securityGroups: [database.migrationSecurityGroup],
    }),
    network,
    page: '<!doctype html>',
    queue: new Queue(stack, 'Queue'),
    server,
    session: new Secret(stack, 'Session'),
    topic: new Topic(stack, 'Topic'),
    verification: new constructs.ReleaseVerification(stack, 'Verification', {
      url: client.url,
      server: { release: '1', checks: [] },
    }),
    vpc,
  };
  expect(Object.keys(given).sort()).toEqual(Object.keys(GIVEN).sort());
});

test.each(parts.map(([path, text]) => [basename(path, '.ts'), text]))('%s runs', async (name, text) => {
  const module = await runModule(text, given);
  const { Example } = module as { Example: new (scope: Construct) => Construct };
  new Example(new Construct(stack, name));
});

test('all examples synthesise', () => {
  Template.fromStack(stack);
  expect(Annotations.fromStack(stack).findError('*', Match.anyValue())).toEqual([]);
});
