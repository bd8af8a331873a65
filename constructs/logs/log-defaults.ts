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

/** Default settings of log groups. */
export interface LogOptions {
  /**
   * Time for which CloudWatch Logs keeps events.
   * @default RetentionDays.ONE_MONTH
   */
  readonly retention?: RetentionDays;
  /**
   * Key that encrypts the events, in the region of the log groups. The construct allows CloudWatch Logs to use the
   * key. It cannot change the policy of an imported key, which must already allow this.
   * @default - a key owned by AWS
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly encryptionKey?: IKey;
  /**
   * Removal policy of log groups. With the default, CloudFormation deletes a log group only if the deployment that
   * creates it fails, so that its name is free for the next attempt.
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
  // CloudWatch Logs accepts no `~` in a pattern, and documents no open-ended repetition in braces such as {16,}.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html
  new CustomDataIdentifier('BearerToken', '[Bb]earer [A-Za-z0-9._+/=-]{16}[A-Za-z0-9._+/=-]*'),
];

/**
 * Defaults for every log group of a stack. Each log group masks personal data and credentials, expires, and uses your
 * key if you set one. The defaults apply to the log groups of all constructs in the stack, including those of
 * aws-cdk-lib. Props of a log group override them. If both a construct and its stack have defaults, only the
 * construct's apply.
 * ```ts
 * PropertyInjectors.of(stack).add(new LogDefaults({ retention: RetentionDays.ONE_YEAR }));
 * ```
 *
 * Add the defaults before you create the constructs.
 */
export class LogDefaults implements IPropertyInjector {
  /** Class whose props these defaults complete: `LogGroup` of aws-cdk-lib. */
  readonly constructUniqueId = LogGroup.PROPERTY_INJECTION_ID;

  /** @param options settings of log groups whose props do not set them */
  constructor(private readonly options: LogOptions = {}) {
    if (options.encryptionKey) allowCloudWatchLogs(options.encryptionKey);
  }

  /**
   * Completes the props of a log group. The CDK calls this method.
   * @param props props of the log group
   */
  inject(props: LogGroupProps = {}): LogGroupProps {
    const { retention, encryptionKey, removalPolicy } = this.options;
    // A log group of the class DELIVERY has a fixed retention and cannot mask.
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

/** Returns a policy that masks personal data and credentials for readers without `logs:Unmask`. */
export function maskingPolicy(): DataProtectionPolicy {
  return new DataProtectionPolicy({ identifiers: MASKED });
}

/** Allows CloudWatch Logs to use a key for the log groups of the key's account and region. */
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
