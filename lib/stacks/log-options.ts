import { RemovalPolicy } from 'aws-cdk-lib';
import type { Settings } from '../../config';
import type { ProtectedLogGroupProps } from '../../constructs/logs';

/** How an environment keeps its logs. */
export function logOptions(settings: Settings): Pick<ProtectedLogGroupProps, 'retention' | 'removalPolicy'> {
  return {
    // The CDK's enumeration of retentions is the number of days.
    retention: settings.logRetentionDays,
    // Not those of a stack that could not be created: their names would be in the way of the next try.
    removalPolicy: settings.retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  };
}
