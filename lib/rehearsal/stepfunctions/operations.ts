import type { Json } from '../core/assembly';
import { type Operations, ServiceError } from '../core/aws-api';
import type { StateMachine } from './state-machine';

/**
 * API operations of Step Functions.
 * @param machines state machines of the plan, by ARN
 */
export function stepFunctionsOperations(machines: ReadonlyMap<string, StateMachine>): Operations {
  return {
    'states:StartExecution': ({ stateMachineArn, input }) => {
      const machine = machines.get(String(stateMachineArn));
      if (!machine)
        throw new ServiceError('StateMachineDoesNotExist', `there is no state machine ${stateMachineArn}`);
      const { arn } = machine.start(JSON.parse(String(input ?? '{}')) as Json);
      return { executionArn: arn, startDate: Date.now() / 1000 };
    },
  };
}
