import type { EnvironmentName } from '../../config';
import type { HeadScript } from '../../constructs/client';

/**
 * Adds a line with the name of the environment to a page. A script sets the styles, because every Content Security
 * Policy allows styles that a script sets through the DOM.
 */
const script = `(() => {
  const banner = document.createElement('div');
  banner.textContent = document.currentScript.dataset.environment;
  banner.setAttribute('role', 'note');
  banner.setAttribute('aria-label', 'Environment');
  banner.style.cssText = 'position:fixed;bottom:0;left:0;z-index:2147483647;padding:2px 8px;font:12px/1.5 sans-serif;color:#fff;background:#8a4b00;pointer-events:none';
  document.body.append(banner);
})();
`;

/**
 * Returns the script that shows the environment on every page (§6.3). Production has none. A client that reads
 * `/config.json` shows the environment itself.
 */
export function environmentBanner(
  environment: EnvironmentName,
  { readsEnvironment }: { readonly readsEnvironment?: boolean },
): HeadScript | undefined {
  if (environment === 'production' || readsEnvironment) return undefined;
  return { path: '/framework53-environment.js', content: script, data: { environment } };
}
