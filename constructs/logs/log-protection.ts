import { Annotations, CfnResource, type IAspect, Token } from 'aws-cdk-lib';
import { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { ProtectedLogGroup } from './protected-log-group';

type LoggingConfig = CfnFunction.LoggingConfigProperty;

const OWN_GROUP = 'ProtectedLogs';

/**
 * Aspect that ensures that every function of a stack writes to a protected log group. If a function has no log group,
 * such as the functions of aws-cdk-lib's own custom resources, Lambda would create an unprotected one. The aspect
 * gives such a function a `ProtectedLogGroup`. Synthesis fails for a log group without a data protection policy or
 * retention.
 * ```ts
 * Aspects.of(stack).add(new LogProtection());
 * ```
 */
export class LogProtection implements IAspect {
  /**
   * Protects the logs of one construct. The CDK calls this method.
   * @param node a construct of the stack
   */
  visit(node: IConstruct): void {
    if (node instanceof CfnLogGroup) refuseUnprotected(node);
    else if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::Lambda::Function')
      protectFunctionLog(node);
  }
}

function protectFunctionLog(lambda: CfnResource): void {
  const scope = lambda.node.scope!;
  if (namesLogGroup(lambda) || scope.node.tryFindChild(OWN_GROUP)) return;
  // With the feature flag `useCdkManagedLogGroup`, the CDK defines a log group with the name that Lambda would use.
  if (scope instanceof LambdaFunction && scope.node.tryFindChild('LogGroup')) return;
  const { logGroup } = new ProtectedLogGroup(scope, OWN_GROUP);
  lambda.addPropertyOverride('LoggingConfig.LogGroup', logGroup.logGroupName);
}

/**
 * Returns true if a function sets its log group. The CDK's core defines its functions as plain resources, which never
 * set one.
 */
function namesLogGroup(lambda: CfnResource): boolean {
  if (!(lambda instanceof CfnFunction)) return false;
  const { loggingConfig } = lambda;
  return (
    Token.isUnresolved(loggingConfig) || (loggingConfig as LoggingConfig | undefined)?.logGroup !== undefined
  );
}

function refuseUnprotected(group: CfnLogGroup): void {
  const missing = [
    ...(group.dataProtectionPolicy === undefined ? ['no data protection policy'] : []),
    ...(group.retentionInDays === undefined ? ['no retention'] : []),
  ];
  if (missing.length > 0)
    Annotations.of(group).addError(
      `a log group must mask personal data and expire, got one with ${missing.join(' and ')}; create it with ProtectedLogGroup, or add LogDefaults to the stack before it`,
    );
}
