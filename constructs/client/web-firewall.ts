import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { nameProblems } from '../physical-name';

export interface WebFirewallProps {
  /** Name of the web ACL and, after `aws-waf-logs-`, of its log group; up to 40 of `a-z`, `0-9`, `-`. */
  readonly name: string;
  /**
   * Requests that one address may send in five minutes, 10 to 2,000,000,000.
   * @default 2000
   */
  readonly rateLimit?: number;
  /**
   * Rules of AWS's core rule set that only count, for what the application does that they block.
   * @default ['SizeRestrictions_BODY'], which blocks every body over 8 KB
   */
  readonly countedRules?: readonly string[];
}

/**
 * Managed groups that cost nothing beyond the web ACL; 925 of the 1,500 capacity units that its price includes.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const CORE = 'AWSManagedRulesCommonRuleSet';
const GROUPS = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet', CORE];

/** Headers that carry credentials. */
const CREDENTIALS = ['authorization', 'cookie', 'x-csrf-token'];

/** What names of the groups start with: WAF takes none under another. */
export const FIREWALL_LOGS = 'aws-waf-logs-';

/**
 * A firewall for a CloudFront distribution, in us-east-1.
 *
 * Defines a web ACL with a rate limit for each address and AWS's managed rules, and a log of what it blocks or
 * counts, without credentials, query strings and bodies.
 */
export class WebFirewall extends Construct {
  readonly webAcl: CfnWebACL;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: WebFirewallProps) {
    super(scope, id);
    this.validate(props);

    const { name, rateLimit = 2000, countedRules = ['SizeRestrictions_BODY'] } = props;
    this.webAcl = new CfnWebACL(this, 'Resource', {
      name,
      description: 'Rate limit and managed rules before the distribution',
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(name),
      rules: [
        {
          name: 'RateLimit',
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: rateLimit } },
          visibilityConfig: visibility('RateLimit'),
        },
        ...GROUPS.map((group, index) => ({
          name: group,
          priority: index + 1,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: group,
              ruleActionOverrides:
                group === CORE
                  ? countedRules.map((rule) => ({ name: rule, actionToUse: { count: {} } }))
                  : undefined,
            },
          },
          visibilityConfig: visibility(group),
        })),
      ],
      // Unlike the redaction of a log, this also covers the requests that the console samples.
      dataProtectionConfig: {
        dataProtections: [
          { action: 'SUBSTITUTION', field: { fieldType: 'SINGLE_HEADER', fieldKeys: CREDENTIALS } },
          { action: 'SUBSTITUTION', field: { fieldType: 'QUERY_STRING' } },
          { action: 'SUBSTITUTION', field: { fieldType: 'BODY' } },
        ],
      },
    });

    this.logGroup = new ProtectedLogGroup(this, 'Logs', {
      logGroupName: `${FIREWALL_LOGS}${name}`,
    }).logGroup;
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.webAcl.attrArn,
      // WAF takes the group's ARN without the `:*` that CloudFormation gives it.
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: this.logGroup.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [
        ...CREDENTIALS.map((header) => ({ singleHeader: { Name: header } })),
        { queryString: {} },
      ],
      // Allowed requests are in the access logs. The filter reaches the template as it is written here.
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: ['BLOCK', 'COUNT'].map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
    });
  }

  private validate({ name, rateLimit }: WebFirewallProps): void {
    const problems = nameProblems(name);
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region !== 'us-east-1') {
      problems.push(
        `a web ACL for CloudFront must be in us-east-1, got a stack in ${region}; define it in a stack there`,
      );
    }
    if (rateLimit !== undefined && !Token.isUnresolved(rateLimit) && !(rateLimit >= 10 && rateLimit <= 2e9)) {
      problems.push(`'rateLimit' must be 10 to 2,000,000,000 requests in five minutes, got ${rateLimit}`);
    }
    if (problems.length > 0) throw new ConstructError(this, problems);
  }
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}
