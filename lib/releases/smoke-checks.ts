import type { Check } from '../../constructs/verification';

/** What the server is asked for, and where CloudFront sends it. */
export interface CheckedServer {
  readonly healthPath: string;
  /** CloudFront path patterns. */
  readonly paths: readonly string[];
}

export interface SmokeChecks {
  /** On the server itself, before users meet it. */
  readonly server: readonly Check[];
  /** Of these, what CloudFront sends to the server. */
  readonly serverThroughCdn: readonly Check[];
  /** Through CloudFront, once the client has moved. */
  readonly all: readonly Check[];
}

/** Says which check is run where: the configured ones, and the health path before them. */
export function smokeChecks(configured: readonly Check[], { healthPath, paths }: CheckedServer): SmokeChecks {
  const health: Check = { path: healthPath, status: 200 };
  const ofServer = ({ path }: Check) => paths.some((pattern) => matches(pattern, path));
  // A health path of the image itself is not for the public.
  const routed = ofServer(health) ? [health] : [];
  const own = configured.filter(ofServer);
  return { server: [health, ...own], serverThroughCdn: [...routed, ...own], all: [...routed, ...configured] };
}

/** Whether a path pattern of CloudFront takes a path: `*` is any characters, `?` is one. */
function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/^\/?/, '/')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(path.split('?')[0]!);
}
