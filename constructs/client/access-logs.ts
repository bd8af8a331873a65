import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { nameProblems, physicalName } from '../physical-name';

/** Properties of `AccessLogs`. */
export interface AccessLogsProps {
  /**
   * Name of the delivery and of its log group, unique in the account: 1 to 40 lower-case letters, digits and single
   * hyphens, beginning with a letter.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Distribution to log. */
  readonly distribution: IDistribution;
}

/** Fields of a log line. Cookies and query strings are left out, because they carry credentials. */
const FIELDS = [
  'date',
  'time',
  'c-ip',
  'cs-method',
  'cs(Host)',
  'x-host-header',
  'cs-uri-stem',
  'sc-status',
  'cs(User-Agent)',
  'x-edge-location',
  'x-edge-result-type',
  'x-edge-response-result-type',
  'x-edge-detailed-result-type',
  'x-edge-request-id',
  'cs-protocol',
  'cs-protocol-version',
  'ssl-protocol',
  'cs-bytes',
  'sc-bytes',
  'time-taken',
  'time-to-first-byte',
];

/** Prefix of log group names. All log groups with this prefix share one of a region's ten resource policies. */
export const ACCESS_LOGS = '/aws/vendedlogs/cloudfront/';

/**
 * Access log of a distribution. CloudFront delivers access logs in us-east-1 only, so the stack must be there.
 *
 * Defines a protected log group and a log delivery to that group.
 * @throws ConstructError in a stack of another region
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 * @example
 * new AccessLogs(this, 'AccessLogs', { distribution: client.distribution });
 */
export class AccessLogs extends Construct {
  /** Log group of the access log. */
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    const problems = nameProblems(props.name);
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region !== 'us-east-1')
      problems.push(
        `CloudFront delivers access logs in us-east-1 only, and this stack is in ${region}; define AccessLogs in a stack in us-east-1`,
      );
    if (problems.length > 0) throw new ConstructError(this, problems);
    const name = physicalName(this, props.name);

    this.logGroup = new ProtectedLogGroup(this, 'Logs', {
      logGroupName: `${ACCESS_LOGS}${name}`,
    }).logGroup;
    const source = new CfnDeliverySource(this, 'Source', {
      name,
      resourceArn: props.distribution.distributionArn,
      logType: 'ACCESS_LOGS',
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name,
      destinationResourceArn: Stack.of(this).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: this.logGroup.logGroupName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      outputFormat: 'json',
    });
    const delivery = new CfnDelivery(this, 'Resource', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
      recordFields: FIELDS,
    });
    delivery.addResourceDependency(source);
  }
}
