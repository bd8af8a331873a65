import { missing, type Operations } from '../core/aws-api';
import type { LambdaFunction } from './lambda-function';

/**
 * API operations of Lambda.
 * @param functions functions of the plan, by ARN
 */
export function lambdaOperations(functions: ReadonlyMap<string, LambdaFunction>): Operations {
  return {
    /** Accepts and returns the payload as an object. Throws a `HandlerError` if the handler throws. */
    'lambda:Invoke': async ({ FunctionName, Payload, InvocationType }) => {
      const invoked = functions.get(String(FunctionName)) ?? missing(`the function ${FunctionName}`);
      if (InvocationType === 'Event') {
        invoked.invokeLater(Payload);
        return { StatusCode: 202 };
      }
      return { StatusCode: 200, Payload: await invoked.invoke(Payload) };
    },
  };
}
