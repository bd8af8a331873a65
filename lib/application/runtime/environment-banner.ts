import type { IncomingMessage, ServerResponse } from 'node:http';

/** URL path of the script that shows the environment. */
export const bannerPath = '/framework53-environment.js';

/**
 * Script that adds a line with the name of the environment to a page. The script sets the styles, because every Content
 * Security Policy allows styles that a script sets through the DOM.
 */
export const bannerScript = `(() => {
  const banner = document.createElement('div');
  banner.textContent = document.currentScript.dataset.environment;
  banner.setAttribute('role', 'note');
  banner.setAttribute('aria-label', 'Environment');
  banner.style.cssText = 'position:fixed;bottom:0;left:0;z-index:2147483647;padding:2px 8px;font:12px/1.5 sans-serif;color:#fff;background:#8a4b00;pointer-events:none';
  document.body.append(banner);
})();
`;

/**
 * Shows the environment on a page that the server renders. Answers the request for the script, and appends a script
 * element to the HTML that a browser opens as a page. Other answers stay unchanged.
 * @returns true if the request is answered
 */
export function showEnvironment(
  environment: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.url?.split('?')[0] === bannerPath) {
    response.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-cache' });
    response.end(request.method === 'HEAD' ? undefined : bannerScript);
    return true;
  }
  // Browsers send another destination for frames, and for HTML that a script of the page fetches.
  if (request.headers['sec-fetch-dest'] === 'document' && request.method !== 'HEAD') {
    // The element must be appended before the page is compressed. CloudFront compresses the page instead.
    delete request.headers['accept-encoding'];
    appendElement(environment, response);
  }
  return false;
}

/**
 * Appends the element at the end of the answer. Browsers run scripts after `</html>` as part of the body, so the
 * element needs no search in the HTML, which may arrive in parts.
 */
function appendElement(environment: string, response: ServerResponse): void {
  const { writeHead, write, end } = response;
  let element = '';
  /** Bytes of the answer, if the server sends the answer with one call of `end`. */
  let whole: number | undefined;
  let isDecided = false;

  response.writeHead = (status: number, ...rest: unknown[]) => {
    const [message, given] = typeof rest[0] === 'string' ? rest : [undefined, rest[1] ?? rest[0]];
    if (!response.headersSent) setHeaders(response, given);
    if (!isDecided) {
      isDecided = true;
      element = elementFor(environment, status, response);
      const chunked = response.hasHeader('transfer-encoding');
      const length = response.getHeader('content-length') ?? (chunked ? undefined : whole);
      if (length !== undefined) response.setHeader('Content-Length', Number(length) + element.length);
    }
    return Reflect.apply(writeHead, response, message === undefined ? [status] : [status, message]);
  };

  response.end = (...args: unknown[]) => {
    if (response.writableEnded) return Reflect.apply(end, response, args);
    const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
    const [chunk, encoding] = args as [string | Uint8Array | null | undefined, BufferEncoding | undefined];
    const length = typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : (chunk?.byteLength ?? 0);
    if (!response.headersSent && elementFor(environment, response.statusCode, response)) {
      whole = length;
      response.writeHead(response.statusCode);
    }
    if (!element) return Reflect.apply(end, response, [chunk, encoding, callback]);
    if (length > 0) Reflect.apply(write, response, [chunk, encoding]);
    return Reflect.apply(end, response, [element, 'latin1', callback]);
  };
}

/** Sets the headers of `writeHead`, which replace earlier ones. A list has names and values in turn, or pairs. */
function setHeaders(response: ServerResponse, given: unknown): void {
  if (typeof given !== 'object' || given === null) return;
  if (!Array.isArray(given)) {
    for (const [name, value] of Object.entries(given))
      if (value !== undefined) response.setHeader(name, value as string);
    return;
  }
  const flat = given.flat() as string[];
  const pairs = flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]!] as const] : []));
  for (const [name] of pairs) response.removeHeader(name);
  for (const [name, value] of pairs) response.appendHeader(name, value);
}

/** Returns the element for an answer. The text is empty if the answer is no page, or if its policy refuses the script. */
function elementFor(environment: string, status: number, response: ServerResponse): string {
  const header = (name: string) => String(response.getHeader(name) ?? '');
  const hasBody = status >= 200 && (status < 204 || status >= 400);
  const isPage =
    hasBody &&
    /^text\/html\b(?!.*utf-?16)/i.test(header('content-type')) &&
    !/^attachment/i.test(header('content-disposition')) &&
    !response.getHeaderNames().some((name) => /^content-(encoding|md5)$|digest$/.test(name));
  const nonce = isPage ? nonceFor(header('content-security-policy')) : undefined;
  if (nonce === undefined) return '';
  const name = environment.replaceAll(/[^\w-]/g, '');
  return `<script defer src="${bannerPath}" data-environment="${name}"${nonce && ` nonce="${nonce}"`}></script>`;
}

/**
 * Returns the nonce with which the policies of a page allow the script. The text is empty if the policies need none.
 * @returns undefined if a policy refuses the script
 */
function nonceFor(header: string): string | undefined {
  const policies = header.split(',').map(scriptSources);
  const nonce = policies.flat().find((source) => /^'nonce-[\w+/=-]+'$/.test(source ?? '')) ?? '';
  const allows = (sources: readonly string[] | undefined) =>
    sources === undefined ||
    sources.includes(nonce) ||
    (!sources.includes("'strict-dynamic'") &&
      sources.some((source) => /^('self'|\*|https?:)$/i.test(source)));
  return policies.every(allows) ? nonce.slice("'nonce-".length, -1) : undefined;
}

/** Returns the sources of scripts in a policy; undefined if it does not restrict them. A sandbox allows none. */
function scriptSources(policy: string): readonly string[] | undefined {
  const directives = new Map<string, string[]>();
  for (const directive of policy.split(';')) {
    const [name = '', ...values] = directive.trim().split(/\s+/);
    if (!directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), values);
  }
  const sandbox = directives.get('sandbox');
  if (sandbox && !sandbox.includes('allow-scripts')) return [];
  return directives.get('script-src-elem') ?? directives.get('script-src') ?? directives.get('default-src');
}
