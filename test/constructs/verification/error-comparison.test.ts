import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ProtectedLogGroup } from '../../../constructs/logs';
import { ErrorComparison, type ErrorComparisonProps } from '../../../constructs/verification';
import { nagFindings, testStack, unusedAcknowledgements } from '../../support';

function synthesise(props: Partial<ErrorComparisonProps> = {}) {
  const stack = testStack();
  const { logGroup } = new ProtectedLogGroup(stack, 'Server');
  new ErrorComparison(stack, 'Comparison', {
    logGroup,
    streamPrefix: 'r1-01234567',
    release: 'shop:8',
    period: Duration.minutes(10),
    ...props,
  });
  return { stack, template: Template.fromStack(stack) };
}

describe('ErrorComparison', () => {
  const { stack, template } = synthesise();

  test('passes on the log streams, the release and the limits to compare', () => {
    template.hasResourceProperties('Custom::ErrorComparison', {
      StreamPrefix: 'r1-01234567',
      Release: 'shop:8',
      Minutes: '10',
      Tolerated: '10',
      Times: '3',
      // Ten minutes, what waits for the last lines, and CloudFormation's own net below it.
      ServiceTimeout: '1200',
    });
  });

  test('may query the one log group', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup')).filter((id) =>
      id.startsWith('Server'),
    );
    const queries = statements.filter(({ Action }) => Action === 'logs:StartQuery');
    expect(queries).toHaveLength(1);
    for (const { Resource } of queries) expect(Resource).toEqual({ 'Fn::GetAtt': [group, 'Arn'] });
  });

  test('has no cdk-nag finding without an acknowledgement', () => {
    expect(nagFindings(stack)).toEqual([]);
    expect(unusedAcknowledgements(stack)).toEqual([]);
  });

  test("fails for a period above CloudFormation's limit, an invalid stream prefix or an invalid factor", () => {
    expect(() => synthesise({ period: Duration.minutes(46), streamPrefix: 'a b', factor: 0 })).toThrow(
      /'period' must be 1 to 45 whole minutes, got 46 minutes[\s\S]*'streamPrefix' must consist of letters[\s\S]*'factor' must be 1 or more/,
    );
  });
});
