import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { EdgeAlarms } from '../../../constructs/monitoring';
import { nagFindings, testStack } from '../../support';

function alarms(region: string) {
  const stack = testStack('Test', { env: { region } });
  new EdgeAlarms(stack, 'Edge', { name: 'shop-test', distributionId: 'E1' });
  return stack;
}

test("use the dimensions of CloudFront's metrics", () => {
  const Dimensions = Match.arrayWith([
    { Name: 'DistributionId', Value: 'E1' },
    { Name: 'Region', Value: 'Global' },
  ]);
  Template.fromStack(alarms('us-east-1')).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Metrics: Match.arrayWith([
      Match.objectLike({ MetricStat: Match.objectLike({ Metric: Match.objectLike({ Dimensions }) }) }),
    ]),
  });
});

test('evaluate errors only with enough requests, and treat missing data as bad', () => {
  Template.fromStack(alarms('us-east-1')).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'shop-test-page-edge-errors',
    Metrics: Match.arrayWith([Match.objectLike({ Expression: 'IF(FILL(traffic, 0) >= 50, judged, 0)' })]),
    Threshold: 5,
    EvaluationPeriods: 4,
    DatapointsToAlarm: 2,
    TreatMissingData: 'notBreaching',
  });
  expect(nagFindings(alarms('us-east-1'))).toEqual([]);
});

test('fails in other regions, which have no CloudFront metrics', () => {
  expect(() => alarms('eu-west-1')).toThrow(/exists in us-east-1 only, and this stack is in eu-west-1/);
});
