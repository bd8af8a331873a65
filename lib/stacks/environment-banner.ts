import type { EnvironmentName } from '../../config';
import type { HeadScript } from '../../constructs/client';
import { bannerPath, bannerScript } from '../application/runtime/environment-banner';

/**
 * Returns the script that shows the environment on every page (§6.3). Production has none. A client that reads
 * `/config.json` shows the environment itself.
 */
export function environmentBanner(
  environment: EnvironmentName,
  { readsEnvironment }: { readonly readsEnvironment?: boolean },
): HeadScript | undefined {
  if (environment === 'production' || readsEnvironment) return undefined;
  return { path: bannerPath, content: bannerScript, data: { environment } };
}
