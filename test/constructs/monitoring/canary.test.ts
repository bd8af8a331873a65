import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserExperience } from '../../../constructs/monitoring';
import { type Page, type Synthetics, walk } from '../../../constructs/monitoring/canary.lambda';
import { nagFindings, testStack, unusedAcknowledgements } from '../../support';

function users({ minutes = 5, checks = [{ path: '/api/health' }] } = {}) {
  const stack = testStack();
  new UserExperience(stack, 'Users', {
    name: 'shop-test',
    distributionId: 'E1',
    canary: { url: 'https://shop.example', checks, interval: Duration.minutes(minutes) },
  });
  return stack;
}

describe('the canary', () => {
  const template = () => Template.fromStack(users());

  test('visits the public address with a browser, and runs the checks of every release', () => {
    template().hasResourceProperties('AWS::Synthetics::Canary', {
      Name: 'shop-test',
      RuntimeVersion: 'syn-nodejs-playwright-8.0',
      Schedule: { Expression: 'rate(5 minutes)' },
      RunConfig: {
        EnvironmentVariables: { BASE_URL: 'https://shop.example', CHECKS: '[{"path":"/api/health"}]' },
      },
    });
  });

  test('may write its own results and log, and nothing else', () => {
    // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
    const of = (document: any) =>
      document.Statement.map(({ Action, Resource }: { Action: unknown; Resource: unknown }) => [
        Action,
        JSON.stringify(Resource).replace(/[0-9A-F]{8}/g, ''),
      ]);
    const [role] = Object.values(template().findResources('AWS::IAM::Role'));
    expect(of(role!['Properties'].Policies[0].PolicyDocument)).toEqual([
      [
        ['s3:GetObject', 's3:PutObject'],
        '{"Fn::Join":["",[{"Fn::GetAtt":["UsersCanaryResults","Arn"]},"/*"]]}',
      ],
      ['s3:GetBucketLocation', '{"Fn::GetAtt":["UsersCanaryResults","Arn"]}'],
      ['s3:ListAllMyBuckets', '"*"'],
      ['cloudwatch:PutMetricData', '"*"'],
    ]);
    // The log group has the name of the canary, so it depends on the canary, and so does the permission to write to it.
    const [policy] = Object.values(template().findResources('AWS::IAM::Policy'));
    expect(of(policy!['Properties'].PolicyDocument)).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], '{"Fn::GetAtt":["UsersCanaryLogs","Arn"]}'],
    ]);
    const stack = users();
    expect(nagFindings(stack)).toEqual([]);
    expect(unusedAcknowledgements(stack)).toEqual([]);
  });

  test('logs to a protected group with the name that Synthetics gives its function', () => {
    template().hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: {
        'Fn::Join': [
          '',
          [
            '/aws/lambda/cwsyn-',
            { Ref: Match.stringLikeRegexp('^UsersCanary') },
            '-',
            { 'Fn::GetAtt': [Match.stringLikeRegexp('^UsersCanary'), 'Id'] },
          ],
        ],
      },
      DataProtectionPolicy: Match.anyValue(),
    });
  });

  test('pages if it fails or does not run, over periods of its schedule', () => {
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'shop-test-page-canary-fails',
      Metrics: [
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({ MetricName: 'SuccessPercent' }),
            Period: 300,
          }),
        }),
      ],
      DatapointsToAlarm: 2,
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
    });
  });

  test('fails for too rare runs, or for too many checks', () => {
    expect(() => users({ minutes: 90 })).toThrow(/'interval' must be 1 to 60 minutes, got 90/);
    const checks = Array.from({ length: 100 }, (_, index) => ({ path: `/a/rather/long/path/${index}` }));
    expect(() => users({ checks })).toThrow(/'checks' must have at most 3000 characters/);
  });
});

describe('a run of the canary', () => {
  let page = '<!doctype html><title>Shop</title><script src="/app.js"></script><p>Hello</p>';
  const server = createServer((request, response) => {
    if (request.url === '/') response.setHeader('content-type', 'text/html').end(page);
    else if (request.url === '/app.js') response.setHeader('content-type', 'text/javascript').end('1');
    else response.writeHead(request.url === '/api/health' ? 200 : 404).end('{}');
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const visit = async (
    checks: object[],
    { status = 200, fails }: { status?: number; fails?: string } = {},
  ) => {
    const seen: string[] = [];
    let report: ((error: Error) => void) | undefined;
    const browser: Page = {
      on: (_, listener) => {
        report = listener;
      },
      goto: async (address) => {
        seen.push(address);
        if (fails) report?.(new Error(fails));
        return { status: () => status };
      },
      innerText: async () => 'Hello',
    };
    const synthetics: Synthetics = {
      launch: async () => ({ newContext: async () => ({}) }),
      newPage: async () => browser,
      executeStep: async (name, step) => {
        try {
          await step();
        } catch (error) {
          seen.push(`screenshot of ${name}`);
          throw error;
        }
      },
      close: async () => {
        seen.push('closed');
      },
    };
    const error = await walk({ BASE_URL: url, CHECKS: JSON.stringify(checks) }, synthetics, fetch).then(
      () => undefined,
      ({ message }: Error) => message,
    );
    return { seen, error };
  };

  test('requests the page, its assets and the checks, and opens the page in the browser', async () => {
    const { seen, error } = await visit([{ path: '/api/health' }]);
    expect(error).toBeUndefined();
    expect(seen).toEqual([`${url}/`, 'closed']);
  });

  test('fails with all failed checks', async () => {
    const { error, seen } = await visit([{ path: '/api/gone' }], { fails: 'x is not a function' });
    expect(error).toMatch(/^2 failed at /);
    expect(error).toContain('GET /api/gone: expected status 200, got 404');
    expect(error).toContain('a script of the page failed: x is not a function');
    expect(seen).toContain('screenshot of page');
  });

  test('fails when the browser does not get the page', async () => {
    expect((await visit([], { status: 503 })).error).toContain('the browser got status 503');
  });

  test('fails when an asset of the page is missing', async () => {
    page = page.replace('/app.js', '/gone.js');
    expect((await visit([])).error).toContain('/gone.js');
  });
});
