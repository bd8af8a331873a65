import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { PooledPostgres } from '../../constructs/database';
import { Migrations } from '../../constructs/migrations';
import { Network } from '../../constructs/network';
import { ReleaseSequence } from '../../constructs/release';
import { ApplicationSecrets, ProvidedSecretsCheck } from '../../constructs/secrets';
import { ContainerServer } from '../../constructs/server';
import { testStack } from '../support';

class Example extends Stack {
  constructor(scope: Construct) {
    super(scope, 'Example', { env: { region: 'eu-central-1' } });
    const { vpc } = new Network(this, 'Network', { availabilityZoneCount: 3, natGateways: 3 });
    const database = new PooledPostgres(this, 'Database', {
      vpc,
      name: 'guestbook-production',
      defaultDatabaseName: 'guestbook',
      capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 16 },
    });
    const { containerSecrets, provided } = new ApplicationSecrets(this, 'Secrets', {
      name: 'guestbook-production',
      variables: { SESSION_SECRET: 'generated', STRIPE_SECRET_KEY: 'provided' },
    });
    const providedSecrets = new ProvidedSecretsCheck(this, 'SecretsCheck', {
      secrets: provided,
      releaseId: '3f9a1c0b7d2e4f68',
      remedy: 'framework53 secrets set {name} --env production',
    });
    const server = new ContainerServer(this, 'Server', {
      vpc,
      name: 'guestbook-production',
      image: ContainerImage.fromRegistry('public.ecr.aws/example/guestbook:1'),
      port: 3000,
      healthPath: '/api/health',
      secrets: containerSecrets,
    });
    const { cluster } = server;
    const migrations = new Migrations(this, 'Migrations', {
      cluster,
      image: ContainerImage.fromRegistry('public.ecr.aws/example/guestbook:1'),
      digest: 'b1946ac9',
      environment: database.migrationEnvironment,
      secrets: database.migrationSecrets,
      securityGroups: [database.migrationSecurityGroup],
    });
    new ReleaseSequence(this, 'Sequence', { server, providedSecrets, migrations });
  }
}

const code = (file: string) => readFileSync(file, 'utf8').replace(/^ +/gm, '');

test.each(['network', 'secrets', 'migrations'])('the example in the README of %s is this one', (folder) => {
  const [, example] = /```ts\n(.*?)```/s.exec(
    code(join(__dirname, '../../constructs', folder, 'README.md')),
  )!;
  expect(code(__filename)).toContain(example!.replace(/^new ReleaseSequence.*\n/gm, ''));
});

test('the examples synthesise, without a cycle', () => {
  const template = Template.fromStack(new Example(testStack().node.root as Construct));
  template.resourceCountIs('Custom::ProvidedSecretsCheck', 1);
});
