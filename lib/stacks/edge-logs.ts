import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ACCESS_LOGS } from '../../constructs/client/access-logs';
import { FIREWALL_LOGS } from '../../constructs/client/web-firewall';

/** Returns the log groups of CloudFront and its firewall by their fixed names, without references to their stacks. */
export function edgeLogs(
  scope: Construct,
  name: string,
): { readonly accessLogs: ILogGroup; readonly firewallLogs: ILogGroup } {
  return {
    accessLogs: LogGroup.fromLogGroupName(scope, 'EdgeAccessLogs', `${ACCESS_LOGS}${name}`),
    firewallLogs: LogGroup.fromLogGroupName(scope, 'FirewallLogs', `${FIREWALL_LOGS}${name}`),
  };
}
