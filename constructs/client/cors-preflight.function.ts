// Runs in CloudFront's JavaScript runtime 2.0; see client-request.function.ts for what it allows.
import type { EdgeHeader, EdgeRequest, EdgeResponse, RequestEvent } from './edge-event';

/** Answers of preflights. The construct puts the values before this code. */
declare const CORS: {
  readonly origins: readonly string[];
  readonly headers: Readonly<Record<string, EdgeHeader>>;
};

/** Answers a preflight of an allowed origin. The server gets all other requests. */
export function handler(event: RequestEvent): EdgeRequest | EdgeResponse {
  const request = event.request;
  const origin = request.headers['origin'];
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'];
  if (!isPreflight || !origin || CORS.origins.indexOf(origin.value) < 0) return request;
  const answer: Record<string, EdgeHeader> = Object.assign({}, CORS.headers);
  answer['access-control-allow-origin'] = { value: origin.value };
  return { statusCode: 204, statusDescription: 'No Content', headers: answer };
}
