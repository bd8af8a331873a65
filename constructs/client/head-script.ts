import { type DefaultTreeAdapterMap, parse } from 'parse5';

/** Script that each page loads before its own scripts. */
export interface HeadScript {
  /** URL path of the script, such as `/monitoring.js`. The build must not contain a file with this path. */
  readonly path: string;
  /** JavaScript source. */
  readonly content: string;
  /**
   * `data-` attributes of the script element, by name without `data-`. The script can read its settings from them.
   * @default - none
   */
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Returns the element that loads a script. With `defer`, the script runs before the page's modules and does not block
 * the page.
 */
export function headScriptElement({ path, data = {} }: HeadScript): string {
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
  return `<script defer src="${escaped(path)}"${attributes.join('')}></script>`;
}

/** Inserts the script element at the beginning of the head. The rest of the HTML stays unchanged. */
export function withHeadScript(html: string, script: HeadScript): string {
  const at = beginningOfHead(html);
  return html.slice(0, at) + headScriptElement(script) + html.slice(at);
}

/** Returns the offset of the beginning of the head. HTML may omit the tags `html` and `head`. */
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
