import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aspects, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { LogDefaults, LogProtection, ProtectedLogGroup } from '../../../constructs/logs';
import { MetricAlarm } from '../../../constructs/monitoring';
import { testStack } from '../../support';

class Example extends Stack {
  constructor(scope: Construct) {
    super(scope, 'Example');
    const queue = new Queue(this, 'Queue');
    const key = new Key(this, 'Key');

    new MetricAlarm(this, 'QueueGrows', {
      name: 'guestbook-production',
      meaning: 'Orders are taken and nobody packs them.',
      action: 'See whether the workers run.',
      severity: 'page',
      runbook: '#queue-grows',
      metric: queue.metricApproximateAgeOfOldestMessage(),
      unit: 'seconds of age',
      threshold: { above: 600 },
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      trafficGate: { ungated: 'the age of one message tells as much as that of many' },
    });

    PropertyInjectors.of(this).add(
      new LogDefaults({ retention: RetentionDays.THREE_MONTHS, encryptionKey: key }),
    );
    Aspects.of(this).add(new LogProtection());
    const { logGroup } = new ProtectedLogGroup(this, 'Logs');
    expect(logGroup.logGroupName).toBeTruthy();
  }
}

const code = (file: string) => readFileSync(file, 'utf8').replace(/^ +/gm, '');

test.each(['monitoring', 'logs'])('the example in the README of %s matches this file', (folder) => {
  const example = /```ts\n(.*?)```/s.exec(
    code(join(__dirname, '../../../constructs', folder, 'README.md')),
  )?.[1];
  expect(example?.length).toBeGreaterThan(100);
  expect(code(__filename)).toContain(example);
});

test('the examples synthesise', () => {
  const template = Template.fromStack(new Example(testStack().node.root as never));
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'guestbook-production-page-queue-grows',
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
});
