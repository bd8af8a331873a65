import { DEEPEST, depthOf } from '../files/json-depth';

/** An answer to a request to AWS that AWS does not send. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

/** Largest accepted answer, in bytes. CloudFormation sends the largest ones: templates of at most 1 MB, escaped. */
const LARGEST = 16 * 1024 * 1024;

/** Longest silence of a connection, in milliseconds. The SDK itself waits without end, and retries afterwards. */
const SILENCE_MS = 120_000;

/** The part of an AWS SDK client that this module uses. */
interface ClientWithMiddleware {
  readonly config: { readonly requestHandler: unknown };
  readonly middlewareStack: {
    add(middleware: Middleware, options: { step: 'initialize'; name: string; override: boolean }): void;
    addRelativeTo(
      middleware: Middleware,
      options: { relation: 'after'; toMiddleware: string; name: string; override: boolean },
    ): void;
  };
}
// biome-ignore lint/suspicious/noExplicitAny: every client has types of its own for the same stack
type Middleware = (next: any, context: any) => (args: any) => Promise<any>;

interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  body?: unknown;
}

/**
 * Makes a client refuse answers that AWS does not send: the page of a proxy, an empty or endless answer, JSON with
 * holes. The SDK would read most of them as an answer without values, so a stack would seem to be missing. A connection
 * that stays silent ends in an error.
 */
export function soundAnswers<T extends ClientWithMiddleware>(client: T, silenceMs = SILENCE_MS): T {
  const handler = client.config.requestHandler as {
    updateHttpClientConfig(key: string, value: number): void;
  };
  handler.updateHttpClientConfig('socketTimeout', silenceMs);
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw reworded(error, context);
      }
    },
    { step: 'initialize', name: 'unreadableAnswers', override: true },
  );
  client.middlewareStack.addRelativeTo(
    (next, context) => async (args) => {
      const result = (await next(args)) as { response: Response };
      const { response } = result;
      const bytes = await bytesOf(response.body);
      if (bytes === undefined) throw refusal(context, `it has over ${LARGEST / 1024 / 1024} MB`);
      response.body = bytes;
      // The SDK retries some failures, whatever their body is. S3 answers without a body.
      const isChecked = response.statusCode < 300 && context.clientName !== 'S3Client';
      const problem = isChecked ? problemWith(bytes.toString(), context) : undefined;
      if (problem) throw refusal(context, problem);
      return result;
    },
    { relation: 'after', toMiddleware: 'deserializerMiddleware', name: 'soundAnswers', override: true },
  );
  return client;
}

/** Returns the bytes of a body, or undefined for too many. */
async function bytesOf(body: unknown): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > LARGEST) return undefined;
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}

/** Matches commands whose answer has values. The others may have an empty answer: DeleteParameter, TagResource. */
const reads = /^(BatchGet|Describe|Get|List)/;

/** Returns the reason why AWS did not send this body: neither JSON with an object, nor the XML of an answer. */
function problemWith(body: string, { commandName }: Request): string | undefined {
  const text = body.trimStart();
  if (text === '') return reads.test(commandName) ? 'it is empty' : undefined;
  if (text.startsWith('<'))
    return /^(<\?xml[^>]*>\s*)?<\w*Response[\s/>]/.test(text) ? undefined : 'it is a page or a foreign XML';
  if (depthOf(text) > DEEPEST) return `it is nested over ${DEEPEST} deep`;
  let holed = false;
  try {
    const value: unknown = JSON.parse(text, (_, inner: unknown) => {
      holed ||= Array.isArray(inner) && inner.includes(null);
      return inner;
    });
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is not a JSON object';
  } catch {
    return 'it is not JSON';
  }
  return holed ? 'a list in it has null instead of a value' : undefined;
}

interface Request {
  readonly clientName: string;
  readonly commandName: string;
}

/** Returns an error in words for people, if the SDK found no message of AWS in an answer. */
function reworded(error: unknown, request: Request): unknown {
  if (!(error instanceof Error)) return error;
  if (error.message.includes('Deserialization error'))
    return refusal(request, 'the SDK cannot read it', error);
  if (!/^Unknown(Error)?$/.test(error.message)) return error;
  const { httpStatusCode } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
  const why = `it has the status ${httpStatusCode} and no message`;
  if (request.clientName !== 'S3Client') return refusal(request, why, error);
  // S3 itself gives no message in answer to HeadObject. The name of the error tells a missing object.
  error.message = `${namesOf(request)}: ${why}`;
  return error;
}

function namesOf({ clientName, commandName }: Request): string {
  return `the answer of ${clientName.replace(/Client$/, '')} to ${commandName.replace(/Command$/, '')}`;
}

function refusal(request: Request, why: string, cause?: unknown): AnswerError {
  return new AnswerError(
    `${namesOf(request)} does not come from AWS: ${why}; look at the proxy of this machine (HTTPS_PROXY) and at AWS_ENDPOINT_URL`,
    { cause },
  );
}
