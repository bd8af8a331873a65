import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { nameProblems, physicalName } from '../physical-name';

/** Properties of `WebFirewall`. */
export interface WebFirewallProps {
  /**
   * Name of the web ACL and, after `aws-waf-logs-`, of its log group: 1 to 40 lower-case letters, digits and single
   * hyphens, beginning with a letter.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /**
   * Maximum number of requests from one IP address in five minutes, 10 to 2,000,000,000.
   * @default 2000
   */
  readonly rateLimit?: number;
  /**
   * Rules of AWS's core rule set that only count matching requests, because they would block legitimate requests. The
   * rule of the default would block every body over 8 KB.
   * @default ['SizeRestrictions_BODY']
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
   */
  readonly countedRules?: readonly string[];
}

/**
 * Managed rule groups without an extra charge. They use 925 of the 1,500 capacity units that the price of a web ACL
 * includes.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const CORE = 'AWSManagedRulesCommonRuleSet';
const GROUPS = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet', CORE];

/**
 * Rules of AWS's core rule set that `countedRules` may list.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
export const CORE_RULES = [
  'NoUserAgent_HEADER',
  'UserAgent_BadBots_HEADER',
  'SizeRestrictions_QUERYSTRING',
  'SizeRestrictions_Cookie_HEADER',
  'SizeRestrictions_BODY',
  'SizeRestrictions_URIPATH',
  'EC2MetaDataSSRF_BODY',
  'EC2MetaDataSSRF_COOKIE',
  'EC2MetaDataSSRF_URIPATH',
  'EC2MetaDataSSRF_QUERYARGUMENTS',
  'GenericLFI_QUERYARGUMENTS',
  'GenericLFI_URIPATH',
  'GenericLFI_BODY',
  'RestrictedExtensions_URIPATH',
  'RestrictedExtensions_QUERYARGUMENTS',
  'GenericRFI_QUERYARGUMENTS',
  'GenericRFI_BODY',
  'GenericRFI_URIPATH',
  'CrossSiteScripting_COOKIE',
  'CrossSiteScripting_QUERYARGUMENTS',
  'CrossSiteScripting_BODY',
  'CrossSiteScripting_URIPATH',
] as const;

/** Headers that carry credentials. */
const CREDENTIALS = ['authorization', 'cookie', 'x-csrf-token'];

/** Prefix of log group names. WAF refuses log groups without it. */
export const FIREWALL_LOGS = 'aws-waf-logs-';

/**
 * Firewall for a CloudFront distribution. A web ACL for CloudFront must be in us-east-1, so the stack must be there.
 *
 * Defines a web ACL with AWS's managed rules and a rate limit for each IP address. Also defines a log of the requests
 * that the web ACL blocks or counts, without credentials, query strings and bodies.
 * @throws ConstructError in a stack of another region
 */
export class WebFirewall extends Construct {
  /** Web ACL with scope CLOUDFRONT. */
  readonly webAcl: CfnWebACL;
  /** ARN of the web ACL, for the prop `webAclId` of a `StaticClient` or of the CDK's `Distribution`. */
  readonly webAclArn: string;
  /** Log group of the requests that the web ACL blocks or counts. */
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: WebFirewallProps = {}) {
    super(scope, id);
    this.validate(props);

    const name = physicalName(this, props.name);
    const { rateLimit = 2000, countedRules = ['SizeRestrictions_BODY'] } = props;
    this.webAcl = new CfnWebACL(this, 'Resource', {
      name,
      description: 'Rate limit and managed rules in front of the distribution',
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
        ...GROUPS.map((group, index) => managedRules(group, index + 1, group === CORE ? countedRules : [])),
      ],
      // Unlike redacted log fields, data protection also covers the requests that the console samples.
      dataProtectionConfig: {
        dataProtections: [
          { action: 'SUBSTITUTION', field: { fieldType: 'SINGLE_HEADER', fieldKeys: CREDENTIALS } },
          { action: 'SUBSTITUTION', field: { fieldType: 'QUERY_STRING' } },
          { action: 'SUBSTITUTION', field: { fieldType: 'BODY' } },
        ],
      },
    });
    this.webAclArn = this.webAcl.attrArn;
    this.logGroup = new ProtectedLogGroup(this, 'Logs', {
      logGroupName: `${FIREWALL_LOGS}${name}`,
    }).logGroup;
    this.log();
  }

  private validate({ name, rateLimit }: WebFirewallProps): void {
    const problems = nameProblems(name);
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region !== 'us-east-1') {
      problems.push(
        `a web ACL for CloudFront must be in us-east-1, got a stack in ${region}; define WebFirewall in a stack in us-east-1`,
      );
    }
    if (rateLimit !== undefined && !Token.isUnresolved(rateLimit) && !(rateLimit >= 10 && rateLimit <= 2e9)) {
      problems.push(`'rateLimit' must be 10 to 2,000,000,000 requests in five minutes, got ${rateLimit}`);
    }
    if (problems.length > 0) throw new ConstructError(this, problems);
  }

  private log(): void {
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.webAclArn,
      // WAF refuses an ARN of a log group that ends with `:*`, as CloudFormation returns it.
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
      // Allowed requests are in the access log. The CDK copies this filter to the template with its names unchanged.
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
}

function managedRules(
  group: string,
  priority: number,
  countedRules: readonly string[],
): CfnWebACL.RuleProperty {
  const counted = [...new Set(countedRules)].map((name) => ({ name, actionToUse: { count: {} } }));
  return {
    name: group,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: group,
        ruleActionOverrides: counted.length > 0 ? counted : undefined,
      },
    },
    visibilityConfig: visibility(group),
  };
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}
