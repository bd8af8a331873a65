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
  /** What was asked, in order. */
  readonly calls: { operation: string; input: Record<string, unknown> }[];
  stop(): Promise<void>;
}

/** Operations named by a path of their own instead of a header. */
const PATHS: Record<string, string> = { '/Execute': 'ExecuteStatement' };

/** Plays AWS services that speak JSON, on a port of this machine. */
export async function startAwsService(operations: Record<string, Operation>): Promise<AwsService> {
  const calls: AwsService['calls'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const target = request.headers['x-amz-target'];
      const operation = typeof target === 'string' ? target.split('.').at(-1)! : PATHS[request.url!];
      const input = JSON.parse(Buffer.concat(parts).toString() || '{}');
      try {
        if (!operation || !operations[operation]) throw new AwsServiceError('UnknownOperationException');
        calls.push({ operation, input });
        response.end(JSON.stringify((await operations[operation](input)) ?? {}));
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
