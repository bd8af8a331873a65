import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnAppMonitor } from 'aws-cdk-lib/aws-rum';
import { Construct } from 'constructs';
import type { HeadScript } from '../client/head-script';
import { ConstructError } from '../construct-error';
import { nameProblems, physicalName } from '../physical-name';

/** Properties of `RealUserMonitoring`. */
export interface RealUserMonitoringProps {
  /**
   * Name of the app monitor.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Domains of the pages, such as `shop.example.com` or `*.cloudfront.net`: 1 to 5. */
  readonly domains: readonly string[];
  /** Release of the pages. Each session records it as its version and as an attribute. */
  readonly release: string;
  /** Percentage of page visits to measure: more than 0, at most 100. Each measured event is billed. */
  readonly samplePercent: number;
}

/**
 * Real user monitoring: web vitals, script errors and failed requests in users' browsers.
 *
 * Defines a CloudWatch RUM app monitor. Its resource policy allows anybody to send events, because browsers have no
 * credentials. Pass the fields of this construct to a `StaticClient`, so that its pages report to the app monitor.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-RUM-resource-policies.html
 * @example
 * const { headScript, pageHeaders, contentSecurityPolicySources } = new RealUserMonitoring(this, 'Rum', {
 *   name: 'guestbook-production',
 *   domains: ['guestbook.example.com'],
 *   release: '3f9a1c0b7d2e4f68',
 *   samplePercent: 10,
 * });
 */
export class RealUserMonitoring extends Construct {
  /** Name of the app monitor, for `UserExperience`. */
  readonly appMonitorName: string;
  /** Prop of `StaticClient`: script that each page loads first. */
  readonly headScript: HeadScript;
  /** Prop of `StaticClient`: response headers that contain the id of the app monitor. */
  readonly pageHeaders: Readonly<Record<string, string>>;
  /** Sources for the content security policy of `StaticClient`, by directive. */
  readonly contentSecurityPolicySources: Readonly<Record<string, readonly string[]>>;

  constructor(scope: Construct, id: string, props: RealUserMonitoringProps) {
    super(scope, id);
    const { domains, release, samplePercent } = props;
    const problems = nameProblems(props.name);
    if (!(samplePercent > 0 && samplePercent <= 100))
      problems.push(`'samplePercent' must be more than 0 and at most 100, got ${samplePercent}`);
    if (domains.length < 1 || domains.length > 5)
      problems.push(`'domains' must be 1 to 5, got ${domains.length}`);
    if (problems.length > 0) throw new ConstructError(this, problems);
    const name = physicalName(this, props.name);
    this.appMonitorName = name;

    const stack = Stack.of(this);
    const { region } = stack;
    const monitor = new CfnAppMonitor(this, 'Resource', {
      name,
      domainList: [...domains],
      // RUM would create its own log group, which cannot mask personal data.
      cwLogEnabled: false,
      resourcePolicy: {
        policyDocument: stack.toJsonString({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 'rum:PutRumEvents',
              Resource: stack.formatArn({ service: 'rum', resource: 'appmonitor', resourceName: name }),
            },
          ],
        }),
      },
    });
    this.headScript = {
      path: '/framework53-rum.js',
      content: readFileSync(
        join(__dirname, '..', '..', 'bundles', 'real-user-monitoring', 'index.js'),
        'utf8',
      ),
      data: { release, percent: String(samplePercent) },
    };
    this.pageHeaders = { 'X-App-Monitor': monitor.attrId, 'X-App-Monitor-Region': region };
    this.contentSecurityPolicySources = {
      'connect-src': [`https://dataplane.rum.${region}.amazonaws.com`],
    };
  }
}
