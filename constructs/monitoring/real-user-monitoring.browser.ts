// Every page loads this script before its own scripts. Errors in here are dropped, so that measuring breaks no page.
// The plugins are imported one by one: the package's index would add the recording of sessions, four times the size.
import { FetchPlugin } from '@aws-rum/web-core/plugins/event-plugins/FetchPlugin';
import { JsErrorPlugin } from '@aws-rum/web-core/plugins/event-plugins/JsErrorPlugin';
import { NavigationPlugin } from '@aws-rum/web-core/plugins/event-plugins/NavigationPlugin';
import { WebVitalsPlugin } from '@aws-rum/web-core/plugins/event-plugins/WebVitalsPlugin';
import { XhrPlugin } from '@aws-rum/web-core/plugins/event-plugins/XhrPlugin';
import { Orchestration } from '@aws-rum/web-slim/orchestration/Orchestration';

/** The part of a browser that this script uses. */
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
  // Errors are kept until the app monitor is known.
  const early: unknown[] = [];
  const keep = ({ error, reason }: BrowserError): unknown => early.push(error ?? reason);
  for (const type of ['error', 'unhandledrejection']) addEventListener(type, keep);
  try {
    // Id and region are known only after the deployment, so CloudFront's headers tell them, and no file does.
    const { headers } = await fetch(src, { method: 'HEAD' });
    const id = headers.get('x-app-monitor');
    const region = headers.get('x-app-monitor-region');
    if (!id || !region) return;
    const rum = new Orchestration(id, release, region, {
      endpoint: `https://dataplane.rum.${region}.amazonaws.com`,
      sessionSampleRate: Number(percent) / 100,
      sessionAttributes: { release },
      // Nothing is stored in the browser, so no consent is needed. A session lasts while a page is open.
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
