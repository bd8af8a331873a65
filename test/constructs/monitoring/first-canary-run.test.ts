import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { Canary, FirstCanaryRun } from '../../../constructs/monitoring';
import { nagFindings, testStack, unusedAcknowledgements } from '../../support';

function synthesise(minutes = 5) {
  const stack = testStack();
  const canary = new Canary(stack, 'Canary', {
    name: 'shop',
    url: 'https://shop.example',
    checks: [],
    interval: Duration.minutes(minutes),
  });
  new FirstCanaryRun(stack, 'FirstRun', { canary, release: 'r1' });
  return { stack, template: Template.fromStack(stack) };
}

describe('FirstCanaryRun', () => {
  const { stack, template } = synthesise();

  test('waits for the schedule, one run and some minutes', () => {
    template.hasResourceProperties('Custom::FirstCanaryRun', {
      Release: 'r1',
      Minutes: '12',
      ServiceTimeout: '960',
    });
  });

  test('may read the runs of exactly this canary', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const [runs] = statements.filter(({ Action }) => Action === 'synthetics:GetCanaryRuns');
    expect(JSON.stringify(runs.Resource)).toMatch(/:canary:",\{"Ref":"Canary\w+"\}\]\]\}$/);
    expect(nagFindings(stack)).toEqual([]);
    expect(unusedAcknowledgements(stack)).toEqual([]);
  });

  test('fails for a canary that runs too late', () => {
    expect(() => synthesise(60)).toThrow("'canary' must have an interval of at most 45 minutes, got 60");
  });
});
