import { PlanError } from '../core/plan-error';
import { arn, named, need, type Properties } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import { LambdaFunction } from './lambda-function';

/** Resource types of Lambda. */
export function lambdaResources(functions: Map<string, LambdaFunction>, stage: Stage): ResourceHandlers {
  return {
    'AWS::Lambda::Function': {
      supportedProperties: ['Code.S3Key', 'Handler', 'Environment', 'Timeout', 'Runtime', 'VpcConfig'],
      apply(request) {
        const { properties, id } = request;
        const key = need<Properties>(request, 'Code')['S3Key'];
        const code = key === undefined ? '' : request.asset(key);
        if (code === undefined) throw new PlanError(id, 'Code.S3Key', `names no asset of the plan: ${key}`);
        const Ref = properties['FunctionName'] ?? named(request);
        const Arn = arn(request, 'lambda', `function:${Ref}`);
        const options = {
          logicalId: id,
          arn: Arn,
          stack: request.stack.name,
          code,
          handler: need(request, 'Handler'),
          role: String(properties['Role']),
          environment: properties['Environment']?.Variables ?? {},
          timeout: Number(properties['Timeout'] ?? 3),
          isInVpc: properties['VpcConfig'] !== undefined,
        };
        functions.set(Arn, new LambdaFunction(options, stage));
        return { Ref, Arn };
      },
    },
  };
}
