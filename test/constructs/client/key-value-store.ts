import dns from 'node:dns';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

/** A CloudFront key value store's data plane on this machine. */
export interface KeyValueStoreService {
  readonly values: Map<string, string>;
  /** Writes, with the version of the store they were meant for. */
  readonly puts: { readonly ifMatch: string; readonly value: string }[];
  /** Signatures of all requests. */
  readonly signatures: string[];
  /** Number of the next writes that get a conflict. */
  conflicts: number;
  stop(): void;
}

/** Starts the service and points the SDK at it; `stop` undoes both. */
export async function startKeyValueStore(): Promise<KeyValueStoreService> {
  const values = new Map<string, string>();
  let version = 1;
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object, type?: string): void => {
      response.writeHead(status, { etag: `E${version}`, ...(type && { 'x-amzn-errortype': type }) });
      response.end(JSON.stringify(body));
    };
    const body = await text(request);
    service.signatures.push(request.headers.authorization ?? '');
    const key = /\/keys\/(.+)$/.exec(request.url ?? '')?.[1];
    if (!key) return answer(200, { ItemCount: values.size, TotalSizeInBytes: 0, KvsARN: 'arn', Created: 0 });
    const value = values.get(key);
    if (request.method === 'GET') {
      if (value === undefined) return answer(404, { Message: 'no such key' }, 'ResourceNotFoundException');
      return answer(200, { Key: key, Value: value, ItemCount: 1, TotalSizeInBytes: 1 });
    }
    if (service.conflicts > 0) {
      service.conflicts--;
      version++;
    }
    const ifMatch = String(request.headers['if-match']);
    service.puts.push({ ifMatch, value: JSON.parse(body).Value });
    if (ifMatch !== `E${version}`) return answer(409, { Message: 'another version' }, 'ConflictException');
    version++;
    values.set(key, JSON.parse(body).Value);
    return answer(200, { ItemCount: 1, TotalSizeInBytes: 1 });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  // The SDK puts the account's number before the host's name, whatever that is.
  const { lookup } = dns;
  const local = (host: string) => (host.endsWith('.localhost') ? '127.0.0.1' : host);
  Object.assign(dns, {
    lookup: (host: string, ...rest: unknown[]) =>
      (lookup as (...args: unknown[]) => void)(local(host), ...rest),
  });
  const variables = {
    AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE: `http://localhost:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_REGION: 'eu-central-1',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const service: KeyValueStoreService = {
    values,
    puts: [],
    signatures: [],
    conflicts: 0,
    stop: () => {
      server.closeAllConnections();
      server.close();
      Object.assign(dns, { lookup });
      vi.unstubAllEnvs();
    },
  };
  return service;
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) body += part;
  return body;
}
