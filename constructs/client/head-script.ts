import { type DefaultTreeAdapterMap, parse } from 'parse5';

/** A script that every page loads before its own. */
export interface HeadScript {
  /** Path it is served under, such as `/monitoring.js`; no file of the build may have it. */
  readonly path: string;
  readonly content: string;
  /**
   * `data-` attributes of its element, by which it learns what to do.
   * @default none
   */
  readonly data?: Readonly<Record<string, string>>;
}

/** The element that loads it: deferred, so that it runs before the page's own modules and holds nothing up. */
export function headScriptElement({ path, data = {} }: HeadScript): string {
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
  return `<script defer src="${escaped(path)}"${attributes.join('')}></script>`;
}

/** HTML with an element first in its head; nothing else of it changes. */
export function withHeadScript(html: string, script: HeadScript): string {
  const at = beginningOfHead(html);
  return html.slice(0, at) + headScriptElement(script) + html.slice(at);
}

/** Where the head begins, which may be left out of HTML as much as `html` may. */
function beginningOfHead(html: string): number {
  const { childNodes } = parse(html, { sourceCodeLocationInfo: true });
  const root = childNodes.find((node) => node.nodeName === 'html') as Element | undefined;
  const head = root?.childNodes.find((node) => node.nodeName === 'head') as Element | undefined;
  const doctype = childNodes.find((node) => node.nodeName === '#documentType');
  return (
    head?.sourceCodeLocation?.startTag?.endOffset ??
    root?.sourceCodeLocation?.startTag?.endOffset ??
    doctype?.sourceCodeLocation?.endOffset ??
    0
  );
}

type Element = DefaultTreeAdapterMap['element'];

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
