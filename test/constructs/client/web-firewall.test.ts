import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { WebFirewall, type WebFirewallProps } from '../../../constructs/client';
import { nagFindings, testStack } from '../../support';

function synthesise(props: Partial<WebFirewallProps> = {}) {
  const stack = testStack('Test', { env: { region: 'us-east-1' } });
  new WebFirewall(stack, 'Firewall', { name: 'guestbook-production', ...props });
  return { stack, template: Template.fromStack(stack) };
}

const { stack, template } = synthesise();

function rules(of: Template) {
  return Object.values(of.findResources('AWS::WAFv2::WebACL'))[0]!['Properties'].Rules;
}

describe('the web ACL', () => {
  test('is for CloudFront, and allows requests that match no rule', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'CLOUDFRONT',
      DefaultAction: { Allow: {} },
    });
  });

  test('limits the requests of one address', () => {
    expect(rules(template)[0]).toMatchObject({
      Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
      Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 2000 } },
    });
  });

  test('takes the limit from the props', () => {
    expect(rules(synthesise({ rateLimit: 500 }).template)[0].Statement.RateBasedStatement.Limit).toBe(500);
  });

  test('blocks with the managed rules', () => {
    const groups = rules(template).slice(1);
    expect(
      groups.map(
        ({ Statement }: { Statement: Record<string, { Name: string }> }) =>
          Statement['ManagedRuleGroupStatement']!.Name,
      ),
    ).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
    ]);
    for (const { OverrideAction } of groups) expect(OverrideAction).toEqual({ None: {} });
  });

  test('only counts bodies over 8 KB, because applications send such bodies', () => {
    expect(rules(template).at(-1).Statement.ManagedRuleGroupStatement.RuleActionOverrides).toEqual([
      { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
    ]);
  });

  test('only counts the rules of the props', () => {
    const counted = synthesise({ countedRules: ['GenericLFI_BODY'] }).template;
    expect(rules(counted).at(-1).Statement.ManagedRuleGroupStatement.RuleActionOverrides).toEqual([
      { Name: 'GenericLFI_BODY', ActionToUse: { Count: {} } },
    ]);
  });

  test("shows no credentials in the console's sampled requests", () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      DataProtectionConfig: {
        DataProtections: Match.arrayWith([
          {
            Action: 'SUBSTITUTION',
            Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization', 'cookie', 'x-csrf-token'] },
          },
          { Action: 'SUBSTITUTION', Field: { FieldType: 'QUERY_STRING' } },
        ]),
      },
    });
  });
});

describe('the log', () => {
  test('has retention, and a name that WAF accepts', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: 'aws-waf-logs-guestbook-production',
      RetentionInDays: 30,
      DataProtectionPolicy: Match.anyValue(),
    });
  });

  test('has no credentials and no query strings', () => {
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: [
        { SingleHeader: { Name: 'authorization' } },
        { SingleHeader: { Name: 'cookie' } },
        { SingleHeader: { Name: 'x-csrf-token' } },
        { QueryString: {} },
      ],
    });
  });

  test('records blocked and counted requests only', () => {
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      LoggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
          },
        ],
      },
    });
  });

  test('has an ARN without the asterisk, which WAF rejects', () => {
    const logging = Object.values(template.findResources('AWS::WAFv2::LoggingConfiguration'))[0]!;
    expect(JSON.stringify(logging['Properties'].LogDestinationConfigs)).not.toContain('*');
  });
});

describe('validation', () => {
  const create =
    (props: Partial<WebFirewallProps>, region = 'us-east-1') =>
    () =>
      new WebFirewall(new Stack(new App(), 'Test', { env: { region } }), 'Firewall', { name: 'x', ...props });

  test('fails outside us-east-1', () => {
    expect(create({}, 'eu-central-1')).toThrow('must be in us-east-1, got a stack in eu-central-1');
  });

  test('does not fail in an unknown region', () => {
    expect(() => new WebFirewall(new Stack(new App(), 'Test'), 'Firewall', { name: 'x' })).not.toThrow();
  });

  test('fails for a name that WAF rejects', () => {
    expect(create({ name: 'Guest Book' })).toThrow("got 'Guest Book'");
  });

  test.each([9, 2_000_000_001])('fails for a rate limit of %i', (rateLimit) => {
    expect(create({ rateLimit })).toThrow(`got ${rateLimit}`);
  });
});

test('cdk-nag finds nothing', () => {
  expect(nagFindings(stack)).toEqual([]);
});
