import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { RealUserMonitoring, UserExperience } from '../../../constructs/monitoring';
import { nagFindings, testStack } from '../../support';

const options = { name: 'shop-test', domains: ['shop.example'], release: 'r1', samplePercent: 20 };
function synthesise(props: Partial<typeof options> = {}) {
  const stack = testStack('Test', { env: { region: 'eu-west-1' } });
  const users = new RealUserMonitoring(stack, 'Users', { ...options, ...props });
  return { stack, users, template: Template.fromStack(stack) };
}

describe('RealUserMonitoring', () => {
  const { stack, users, template } = synthesise();

  test('accepts browser events without credentials, for this app monitor only', () => {
    const [monitor] = Object.values(template.findResources('AWS::RUM::AppMonitor'));
    expect(monitor?.['Properties']).toMatchObject({
      Name: 'shop-test',
      DomainList: ['shop.example'],
      CwLogEnabled: false,
    });
    const policy = JSON.stringify(monitor?.['Properties'].ResourcePolicy.PolicyDocument);
    expect(policy).toContain('\\"Action\\":\\"rum:PutRumEvents\\"');
    expect(policy).toContain(':appmonitor/shop-test');
    expect(nagFindings(stack)).toEqual([]);
  });

  test('configures script, endpoint and events for the pages', () => {
    expect(users.headScript.path).toBe('/framework53-rum.js');
    expect(users.headScript.data).toEqual({ release: 'r1', percent: '20' });
    expect(users.contentSecurityPolicySources).toEqual({
      'connect-src': ['https://dataplane.rum.eu-west-1.amazonaws.com'],
    });
    expect(Object.keys(users.pageHeaders)).toEqual(['X-App-Monitor', 'X-App-Monitor-Region']);
  });

  test('has a script small enough to load first', () => {
    expect(users.headScript.content.length).toBeLessThan(80_000);
  });

  test('fails without a sample rate or a domain', () => {
    expect(() => synthesise({ samplePercent: 0, domains: [] })).toThrow(
      /'samplePercent' must be more than 0 and at most 100, got 0[\s\S]*'domains' must be 1 to 5, got 0/,
    );
  });
});

test('browser metrics are on the dashboard, with an alarm on script errors', () => {
  const stack = testStack();
  const { section, scriptErrors } = new UserExperience(stack, 'Users', {
    name: 'shop-test',
    distributionId: 'E1',
    appMonitor: 'shop-test',
  });
  expect(scriptErrors?.summary).toMatchObject({
    id: 'script-errors',
    severity: 'ticket',
    runbook: '#script-errors',
    trafficGate: 'not judged below 50 requests in 5 minutes',
  });
  const shown = JSON.stringify(section.rows[1]?.map((widget) => widget.toJson()));
  for (const name of ['WebVitalsLargestContentfulPaint', 'WebVitalsInteractionToNextPaint', 'JsErrorCount'])
    expect(shown).toContain(name);
  expect(new UserExperience(stack, 'None', { name: 'a', distributionId: 'E1' }).section.rows[1]).toEqual([]);
});
