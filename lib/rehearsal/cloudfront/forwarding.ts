import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The headers, cookies or query strings that a policy selects. */
interface Selection {
  /** Such as `none`, `whitelist`, `allExcept` or `all`. */
  readonly behavior: string;
  readonly items: readonly string[];
}

/** The parts of a request that a cache policy or an origin request policy forwards to the origin. */
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

/** The query string of the request to the origin, with its question mark. */
export function forwardedQuery(forwarding: readonly Forwarding[], query: string | undefined): string {
  const parts = (query?.split('&') ?? []).filter((part) =>
    forwarding.some(({ queries }) => selected(queries, part.split('=')[0]!)),
  );
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

/** The headers of the request to the origin: those that the policies forward, and those that CloudFront adds. */
export function forwardedHeaders(
  forwarding: readonly Forwarding[],
  incoming: IncomingMessage,
  host: string,
): IncomingHttpHeaders {
  const { host: viewerHost, cookie, connection, 'x-forwarded-for': before, ...given } = incoming.headers;
  const allows = (name: string) => forwarding.some(({ headers }) => selected(headers, name));
  const always = /^(content-|if-|range$|transfer-encoding$|expect$|accept-encoding$)/;
  const headers = Object.fromEntries(
    Object.entries(given).filter(([name]) => always.test(name) || allows(name)),
  );
  const cookies = (cookie?.split(/; */) ?? []).filter((part) =>
    forwarding.some(({ cookies }) => selected(cookies, part.split('=')[0]!)),
  );
  const named = forwarding.flatMap(({ headers: { items } }) => items);
  return {
    'user-agent': 'Amazon CloudFront',
    ...headers,
    host: allows('host') ? viewerHost : host,
    ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
    'x-forwarded-for': [before, incoming.socket.remoteAddress].filter(Boolean).join(', '),
    via: '1.1 rehearsal (CloudFront)',
    ...(named.includes('cloudfront-forwarded-proto') && { 'cloudfront-forwarded-proto': 'https' }),
  };
}
