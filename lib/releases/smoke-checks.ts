import type { Check } from '../../constructs/verification';
import { wildcard } from '../files/wildcard';

/** The settings of a release's server that determine its checks. */
export interface CheckedServer {
  readonly healthPath: string;
  /** Path patterns that CloudFront sends to the server. */
  readonly paths: readonly string[];
}

/** The checks of a release, grouped by the place where they run. */
export interface SmokeChecks {
  /** Checks of the server itself, which run before users reach the server. */
  readonly server: readonly Check[];
  /** The checks among `server` whose paths CloudFront sends to the server. */
  readonly serverThroughCdn: readonly Check[];
  /** Checks through CloudFront, which run once users have the new client. */
  readonly all: readonly Check[];
}

/** Groups the configured checks by the place where they run. The check of the health path comes first. */
export function smokeChecks(configured: readonly Check[], { healthPath, paths }: CheckedServer): SmokeChecks {
  const health: Check = { path: healthPath, status: 200 };
  const ofServer = ({ path }: Check) => paths.some((pattern) => matches(pattern, path));
  // The health check runs through CloudFront only if CloudFront sends its path to the server.
  const routed = ofServer(health) ? [health] : [];
  const own = configured.filter(ofServer);
  return { server: [health, ...own], serverThroughCdn: [...routed, ...own], all: [...routed, ...configured] };
}

/** Returns true if a path pattern of CloudFront matches a path: `*` matches any characters, `?` matches one. */
function matches(pattern: string, path: string): boolean {
  return wildcard(pattern.replace(/^\/?/, '/')).test(path.split('?')[0]!);
}
