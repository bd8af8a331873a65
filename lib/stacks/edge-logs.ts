import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ACCESS_LOGS, FIREWALL_LOGS } from '../../constructs/client';

/** The logs of CloudFront and of its firewall, whose names are given: nothing has to refer to their stacks. */
export function edgeLogs(
  scope: Construct,
  name: string,
): { readonly accessLogs: ILogGroup; readonly firewallLogs: ILogGroup } {
  return {
    accessLogs: LogGroup.fromLogGroupName(scope, 'EdgeAccessLogs', `${ACCESS_LOGS}${name}`),
    firewallLogs: LogGroup.fromLogGroupName(scope, 'FirewallLogs', `${FIREWALL_LOGS}${name}`),
  };
}
