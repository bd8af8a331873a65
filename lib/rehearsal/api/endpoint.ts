import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsApi, HandlerError, type Input, type ServiceError } from '../core/aws-api';
import type { Network } from '../core/network';

/** An API call in the form that a process sent it. */
interface SignedCall {
  readonly accessKey: string;
  /** The service in the call's signature, such as `ecs`; empty for a call without a signature. */
  readonly service: string;
  readonly operation: string;
  readonly input: Input;
}

/** Services whose signing name differs from their IAM prefix. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** The HTTP endpoint of the AWS API, for the SDK in handlers. All services share one address. */
export class AwsEndpoint {
  /** Operations that handlers called and that no emulated service has. */
  readonly unknown = new Set<string>();
  private readonly server: Server;

  constructor(
    private readonly api: AwsApi,
    private readonly network: Network,
  ) {
    this.server = createServer((request, response) => {
      this.answer(request).then(
        (result) => {
          if (result instanceof Invoked) return result.respond(response);
          const text = typeof result === 'string';
          const { ETag } = result as { ETag?: string };
          response.writeHead(200, {
            'content-type': text ? 'text/xml' : 'application/json',
            ...(ETag && { etag: ETag }),
          });
          response.end(text ? result : JSON.stringify(result));
        },
        (error: ServiceError) =>
          error instanceof Unreachable ? request.socket.destroy() : refuse(request, response, error),
      );
    });
  }

  /** Listens for every host name that the SDK derives from the endpoint. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    for (const host of ['api.aws.rehearsal', '*.aws.rehearsal', '*.api.aws.rehearsal'])
      this.network.listen(host, 80, port, { outside: 'aws' });
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<unknown> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { accessKey, service, operation, input } = read(request, body);
    const caller = this.api.callerOf(accessKey);
    // All services share one address here, so the preload of the process cannot tell which service is called.
    const refusal = this.network.refusal({ name: caller.name }, { outside: service }, 443);
    if (refusal !== undefined) throw new Unreachable(refusal);
    const name = `${PREFIXES[service] ?? service}:${operation}`;
    if (!this.api.knows(name)) this.unknown.add(operation);
    const called = this.api.call<unknown>(caller, name, input);
    return name === 'lambda:Invoke' ? Invoked.of(called as Promise<{ Payload: unknown }>) : called;
  }
}

/** A call that cannot reach its service. Its connection ends without an answer. */
class Unreachable extends Error {}

/** The answer to an invocation. Its body is the result of the function, or the error of a failed function. */
class Invoked {
  private constructor(
    private readonly payload: unknown,
    private readonly hasFailed: boolean,
  ) {}

  static of(called: Promise<{ Payload: unknown }>): Promise<Invoked> {
    return called.then(
      ({ Payload }) => new Invoked(Payload, false),
      (error: Error) => {
        if (!(error instanceof HandlerError)) throw error;
        return new Invoked({ errorType: error.type, errorMessage: error.message }, true);
      },
    );
  }

  respond(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(this.hasFailed && { 'x-amz-function-error': 'Unhandled' }),
    });
    response.end(JSON.stringify(this.payload ?? null));
  }
}

/** Answers with an error: in XML if the request was a form, in JSON otherwise. */
function refuse(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { type = 'InternalError', status = 500, message }: ServiceError,
): void {
  const isForm = String(headers['content-type']).startsWith('application/x-www-form-urlencoded');
  response.writeHead(status, {
    'content-type': isForm ? 'text/xml' : 'application/json',
    'x-amzn-errortype': type,
  });
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  response.end(
    isForm
      ? `<ErrorResponse><Error><Code>${type}</Code><Message>${text}</Message></Error></ErrorResponse>`
      : JSON.stringify({ __type: type, message, Message: message }),
  );
}

/** Reads the credential scope of the signature, and the operation in the protocol of the service. */
function read({ headers, url = '/', method }: IncomingMessage, body: string): SignedCall {
  const [, accessKey = '', scope = ''] =
    /Credential=([^/,]+)\/([^,]+)/.exec(String(headers.authorization)) ?? [];
  // The scope is `date/region/service/aws4_request`; a call that is signed for all regions has no region.
  const signed = { accessKey, service: scope.split('/').at(-2) ?? '' };
  const target = headers['x-amz-target'];
  if (target) {
    const operation = String(target).split('.').at(-1)!;
    return { ...signed, operation, input: JSON.parse(body || '{}') as Input };
  }
  const [, invoked] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(url) ?? [];
  if (invoked)
    return {
      ...signed,
      operation: 'Invoke',
      input: {
        FunctionName: decodeURIComponent(invoked),
        InvocationType: headers['x-amz-invocation-type'],
        Payload: JSON.parse(body || '{}'),
      },
    };
  const [, , arn, , key] = url.split('?')[0]!.split('/').map(decodeURIComponent);
  if (url.startsWith('/key-value-stores/')) {
    const operation = key === undefined ? 'DescribeKeyValueStore' : `${method === 'PUT' ? 'Put' : 'Get'}Key`;
    const input = { KvsARN: arn, Key: key, ...(JSON.parse(body || '{}') as Input) };
    return { ...signed, operation, input };
  }
  const [, canary] = /^\/canary\/([^/]+)\/runs$/.exec(url) ?? [];
  if (canary) return { ...signed, operation: 'GetCanaryRuns', input: { Name: decodeURIComponent(canary) } };
  if (url === '/Execute')
    return { ...signed, operation: 'ExecuteStatement', input: JSON.parse(body) as Input };
  const form = Object.fromEntries(new URLSearchParams(body));
  return { ...signed, operation: form['Action'] ?? `${method} ${url}`, input: form };
}
