import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The headers, cookies or query strings that a policy selects. */
interface Selection {
  /** Behavior such as `none`, `whitelist`, `allExcept` or `all`. */
  readonly behavior: string;
  readonly items: readonly string[];
}

/** The parts of a request that a cache policy or an origin request policy selects. */
export interface Forwarding {
  readonly headers: Selection;
  readonly cookies: Selection;
  readonly queries: Selection;
}

function selected({ behavior, items }: Selection, name: string): boolean {
  if (behavior === 'none') return false;
  if (behavior === 'allExcept') return !items.includes(name);
  return /^all/i.test(behavior) || items.includes(name);
}

/** Returns the query string for the origin, with its question mark. */
export function forwardedQuery(forwarding: readonly Forwarding[], query: string | undefined): string {
  const parts = (query?.split('&') ?? []).filter((part) =>
    forwarding.some(({ queries }) => selected(queries, part.split('=')[0]!)),
  );
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

/**
 * Returns the cache key of a request to a server. CloudFront treats requests with equal keys as equal.
 * @param policy parts of a request that the cache policy puts into the key
 * @returns undefined for a request that CloudFront never collapses
 */
export function cacheKey(
  policy: Forwarding | undefined,
  { method, headers }: IncomingMessage,
  uri: string,
  query: string | undefined,
): string | undefined {
  const { range, 'if-none-match': tag, 'if-modified-since': since } = headers;
  if (!policy || method !== 'GET' || range || tag || since) return undefined;
  const named = Object.entries(headers).filter(
    ([name]) => name === 'accept-encoding' || selected(policy.headers, name),
  );
  const cookies = cookiesOf(headers, [policy]);
  return JSON.stringify([uri, forwardedQuery([policy], query), named.sort(), cookies]);
}

function cookiesOf({ cookie }: IncomingHttpHeaders, forwarding: readonly Forwarding[]): string[] {
  return (cookie?.split(/; */) ?? []).filter((part) =>
    forwarding.some(({ cookies }) => selected(cookies, part.split('=')[0]!)),
  );
}

/** Header with the address of a viewer. All requests of a rehearsal come from this machine. */
export const VIEWER = 'rehearsal-viewer';

/**
 * Returns the headers of the request to the origin: those that the policies forward, and those that CloudFront adds.
 */
export function forwardedHeaders(
  forwarding: readonly Forwarding[],
  incoming: IncomingMessage,
  host: string,
): IncomingHttpHeaders {
  const {
    host: viewerHost,
    cookie,
    connection,
    'x-forwarded-for': before,
    [VIEWER]: viewer = incoming.socket.remoteAddress,
    ...given
  } = incoming.headers;
  const allows = (name: string) => forwarding.some(({ headers }) => selected(headers, name));
  const always = /^(content-|if-|range$|transfer-encoding$|expect$|accept-encoding$)/;
  const headers = Object.fromEntries(
    Object.entries(given).filter(([name]) => always.test(name) || allows(name)),
  );
  const cookies = cookiesOf(incoming.headers, forwarding);
  const named = forwarding.flatMap(({ headers: { items } }) => items);
  return {
    'user-agent': 'Amazon CloudFront',
    ...headers,
    host: allows('host') ? viewerHost : host,
    ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
    'x-forwarded-for': [before, viewer].filter(Boolean).join(', '),
    via: '1.1 rehearsal (CloudFront)',
    ...(named.includes('cloudfront-forwarded-proto') && { 'cloudfront-forwarded-proto': 'https' }),
  };
}
