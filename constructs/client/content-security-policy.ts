import { createHash } from 'node:crypto';
import { type DefaultTreeAdapterMap, parse } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** Content Security Policy of a client's pages. */
export interface ContentSecurityPolicyOptions {
  /**
   * Makes browsers report violations instead of blocking them.
   * @default false
   */
  readonly reportOnly?: boolean;
  /**
   * Allowed sources besides the client's own origin, by directive, such as `{ 'connect-src':
   * ['https://api.example.com'] }`. Keywords, hashes and nonces need single quotes: `{ 'style-src':
   * ["'unsafe-inline'"] }`.
   * @default - no further sources
   * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
   */
  readonly sources?: Readonly<Record<string, readonly string[]>>;
  /**
   * URL to which browsers report violations.
   * @default - browsers show violations in their console only
   */
  readonly reportUri?: string;
}

/** Content Security Policy of one release. */
export interface ContentSecurityPolicy {
  /** Name of the header. */
  readonly header: 'content-security-policy' | 'content-security-policy-report-only';
  /** Value of the header. */
  readonly value: string;
  /** Origins that the HTML loads from, but that the policy blocks. */
  readonly blocked: readonly string[];
}

/** Default sources, which suffice for a built React application. */
const BASE: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'", 'data:'],
  // Pages use `fetch` to read their own blobs and data URLs.
  'connect-src': ["'self'", 'data:', 'blob:'],
  'media-src': ["'self'", 'data:', 'blob:'],
  'worker-src': ["'self'", 'blob:'],
  'object-src': ["'none'"],
  'base-uri': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** Directives of elements that load the URL of their attribute `src`. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  img: 'img-src',
  iframe: 'frame-src',
  audio: 'media-src',
  video: 'media-src',
  source: 'media-src',
  track: 'media-src',
};

/** Types of `script` elements that contain data. No policy blocks data. */
const DATA_BLOCK = /^(?!(module|importmap|speculationrules|(text|application)\/(x-)?(java|ecma)script)?$)/i;

/**
 * Computes a policy that allows the code of the given HTML and blocks injected code. The policy allows the client's
 * own origin, the configured sources, and the hash of every inline script, style, event handler and style attribute.
 */
export function contentSecurityPolicy(
  html: readonly string[],
  options: ContentSecurityPolicyOptions = {},
): ContentSecurityPolicy {
  const inline = html.map(inlineSources);
  const directives = new Map<string, Set<string>>();
  const allow = (directive: string, ...sources: readonly string[]): void => {
    const existing = directives.get(directive) ?? new Set();
    for (const source of sources) existing.add(source);
    directives.set(directive, existing);
  };
  for (const [directive, sources] of Object.entries(BASE)) allow(directive, ...sources);
  for (const [directive, sources] of Object.entries(options.sources ?? {})) {
    // An absent directive falls back to default-src. A directive with sources must list the own origin again.
    if (!directives.has(directive) && directive.endsWith('-src')) allow(directive, "'self'");
    if (sources.length === 1 && sources[0] === "'none'") directives.set(directive, new Set(sources));
    else allow(directive, ...sources);
  }
  for (const found of inline) {
    allowInline(directives, 'script-src', found.scripts, found.handlers);
    allowInline(directives, 'style-src', found.styles, found.styleAttributes);
  }
  for (const sources of directives.values()) if (sources.size > 1) sources.delete("'none'");
  if (options.reportUri) allow('report-uri', options.reportUri);

  return {
    header: options.reportOnly ? 'content-security-policy-report-only' : 'content-security-policy',
    value: [...directives].map(([directive, sources]) => [directive, ...sources].join(' ')).join('; '),
    blocked: [
      ...new Set(
        inline.flatMap(({ external }) =>
          external
            .filter(
              ({ directive, origin }) =>
                !allows(directives.get(directive) ?? directives.get('default-src'), origin),
            )
            .map(({ directive, origin }) => `${origin} (${directive})`),
        ),
      ),
    ],
  };
}

/**
 * Adds hashes of inline code. Leaves a directive with `'unsafe-inline'` unchanged, because a hash would disable that
 * keyword.
 */
function allowInline(
  directives: ReadonlyMap<string, Set<string>>,
  directive: string,
  elements: readonly string[],
  attributes: readonly string[],
): void {
  const sources = directives.get(directive);
  if (!sources || sources.has("'unsafe-inline'")) return;
  for (const text of [...elements, ...attributes]) sources.add(hash(text));
  if (attributes.length > 0) sources.add("'unsafe-hashes'");
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

function allows(sources: ReadonlySet<string> | undefined, origin: string): boolean {
  const { host, protocol } = new URL(origin);
  return [...(sources ?? [])].some((source) => {
    if (source === '*' || source === protocol) return true;
    const [, scheme, name = ''] = /^(?:([a-z]+:)\/\/)?([^/]+)/.exec(source) ?? [];
    if (scheme && scheme !== protocol) return false;
    return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name;
  });
}

interface InlineSources {
  readonly scripts: string[];
  readonly handlers: string[];
  readonly styles: string[];
  readonly styleAttributes: string[];
  readonly external: ExternalSource[];
}

/** Another origin that the HTML loads from, and the directive that must allow that origin. */
export interface ExternalSource {
  readonly directive: string;
  readonly origin: string;
}

/** Returns the other origins that the HTML loads from. */
export function externalSources(html: string): ExternalSource[] {
  return inlineSources(html).external;
}

function inlineSources(html: string): InlineSources {
  const found: InlineSources = { scripts: [], handlers: [], styles: [], styleAttributes: [], external: [] };
  // With scripting off, the parser also returns the elements inside `noscript`.
  visit(parse(html, { scriptingEnabled: false }), found);
  return found;
}

function visit(node: Node, found: InlineSources): void {
  if ('tagName' in node) visitElement(node, found);
  if ('content' in node) visit(node.content, found);
  if ('childNodes' in node) for (const child of node.childNodes) visit(child, found);
}

function visitElement(element: Element, found: InlineSources): void {
  const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
  for (const [name, value] of attributes) {
    if (/^on[a-z]+$/.test(name)) found.handlers.push(value);
    if (name === 'style') found.styleAttributes.push(value);
  }
  const loads = (directive: string | undefined, address: string | undefined): void => {
    if (!directive) return;
    const url = address && URL.canParse(address, 'relative://') ? new URL(address, 'relative://') : undefined;
    const absolute = address?.startsWith('//') ? new URL(`https:${address}`) : url;
    if (absolute && /^https?:$/.test(absolute.protocol))
      found.external.push({ directive, origin: absolute.origin });
  };
  switch (element.tagName) {
    case 'script':
      if (attributes.has('src')) loads('script-src', attributes.get('src'));
      else if (!DATA_BLOCK.test(attributes.get('type') ?? '')) found.scripts.push(text(element));
      break;
    case 'style':
      found.styles.push(text(element));
      break;
    case 'link':
      if (/\bstylesheet\b/i.test(attributes.get('rel') ?? '')) loads('style-src', attributes.get('href'));
      if (/\bmodulepreload\b/i.test(attributes.get('rel') ?? '')) loads('script-src', attributes.get('href'));
      break;
    default:
      for (const attribute of ['src', 'poster'])
        loads(attribute === 'poster' ? 'img-src' : DIRECTIVES[element.tagName], attributes.get(attribute));
  }
}

function text(element: Element): string {
  return element.childNodes.map((child) => ('value' in child ? child.value : '')).join('');
}
