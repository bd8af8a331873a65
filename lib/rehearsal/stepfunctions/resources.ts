import { arn, named, need } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import { StateMachine } from './state-machine';

/** Resource types of Step Functions. */
export function stepFunctionsResources(machines: Map<string, StateMachine>, stage: Stage): ResourceHandlers {
  return {
    'AWS::StepFunctions::StateMachine': {
      supportedProperties: ['DefinitionString', 'StateMachineName'],
      apply(request) {
        const { properties, id: logicalId } = request;
        const Name = properties['StateMachineName'] ?? named(request);
        const Ref = arn(request, 'states', `stateMachine:${Name}`);
        const definition = need(request, 'DefinitionString');
        const role = String(properties['RoleArn']);
        machines.set(Ref, new StateMachine({ logicalId, arn: Ref, role, definition }, stage));
        return { Ref, Arn: Ref, Name };
      },
    },
  };
}
