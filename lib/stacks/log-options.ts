import { RemovalPolicy } from 'aws-cdk-lib';
import type { Settings } from '../../config';
import type { ProtectedLogGroupProps } from '../../constructs/logs';

/** How an environment keeps its logs. */
export function logOptions(settings: Settings): Pick<ProtectedLogGroupProps, 'retention' | 'removalPolicy'> {
  return {
    // The CDK's enumeration of retentions is the number of days.
    retention: settings.logRetentionDays,
    removalPolicy: settings.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}
