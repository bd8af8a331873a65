import type { IncomingHttpHeaders } from 'node:http';
import { createContext, Script } from 'node:vm';

type EdgeHeaders = Record<string, { value: string; multiValue?: { value: string }[] }>;

interface EdgeAnswer {
  statusCode: number;
  headers?: EdgeHeaders;
}

type Headers = Record<string, string | string[] | undefined>;

/** A CloudFront function: runs the code of the template. */
export class EdgeFunction {
  private readonly call: (event: object) => unknown;

  /** @param store the associated key value store */
  constructor(code: string, store?: ReadonlyMap<string, string>) {
    const kvs = () => ({
      get: async (key: string) => {
        const value = store?.get(key);
        if (value === undefined) throw new Error('KeyNotFound');
        return value;
      },
      exists: async (key: string) => store?.has(key) ?? false,
    });
    const sandbox = createContext({ cloudfront: { kvs }, console: { log: () => {} } });
    const script = code.replace(/^import (\w+) from ["']cloudfront["'];?/m, 'const $1 = cloudfront;');
    new Script(script).runInContext(sandbox, { timeout: 1000 });
    this.call = (event) => {
      Object.assign(sandbox, { event });
      return new Script('handler(event)').runInContext(sandbox, { timeout: 1000 });
    };
  }

  /** Runs the function on a viewer request. Returns the changed request, or the function's own response. */
  async request(given: {
    method: string;
    uri: string;
    query?: string;
    headers: IncomingHttpHeaders;
  }): Promise<{ uri: string } | { status: number; headers: Headers }> {
    const { method, uri, query, headers } = given;
    const { cookie, ...rest } = headers;
    const pairs = (text = '', separator: string) =>
      Object.fromEntries(
        text
          .split(separator)
          .filter(Boolean)
          .map((part) => [part.split('=')[0]!.trim(), { value: part.split('=').slice(1).join('=') }]),
      );
    const request = {
      method,
      uri,
      querystring: pairs(query, '&'),
      headers: edgeHeaders(rest),
      cookies: pairs(cookie, ';'),
    };
    const result = (await this.call({
      version: '1.0',
      context: { eventType: 'viewer-request' },
      viewer: { ip: '127.0.0.1' },
      request,
    })) as EdgeAnswer | { uri: string };
    if ('statusCode' in result)
      return { status: result.statusCode, headers: plainHeaders(result.headers ?? {}) };
    return { uri: result.uri };
  }

  /** Runs the function on a viewer response. Returns the changed headers. */
  response(statusCode: number, headers: Headers): Headers {
    const { 'set-cookie': cookies, ...rest } = headers;
    const event = {
      version: '1.0',
      context: { eventType: 'viewer-response' },
      request: {},
      response: { statusCode, headers: edgeHeaders(rest), cookies: {} },
    };
    const result = this.call(event) as EdgeAnswer;
    return { ...plainHeaders(result.headers ?? {}), ...(cookies && { 'set-cookie': cookies }) };
  }
}

function edgeHeaders(headers: Headers): EdgeHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value: String(value) }]));
}

function plainHeaders(headers: EdgeHeaders): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value]));
}
