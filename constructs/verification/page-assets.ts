import { type DefaultTreeAdapterMap, parse } from 'parse5';
import type { Check } from './checks';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

const SCRIPT = '^(text|application)/(x-)?(java|ecma)script\\b';
const STYLE = '^text/css\\b';
const IMAGE = '^image/';
const FONT = '^(font/|application/(font|x-font|vnd\\.ms-fontobject))';
const MANIFEST = '^application/(manifest\\+)?json\\b';
/** Content types except HTML. Some servers send the HTML page instead of a 404 for a missing file. */
const NO_PAGE = '^(?!text/html)';

const BY_AS: Readonly<Record<string, string>> = { script: SCRIPT, style: STYLE, font: FONT, image: IMAGE };
const BY_REL: Readonly<Record<string, string>> = {
  stylesheet: STYLE,
  modulepreload: SCRIPT,
  manifest: MANIFEST,
  icon: IMAGE,
  'apple-touch-icon': IMAGE,
};

/** A file of a page's own origin that its HTML refers to. */
export interface PageFile {
  /** Path with its query. */
  readonly path: string;
  /** Regular expression for the content type. */
  readonly contentType: string;
  /** True if the page does not work without the file: a script, a style sheet, or a file that Vite has built. */
  readonly isNeeded: boolean;
}

/** Returns the files that the HTML of a page refers to. Files of other origins do not belong to the release. */
export function pageFiles(html: string, pageUrl: string): PageFile[] {
  const elements = [...walk(parse(html))];
  const root = elements.find(({ tagName }) => tagName === 'base');
  const stated = (root && attribute(root, 'href')) ?? '';
  const base = new URL(URL.canParse(stated, pageUrl) ? stated : '', pageUrl);
  const { origin } = new URL(pageUrl);
  const found = new Map<string, PageFile>();
  for (const element of elements) {
    const asset = assetOf(element);
    if (!asset || !URL.canParse(asset.reference, base.href)) continue;
    const url = new URL(asset.reference, base);
    if (url.origin !== origin) continue;
    const path = url.pathname + url.search;
    const { contentType } = asset;
    const isNeeded = contentType === SCRIPT || contentType === STYLE || path.startsWith('/assets/');
    found.set(path, { path, contentType, isNeeded });
  }
  return [...found.values()];
}

/**
 * Returns a check for every file that a page needs: status 200 with a suitable content type. An icon, an image or a
 * font that is not among Vite's files has no check, because a page works without it.
 */
export function assetChecks(html: string, pageUrl: string): Check[] {
  return pageFiles(html, pageUrl)
    .filter(({ isNeeded }) => isNeeded)
    .map(({ path, contentType }) => ({ path, headers: { 'content-type': contentType } }));
}

function assetOf(element: Element): { reference: string; contentType: string } | undefined {
  const named = (name: string, contentType: string) => {
    const reference = attribute(element, name);
    return reference === undefined ? undefined : { reference, contentType };
  };
  switch (element.tagName) {
    case 'script':
      return named('src', SCRIPT);
    case 'img':
      return named('src', IMAGE);
    case 'link': {
      const rels = (attribute(element, 'rel') ?? '').toLowerCase().split(/\s+/);
      if (rels.includes('preload')) return named('href', BY_AS[attribute(element, 'as') ?? ''] ?? NO_PAGE);
      const known = rels.find((rel) => rel in BY_REL);
      return known === undefined ? undefined : named('href', BY_REL[known]!);
    }
    default:
      return undefined;
  }
}

/** Yields the elements of a page in their order. A page may be nested deeper than the stack. */
function* walk(page: Node): Generator<Element> {
  const waiting: Node[] = [page];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('tagName' in node) yield node;
    // The browser does not load the content of a template element with the page.
    if ('childNodes' in node) for (const child of node.childNodes.toReversed()) waiting.push(child);
  }
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}
