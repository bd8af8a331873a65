// Loaded by every page before its own scripts. It measures, and must never be what breaks the page: whatever
// goes wrong here, nothing happens.
// One by one: the package's index would bring the recording of sessions, four times the size of all the rest.
import { FetchPlugin } from '@aws-rum/web-core/plugins/event-plugins/FetchPlugin';
import { JsErrorPlugin } from '@aws-rum/web-core/plugins/event-plugins/JsErrorPlugin';
import { NavigationPlugin } from '@aws-rum/web-core/plugins/event-plugins/NavigationPlugin';
import { WebVitalsPlugin } from '@aws-rum/web-core/plugins/event-plugins/WebVitalsPlugin';
import { XhrPlugin } from '@aws-rum/web-core/plugins/event-plugins/XhrPlugin';
import { Orchestration } from '@aws-rum/web-slim/orchestration/Orchestration';

/** The parts of a browser that are used. */
declare const document: { readonly currentScript: { src: string; dataset: Record<string, string> } };
declare function addEventListener(type: string, listener: (event: BrowserError) => void): void;
declare function removeEventListener(type: string, listener: (event: BrowserError) => void): void;
interface BrowserError {
  readonly error?: unknown;
  readonly reason?: unknown;
}

async function start(): Promise<void> {
  const { src, dataset } = document.currentScript;
  const { region = '', release = '', percent = '0' } = dataset;
  // What fails until the app monitor is known is kept.
  const early: unknown[] = [];
  const keep = ({ error, reason }: BrowserError): unknown => early.push(error ?? reason);
  for (const type of ['error', 'unhandledrejection']) addEventListener(type, keep);
  try {
    // The app monitor gets its id when it is deployed, so no file can have it; CloudFront says it.
    const id = (await fetch(src, { method: 'HEAD' })).headers.get('x-app-monitor');
    if (!id) return;
    const rum = new Orchestration(id, release, region, {
      endpoint: `https://dataplane.rum.${region}.amazonaws.com`,
      sessionSampleRate: Number(percent) / 100,
      sessionAttributes: { release },
      // Nothing is kept in the browser, so nobody has to be asked; a session is a page that stays open.
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
