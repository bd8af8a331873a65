import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { type CustomResourceAnswer, fail, succeed } from './respond';
import { within } from './within';

export type { CustomResourceAnswer } from './respond';

/** Time kept of the function's timeout to answer CloudFormation. */
const RESERVE_MS = 5_000;

export interface CustomResourceOptions {
  /**
   * Tells whether the stack is on its way back. An update succeeds then, whatever `handle` throws: a failure would leave
   * the stack in UPDATE_ROLLBACK_FAILED. Give `isRollingBack`; the function needs `cloudformation:DescribeStacks` for its
   * stack.
   * @default - an update fails on the way back, too
   */
  readonly isRollingBack?: (stackId: string) => Promise<boolean | undefined>;
}

/** Wraps a Lambda handler so that CloudFormation has an answer if `handle` returns, throws or takes too long. */
export function customResource(
  handle: (event: CloudFormationCustomResourceEvent) => Promise<CustomResourceAnswer | undefined>,
  options: CustomResourceOptions = {},
): (event: CloudFormationCustomResourceEvent, context: Context) => Promise<void> {
  return async (event, context) => {
    let answer: CustomResourceAnswer | undefined;
    try {
      answer = await within(context.getRemainingTimeInMillis() - RESERVE_MS, handle(event));
    } catch (error) {
      const isUpdate = event.RequestType === 'Update';
      if (!isUpdate || !(await options.isRollingBack?.(event.StackId))) return fail(event, error);
      console.error(JSON.stringify({ level: 'error', message: `ignored on the way back: ${error}` }));
    }
    await succeed(event, answer);
  };
}
