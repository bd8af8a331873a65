import { ArnFormat, type IPropertyInjector, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  CustomDataIdentifier,
  DataIdentifier,
  DataProtectionPolicy,
  LogGroup,
  LogGroupClass,
  type LogGroupProps,
  RetentionDays,
} from 'aws-cdk-lib/aws-logs';

/** Settings of log groups that do not set them themselves. */
export interface LogOptions {
  /**
   * How long CloudWatch Logs keeps events.
   * @default RetentionDays.ONE_MONTH
   */
  readonly retention?: RetentionDays;
  /**
   * Key that encrypts the events, in the region of the log groups. CloudWatch Logs is allowed to use the key;
   * the policy of an imported key cannot be changed, so it must allow that already.
   * @default - a key owned by AWS
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly encryptionKey?: IKey;
  /**
   * How CloudFormation treats the log group when it leaves the stack. By default CloudFormation deletes a log group only
   * when the deployment that creates it fails: its name is then free for the next try.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

const MASKED = [
  DataIdentifier.EMAILADDRESS,
  DataIdentifier.CREDITCARDNUMBER,
  DataIdentifier.PHONENUMBER_US,
  DataIdentifier.AWSSECRETKEY,
  DataIdentifier.OPENSSHPRIVATEKEY,
  DataIdentifier.PKCSPRIVATEKEY,
  DataIdentifier.PUTTYPRIVATEKEY,
  // CloudWatch Logs takes neither `~` in a pattern nor, as far as it is documented, a repetition without an upper bound
  // in braces. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html
  new CustomDataIdentifier('BearerToken', '[Bb]earer [A-Za-z0-9._+/=-]{16}[A-Za-z0-9._+/=-]*'),
];

/**
 * Defaults for every log group of a stack: each masks personal data and credentials, expires, and is encrypted
 * with your key if you name one. They reach the log groups of all constructs in the stack, those of aws-cdk-lib
 * included. A log group's own props win. If a construct and its stack have defaults, only the construct's apply.
 *
 * ```ts
 * PropertyInjectors.of(stack).add(new LogDefaults({ retention: RetentionDays.ONE_YEAR }));
 * ```
 *
 * Add the defaults before you create the constructs that they are for.
 */
export class LogDefaults implements IPropertyInjector {
  /** The class whose props these defaults complete: `LogGroup` of aws-cdk-lib. */
  readonly constructUniqueId = LogGroup.PROPERTY_INJECTION_ID;

  /** @param options settings of log groups that do not set them themselves */
  constructor(private readonly options: LogOptions = {}) {
    if (options.encryptionKey) allowCloudWatchLogs(options.encryptionKey);
  }

  /**
   * Completes the props of a log group; the CDK calls this.
   * @param props props that the log group was given
   */
  inject(props: LogGroupProps = {}): LogGroupProps {
    const { retention, encryptionKey, removalPolicy } = this.options;
    // A delivery log group has a fixed retention and cannot mask.
    const isDelivery = props.logGroupClass === LogGroupClass.DELIVERY;
    return {
      ...props,
      retention: props.retention ?? (isDelivery ? undefined : (retention ?? RetentionDays.ONE_MONTH)),
      encryptionKey: props.encryptionKey ?? encryptionKey,
      removalPolicy: props.removalPolicy ?? removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      dataProtectionPolicy: props.dataProtectionPolicy ?? (isDelivery ? undefined : maskingPolicy()),
    };
  }
}

/** Masks personal data and credentials when events are read, unless the reader has `logs:Unmask`. */
export function maskingPolicy(): DataProtectionPolicy {
  return new DataProtectionPolicy({ identifiers: MASKED });
}

/** Allows CloudWatch Logs to use a key, for log groups of the key's own account and region only. */
export function allowCloudWatchLogs(key: IKey): void {
  const stack = Stack.of(key);
  const groups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'CloudWatchLogs',
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
    }),
  );
}
