import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnAppMonitor } from 'aws-cdk-lib/aws-rum';
import { Construct } from 'constructs';
import type { HeadScript } from '../client/head-script';
import { ConstructError } from '../construct-error';

export interface RealUserMonitoringProps {
  /** Name of the app monitor. */
  readonly name: string;
  /** Domains of the pages, such as `shop.example.com` or `*.cloudfront.net`. */
  readonly domains: readonly string[];
  /** Release that the pages are of: an attribute of each session, and its version. */
  readonly release: string;
  /** Share of page visits that are measured, in percent; each costs by its events. */
  readonly percent: number;
}

/**
 * What people's browsers measure: web vitals, errors of scripts, requests that fail.
 *
 * Defines a CloudWatch RUM app monitor, to which anybody may write, as browsers have no credentials, and from
 * which nobody may read; and gives what a `StaticClient` takes to have its pages report there.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-RUM-resource-policies.html
 * @example
 * const { headScript, pageHeaders, contentSecurityPolicySources } = new RealUserMonitoring(this, 'Rum', {
 *   name: 'guestbook-production',
 *   domains: ['guestbook.example.com'],
 *   release: '3f9a1c0b7d2e4f68',
 *   percent: 10,
 * });
 */
export class RealUserMonitoring extends Construct {
  /** For `StaticClient`: what each page loads first. */
  readonly headScript: HeadScript;
  /** For `StaticClient`: by which the script learns where to report. */
  readonly pageHeaders: Readonly<Record<string, string>>;
  /** For `StaticClient`: what its policy has to let the script connect to. */
  readonly contentSecurityPolicySources: Readonly<Record<string, readonly string[]>>;

  constructor(scope: Construct, id: string, { name, domains, release, percent }: RealUserMonitoringProps) {
    super(scope, id);
    const problems: string[] = [];
    if (!(percent > 0 && percent <= 100))
      problems.push(`'percent' must be more than 0 and at most 100, got ${percent}`);
    if (domains.length < 1 || domains.length > 5)
      problems.push(`'domains' must be 1 to 5, got ${domains.length}`);
    if (problems.length > 0) throw new ConstructError(this, problems);

    const stack = Stack.of(this);
    const { region } = stack;
    const monitor = new CfnAppMonitor(this, 'Resource', {
      name,
      domainList: [...domains],
      // Its own copy in a log group could not be masked, for its name is made up with it.
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
      data: { region, release, percent: String(percent) },
    };
    this.pageHeaders = { 'X-App-Monitor': monitor.attrId };
    this.contentSecurityPolicySources = {
      'connect-src': [`https://dataplane.rum.${region}.amazonaws.com`],
    };
  }
}
