import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { type CustomResourceResponse, fail, succeed } from './respond';
import { within } from './within';

export type { CustomResourceResponse } from './respond';

/** Part of the function's timeout that is reserved for the response to CloudFormation, in milliseconds. */
const RESERVE_MS = 5_000;

export interface CustomResourceOptions {
  /**
   * Tells whether the stack is rolling back; pass `isRollingBack`. During a rollback, an Update then succeeds even if
   * `handle` throws, because a failure would leave the stack in UPDATE_ROLLBACK_FAILED. The function needs
   * `cloudformation:DescribeStacks` for its stack.
   * @default - an Update also fails during a rollback
   */
  readonly isRollingBack?: (stackId: string) => Promise<boolean | undefined>;
}

/** Wraps a Lambda handler so that CloudFormation gets a response when `handle` returns, throws or takes too long. */
export function customResource(
  handle: (event: CloudFormationCustomResourceEvent) => Promise<CustomResourceResponse | undefined>,
  options: CustomResourceOptions = {},
): (event: CloudFormationCustomResourceEvent, context: Context) => Promise<void> {
  return async (event, context) => {
    let answer: CustomResourceResponse | undefined;
    try {
      answer = await within(context.getRemainingTimeInMillis() - RESERVE_MS, handle(event));
    } catch (error) {
      const isUpdate = event.RequestType === 'Update';
      if (!isUpdate || !(await options.isRollingBack?.(event.StackId))) return fail(event, error);
      console.error(
        JSON.stringify({ level: 'error', message: `ignored during the stack rollback: ${error}` }),
      );
    }
    await succeed(event, answer);
  };
}
