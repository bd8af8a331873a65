import { setTimeout as wait } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** Result of a custom resource that succeeded. */
export interface CustomResourceResponse {
  /**
   * Physical id of the resource. A new id makes CloudFormation replace the resource.
   * @default - the current id; for a Create, the logical id
   */
  readonly physicalResourceId?: string;
  /** Attributes for `Fn::GetAtt`. */
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Maximum size of a response that CloudFormation accepts, in bytes.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
const LONGEST_RESPONSE = 4096;

/** Tells CloudFormation that a custom resource succeeded. */
export async function succeed(
  event: CloudFormationCustomResourceEvent,
  answer: CustomResourceResponse = {},
): Promise<void> {
  const body = JSON.stringify({
    ...response(event, answer.physicalResourceId),
    Status: 'SUCCESS',
    Data: answer.data,
  });
  if (Buffer.byteLength(body) > LONGEST_RESPONSE)
    return fail(
      event,
      new Error(`its attributes exceed CloudFormation's limit of ${LONGEST_RESPONSE} bytes`),
    );
  await put(event.ResponseURL, body);
}

/** Tells CloudFormation that a custom resource failed. Cuts the error's message to the limit of a response. */
export async function fail(event: CloudFormationCustomResourceEvent, error: unknown): Promise<void> {
  console.error(JSON.stringify({ level: 'error', request: event.RequestType, error: String(error) }));
  let Reason = error instanceof Error ? error.message : String(error);
  for (;;) {
    const body = JSON.stringify({ ...response(event), Status: 'FAILED', Reason });
    const excess = Buffer.byteLength(body) - LONGEST_RESPONSE;
    if (excess <= 0) return put(event.ResponseURL, body);
    // In JSON, a character takes at most six bytes.
    Reason = Reason.slice(0, -Math.ceil(excess / 6)).replace(/[\ud800-\udbff]$/, '');
  }
}

function response(event: CloudFormationCustomResourceEvent, physicalResourceId?: string): object {
  const { StackId, RequestId, LogicalResourceId } = event;
  const known = 'PhysicalResourceId' in event ? event.PhysicalResourceId : LogicalResourceId;
  return { StackId, RequestId, LogicalResourceId, PhysicalResourceId: physicalResourceId ?? known };
}

async function put(url: string, body: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // The URL is signed for a request without a content type.
      const { ok, status } = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
      if (ok) return;
      throw new Error(`CloudFormation's response URL returned ${status}`);
    } catch (error) {
      if (attempt === 4) throw error;
      await wait(250 * 2 ** attempt);
    }
  }
}
