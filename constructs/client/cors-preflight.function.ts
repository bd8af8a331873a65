// Runs in CloudFront's JavaScript runtime 2.0; see client-request.function.ts for its limits.
import type { EdgeHeader, EdgeRequest, EdgeResponse, RequestEvent } from './edge-event';

/** Values of the response to a preflight request. The construct prepends them to this code. */
declare const CORS: {
  readonly origins: readonly string[];
  readonly headers: Readonly<Record<string, EdgeHeader>>;
};

/** Responds to preflight requests from allowed origins. All other requests go to the server. */
export function handler(event: RequestEvent): EdgeRequest | EdgeResponse {
  const request = event.request;
  const origin = request.headers['origin'];
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'];
  if (!isPreflight || !origin || CORS.origins.indexOf(origin.value) < 0) return request;
  const answer: Record<string, EdgeHeader> = Object.assign({}, CORS.headers);
  answer['access-control-allow-origin'] = { value: origin.value };
  return { statusCode: 204, statusDescription: 'No Content', headers: answer };
}
