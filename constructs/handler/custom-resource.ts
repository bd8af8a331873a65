import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { type CustomResourceAnswer, fail, succeed } from './respond';
import { within } from './within';

export type { CustomResourceAnswer } from './respond';

/** Time kept of the function's timeout to answer CloudFormation. */
const RESERVE_MS = 5_000;

/** Wraps a Lambda handler so that CloudFormation has an answer if `handle` returns, throws or takes too long. */
export function customResource(
  handle: (event: CloudFormationCustomResourceEvent) => Promise<CustomResourceAnswer | undefined>,
): (event: CloudFormationCustomResourceEvent, context: Context) => Promise<void> {
  return async (event, context) => {
    let answer: CustomResourceAnswer | undefined;
    try {
      answer = await within(context.getRemainingTimeInMillis() - RESERVE_MS, handle(event));
    } catch (error) {
      return fail(event, error);
    }
    await succeed(event, answer);
  };
}
