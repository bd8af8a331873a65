import { Annotations, CfnResource, type IAspect } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { ProtectedLogGroup, type ProtectedLogGroupProps } from './protected-log-group';

const OWN_GROUP = 'ProtectedLogs';

/**
 * Sees to it that nothing is logged outside of a protected log group: a function for which Lambda would make a
 * group, such as those of the CDK's own providers, gets one, and a group without data protection or retention
 * fails the synthesis. An aspect, for an app or a stack: `Aspects.of(app).add(new LogProtection())`.
 */
export class LogProtection implements IAspect {
  /** @param options of the groups it makes; kept for one month by default */
  constructor(private readonly options: Omit<ProtectedLogGroupProps, 'logGroupName'> = {}) {}

  visit(node: IConstruct): void {
    if (node instanceof CfnLogGroup) refuseUnprotected(node);
    else if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::Lambda::Function')
      this.giveLogGroup(node);
  }

  private giveLogGroup(lambda: CfnResource): void {
    const scope = lambda.node.scope!;
    // The CDK's core makes its functions without the class for them, and none of them with a group.
    const hasOne = lambda instanceof CfnFunction && lambda.loggingConfig !== undefined;
    if (hasOne || scope.node.tryFindChild(OWN_GROUP)) return;
    const { logGroup } = new ProtectedLogGroup(scope, OWN_GROUP, this.options);
    lambda.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
  }
}

function refuseUnprotected(group: CfnLogGroup): void {
  const missing = [
    ...(group.dataProtectionPolicy === undefined ? ['no data-protection policy'] : []),
    ...(group.retentionInDays === undefined ? ['no retention'] : []),
  ];
  if (missing.length > 0)
    Annotations.of(group).addError(
      `a log group must mask what is personal and expire, got one with ${missing.join(' and ')}; make it with ProtectedLogGroup`,
    );
}
