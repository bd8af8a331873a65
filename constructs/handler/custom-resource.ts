import { setTimeout as wait } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';

/** What a custom resource tells CloudFormation when it succeeded. */
export interface CustomResourceAnswer {
  /** @default the id it has, on Create the logical id: never a new one, which would mean a replacement */
  readonly physicalResourceId?: string;
  /** Attributes for `Fn::GetAtt`. */
  readonly data?: Readonly<Record<string, string>>;
}

/** Time kept back from the function's own limit, to answer CloudFormation. */
const RESERVE_MS = 5_000;
/** CloudFormation takes an answer of at most 4 KB. */
const LONGEST_REASON = 1_500;

/**
 * A Lambda handler that answers CloudFormation whatever `handle` does: returns, throws or takes too long.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export function customResource(
  handle: (event: CloudFormationCustomResourceEvent) => Promise<CustomResourceAnswer | undefined>,
): (event: CloudFormationCustomResourceEvent, context: Context) => Promise<void> {
  return async (event, context) => {
    const limit = new AbortController();
    const tooLong = async (): Promise<never> => {
      await wait(Math.max(context.getRemainingTimeInMillis() - RESERVE_MS, 0), undefined, limit);
      throw new Error('did not finish within the time of its function');
    };
    let outcome: { Status: 'SUCCESS' | 'FAILED'; Reason?: string; answer?: CustomResourceAnswer };
    try {
      outcome = { Status: 'SUCCESS', answer: await Promise.race([handle(event), tooLong()]) };
    } catch (error) {
      console.error(JSON.stringify({ level: 'error', request: event.RequestType, error: String(error) }));
      const reason = error instanceof Error ? error.message : String(error);
      outcome = { Status: 'FAILED', Reason: reason.slice(0, LONGEST_REASON) };
    } finally {
      limit.abort();
    }

    const known = 'PhysicalResourceId' in event ? event.PhysicalResourceId : event.LogicalResourceId;
    await send(event.ResponseURL, {
      Status: outcome.Status,
      Reason: outcome.Reason,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      PhysicalResourceId: outcome.answer?.physicalResourceId ?? known,
      Data: outcome.answer?.data,
    });
  };
}

async function send(url: string, answer: object): Promise<void> {
  const body = JSON.stringify(answer);
  for (let attempt = 1; ; attempt++) {
    try {
      // The address is signed for a request without a content type.
      const response = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
      if (response.ok) return;
      throw new Error(`CloudFormation's address answered ${response.status}`);
    } catch (error) {
      if (attempt === 4) throw error;
      await wait(250 * 2 ** attempt);
    }
  }
}
