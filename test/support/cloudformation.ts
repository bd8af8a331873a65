import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';

/** The answer of a custom resource. */
export interface Answer {
  Status: 'SUCCESS' | 'FAILED';
  Reason?: string;
  PhysicalResourceId: string;
  Data?: Record<string, string>;
}

type Handler = (event: CloudFormationCustomResourceEvent, context: Context) => Promise<unknown>;

/** Plays CloudFormation: sends a custom resource's handler an event and receives its answer over HTTP. */
export async function askCustomResource(
  handler: Handler,
  event: object,
  { remainingMs = 60_000, refuseFirst = 0 } = {},
): Promise<Answer> {
  let refused = 0;
  let answer: Answer | undefined;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (refused++ < refuseFirst) return response.writeHead(503).end();
      answer = JSON.parse(body) as Answer;
      return response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const complete = {
      RequestId: 'request-1',
      StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1',
      LogicalResourceId: 'Resource',
      ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      ...event,
    } as CloudFormationCustomResourceEvent;
    await handler(complete, {
      getRemainingTimeInMillis: () => remainingMs,
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
    } as Context);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  if (!answer) throw new Error('the handler ended without an answer');
  return answer;
}
