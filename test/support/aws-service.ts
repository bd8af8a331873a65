import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An error as an AWS service answers it. */
export class AwsServiceError extends Error {
  constructor(
    override readonly name: string,
    message = name,
  ) {
    super(message);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: each operation knows its own input
type Operation = (input: any) => unknown;

export interface AwsService {
  readonly endpoint: string;
  /** The requests, in order. */
  readonly calls: { operation: string; input: Record<string, unknown> }[];
  stop(): Promise<void>;
}

/** Operations named by a path of their own instead of a header. */
const PATHS: readonly [RegExp, string][] = [
  [/^\/Execute$/, 'ExecuteStatement'],
  [/^\/2015-03-31\/functions\/[^/]+\/invocations/, 'Invoke'],
];

/** The operation and its input. A service that speaks Query names the operation in a form. */
function read(target: unknown, url: string, body: string): { operation?: string; input: object } {
  if (body.startsWith('Action=')) {
    const form = Object.fromEntries(new URLSearchParams(body));
    return { operation: form['Action'], input: form };
  }
  const operation =
    typeof target === 'string' ? target.split('.').at(-1)! : PATHS.find(([path]) => path.test(url))?.[1];
  return { operation, input: JSON.parse(body || '{}') };
}

/** The answer of CloudFormation to DescribeStacks. */
export const stackIs = (status: string): string =>
  `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>s</StackName><StackStatus>${status}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

/** Plays AWS services that speak JSON or Query, on a port of this machine. An answer in XML is a string. */
export async function startAwsService(operations: Record<string, Operation>): Promise<AwsService> {
  const calls: AwsService['calls'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const body = Buffer.concat(parts).toString();
      const { operation, input } = read(request.headers['x-amz-target'], request.url!, body);
      try {
        if (!operation || !operations[operation]) throw new AwsServiceError('UnknownOperationException');
        calls.push({ operation, input: input as Record<string, unknown> });
        const answer = (await operations[operation](input)) ?? {};
        response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      } catch (error) {
        const { name, message } = error as Error;
        response.writeHead(400, { 'x-amzn-errortype': name });
        response.end(JSON.stringify({ __type: name, message }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Points the AWS SDK at `service` for `names` (as in AWS_ENDPOINT_URL_NAME); returns what undoes it. */
export function useAwsService(service: AwsService, names: readonly string[]): () => void {
  const wanted: Record<string, string> = {
    ...CREDENTIALS,
    ...Object.fromEntries(names.map((name) => [`AWS_ENDPOINT_URL_${name}`, service.endpoint])),
  };
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, wanted);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** A fresh copy of the bundle `name`, as Lambda would load it. */
export function loadBundle<T>(name: string): T {
  const path = require.resolve(`../../bundles/${name}/index.js`);
  delete require.cache[path];
  return require(path) as T;
}
