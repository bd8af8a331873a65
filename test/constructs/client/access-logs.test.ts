import { App, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { AccessLogs } from '../../../constructs/client';
import { LogDefaults } from '../../../constructs/logs';

function synthesise(region?: string) {
  const stack = new Stack(new App(), 'Test', { env: { region } });
  PropertyInjectors.of(stack).add(new LogDefaults({ retention: RetentionDays.THREE_MONTHS }));
  const distribution = Distribution.fromDistributionAttributes(stack, 'Distribution', {
    domainName: 'd111111abcdef8.cloudfront.net',
    distributionId: 'EDFDVBD632BHDS5',
  });
  new AccessLogs(stack, 'AccessLogs', {
    name: 'guestbook-production',
    distribution,
  });
  return Template.fromStack(stack);
}

describe('access logs', () => {
  const template = synthesise('us-east-1');
  const fields: string[] = Object.values(template.findResources('AWS::Logs::Delivery'))[0]!['Properties']
    .RecordFields;

  test('come from the distribution', () => {
    template.hasResourceProperties('AWS::Logs::DeliverySource', {
      LogType: 'ACCESS_LOGS',
      ResourceArn: {
        'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('distribution/EDFDVBD632BHDS5')])],
      },
    });
  });

  test('go to a protected group and expire as configured', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/cloudfront/guestbook-production',
      RetentionInDays: 90,
      DataProtectionPolicy: Match.anyValue(),
    });
  });

  test('record viewer, request and result', () => {
    expect(fields).toEqual(
      expect.arrayContaining(['c-ip', 'cs-method', 'cs-uri-stem', 'sc-status', 'time-taken']),
    );
  });

  test.each(['cs(Cookie)', 'cs-uri-query', 'cs(Referer)'])(
    'omit %s, which may carry credentials',
    (field) => {
      expect(fields).not.toContain(field);
    },
  );

  test('fail outside us-east-1', () => {
    expect(() => synthesise('eu-central-1')).toThrow('in us-east-1 only, and this stack is in eu-central-1');
  });
});
