import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, type LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { ProtectedLogGroup } from '../logs/protected-log-group';

export interface AccessLogsProps {
  /** Names the delivery; unique in the account, up to 40 of `a-z`, `0-9` and `-`. */
  readonly name: string;
  readonly distribution: IDistribution;
}

/** Neither cookies nor query strings, which carry credentials. */
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

/** What names of the groups start with: those under it share one resource policy, of which a region has ten. */
export const ACCESS_LOGS = '/aws/vendedlogs/cloudfront/';

/**
 * A log of the requests that a distribution answers, in us-east-1, where CloudFront delivers it from.
 *
 * Defines a protected log group and the delivery to it.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 * @example
 * new AccessLogs(this, 'AccessLogs', { name: 'guestbook-production', distribution: client.distribution });
 */
export class AccessLogs extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region !== 'us-east-1') {
      throw new ConstructError(
        this,
        `CloudFront delivers its logs in us-east-1 only, and this stack is in ${region}; define it in a stack there`,
      );
    }

    this.logGroup = new ProtectedLogGroup(this, 'Logs', {
      logGroupName: `${ACCESS_LOGS}${props.name}`,
    }).logGroup;
    const source = new CfnDeliverySource(this, 'Source', {
      name: props.name,
      resourceArn: props.distribution.distributionArn,
      logType: 'ACCESS_LOGS',
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name: props.name,
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
