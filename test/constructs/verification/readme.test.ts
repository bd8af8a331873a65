import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { StaticClient } from '../../../constructs/client';
import { Network } from '../../../constructs/network';
import { ReleaseSequence } from '../../../constructs/release';
import { ReleaseRecord } from '../../../constructs/release-record';
import { ContainerServer } from '../../../constructs/server';
import { ErrorComparison, ReleaseVerification } from '../../../constructs/verification';
import { testStack } from '../../support';

const files = join(__dirname, '..', '..', 'fixtures', 'client');

class Example extends Stack {
  constructor(scope: Construct) {
    super(scope, 'Example', { env: { region: 'eu-central-1' } });
    const server = new ContainerServer(this, 'Server', {
      vpc: new Network(this, 'Network').vpc,
      name: 'guestbook-production',
      image: ContainerImage.fromRegistry('public.ecr.aws/example/guestbook:1'),
      port: 3000,
      healthPath: '/api/health',
      task: { logStreamPrefix: 'r42' },
    });
    const client = new StaticClient(this, 'Client', {
      name: 'guestbook-production',
      files,
      releaseId: '3f9a1c0b7d2e4f68',
      server: { origin: server.origin() },
    });

    const verification = new ReleaseVerification(this, 'Verification', {
      url: client.url,
      server: {
        release: server.taskDefinition.taskDefinitionArn,
        checks: [{ path: '/api/health' }],
      },
      client: {
        release: client.pointerValue,
        pageDigest: client.pageDigest,
        checks: [{ path: '/api/entries', p95Ms: 300 }],
      },
    });

    const errorComparison = new ErrorComparison(this, 'Errors', {
      logGroup: server.logGroup,
      streamPrefix: 'r42',
      release: server.taskDefinition.taskDefinitionArn,
      period: Duration.minutes(10),
    });

    const record = new ReleaseRecord(this, 'Record', {
      name: 'guestbook-production',
      releaseId: '3f9a1c0b7d2e4f68',
      server,
      client,
      healthPath: '/api/health',
      checks: [{ path: '/api/health' }],
      serverChecks: [{ path: '/api/health' }],
      migrations: {
        kind: 'journal',
        digest: 'b1946ac9',
        applied: [{ tag: '0000_initial', contracts: false }],
      },
    });
    new ReleaseSequence(this, 'Sequence', { server, client, verification, errorComparison, record });
  }
}

const code = (file: string) => readFileSync(file, 'utf8').replace(/^ +/gm, '');

test.each(['verification', 'release-record'])(
  'the examples in the README of %s match this file',
  (folder) => {
    const readme = code(join(__dirname, '../../../constructs', folder, 'README.md'));
    const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, example]) => example);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples)
      expect(code(__filename)).toContain(example!.replace(/^new ReleaseSequence.*\n/gm, ''));
  },
);

test('the examples synthesise without a dependency cycle', () => {
  const template = Template.fromStack(new Example(testStack().node.root as Construct));
  template.resourceCountIs('Custom::ReleaseVerification', 2);
  template.resourceCountIs('Custom::ReleaseRecord', 1);
});
