import type { Check } from '../../constructs/verification';
import { wildcard } from '../files/wildcard';

/** The server of a release, as far as its checks follow from it. */
export interface CheckedServer {
  readonly healthPath: string;
  /** Path patterns that CloudFront sends to the server. */
  readonly paths: readonly string[];
}

/** The checks of a release, by the place where they run. */
export interface SmokeChecks {
  /** Checks on the server itself, before users reach it. */
  readonly server: readonly Check[];
  /** The checks among `server` whose paths CloudFront sends to the server. */
  readonly serverThroughCdn: readonly Check[];
  /** Checks through CloudFront, once users have the new client. */
  readonly all: readonly Check[];
}

/** Sorts the configured checks by the place where they run, and puts the health path before them. */
export function smokeChecks(configured: readonly Check[], { healthPath, paths }: CheckedServer): SmokeChecks {
  const health: Check = { path: healthPath, status: 200 };
  const ofServer = ({ path }: Check) => paths.some((pattern) => matches(pattern, path));
  // A health path that the image itself answers is not public.
  const routed = ofServer(health) ? [health] : [];
  const own = configured.filter(ofServer);
  return { server: [health, ...own], serverThroughCdn: [...routed, ...own], all: [...routed, ...configured] };
}

/** True if a path pattern of CloudFront matches a path: `*` stands for any characters, `?` for one. */
function matches(pattern: string, path: string): boolean {
  return wildcard(pattern.replace(/^\/?/, '/')).test(path.split('?')[0]!);
}
