// Every page loads this script before its own scripts. The script ignores its own errors, so that it cannot break a
// page. It imports the plugins one by one, because the index of the package includes session recording, which is four
// times the size.
import { FetchPlugin } from '@aws-rum/web-core/plugins/event-plugins/FetchPlugin';
import { JsErrorPlugin } from '@aws-rum/web-core/plugins/event-plugins/JsErrorPlugin';
import { NavigationPlugin } from '@aws-rum/web-core/plugins/event-plugins/NavigationPlugin';
import { WebVitalsPlugin } from '@aws-rum/web-core/plugins/event-plugins/WebVitalsPlugin';
import { XhrPlugin } from '@aws-rum/web-core/plugins/event-plugins/XhrPlugin';
import { Orchestration } from '@aws-rum/web-slim/orchestration/Orchestration';

/** Part of the browser's API that this script uses. */
declare const document: { readonly currentScript: { src: string; dataset: Record<string, string> } };
declare function addEventListener(type: string, listener: (event: BrowserError) => void): void;
declare function removeEventListener(type: string, listener: (event: BrowserError) => void): void;
interface BrowserError {
  readonly error?: unknown;
  readonly reason?: unknown;
}

async function start(): Promise<void> {
  const { src, dataset } = document.currentScript;
  const { release = '', percent = '0' } = dataset;
  // Errors are buffered until the app monitor is known.
  const early: unknown[] = [];
  const keep = ({ error, reason }: BrowserError): unknown => early.push(error ?? reason);
  for (const type of ['error', 'unhandledrejection']) addEventListener(type, keep);
  try {
    // Id and region are known only after the deployment, so response headers of CloudFront carry them instead of a
    // file.
    const { headers } = await fetch(src, { method: 'HEAD' });
    const id = headers.get('x-app-monitor');
    const region = headers.get('x-app-monitor-region');
    if (!id || !region) return;
    const rum = new Orchestration(id, release, region, {
      endpoint: `https://dataplane.rum.${region}.amazonaws.com`,
      sessionSampleRate: Number(percent) / 100,
      sessionAttributes: { release },
      // The script stores nothing in the browser, so it needs no consent. A session lasts as long as a page is open.
      allowCookies: false,
      eventPluginsToLoad: [
        new JsErrorPlugin(),
        new WebVitalsPlugin(),
        new NavigationPlugin(),
        new FetchPlugin(),
        new XhrPlugin(),
      ],
    });
    for (const error of early) rum.recordError(error);
  } finally {
    for (const type of ['error', 'unhandledrejection']) removeEventListener(type, keep);
  }
}

start().catch(() => {});
