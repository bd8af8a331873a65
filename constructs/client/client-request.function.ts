// Runs in CloudFront's JavaScript runtime 2.0: ES 5.1 with const, let, async, await and arrow functions. No
// destructuring, spread, for-of, default parameters, optional chaining; no closures in async functions.
import cf from 'cloudfront';
import type { EdgeRequest, EdgeResponse, RequestEvent } from './edge-event';
import { HASHED_PATH } from './hashed-path';

/** Extensions of files, also where a person typed the address. */
const FILE =
  /^(html?|xhtml|js|mjs|css|map|json|webmanifest|txt|xml|rss|atom|csv|pdf|md|ico|png|jpe?g|gif|svg|webp|avif|bmp|woff2?|ttf|otf|eot|wasm|mp[34]|webm|og[gv]|wav|m4a|zip|gz|br|docx?|xlsx?|pptx?|env|ya?ml|sql|bak|log|ini|php|aspx?|jsp|cgi)$/i;
/** An encoded slash, backslash or control character. */
const UNSAFE = /%(2F|5C|[01][0-9A-F]|7F)/;
/** Longest path in bytes. S3 accepts keys of up to 1,024 bytes, which include the release's folder. */
const LONGEST = 900;

/** Points a request at the file of the current release. */
export async function handler(event: RequestEvent): Promise<EdgeRequest | EdgeResponse> {
  const request = event.request;
  let path = filePath(request.uri);
  if (path === '/' || (path === '' ? isNavigation(request, true) : !isFile(path, request)))
    path = '/index.html';
  if (path === '') return notFound();

  // The pointer's value is the folder of the release, followed by its files that only look hashed.
  let folder = '/fallback';
  let lookalikes: string[] = [];
  try {
    const value = await cf.kvs().get('release');
    const parts = value.split(' ');
    if (/^[A-Za-z0-9_-]{1,64}$/.test(parts[0] as string)) {
      folder = `/releases/${parts[0]}`;
      lookalikes = parts;
    }
  } catch (_error) {
    // Without an answer from the store, users get the last verified release, which is in a fixed folder.
  }
  const shared = HASHED_PATH.test(path) && lookalikes.indexOf(path) < 0;
  request.uri = shared ? path : folder + path;
  return request;
}

/** Returns the path with every segment encoded in one way, or '' for a path that no file can have. */
function filePath(uri: string): string {
  // No character of a path takes more than three bytes of this text.
  if (uri.length > 3 * LONGEST) return '';
  const segments = uri.split('/');
  let path = '';
  for (let i = 1; i < segments.length; i++) {
    let name = '';
    try {
      name = encodeURIComponent(decodeURIComponent(segments[i] as string));
    } catch (_error) {
      return '';
    }
    if (name === '.' || name === '..' || UNSAFE.test(name)) return '';
    if (name === '' && i < segments.length - 1) return '';
    path += `/${name}`;
  }
  return path.length > LONGEST ? '' : path;
}

/** Returns true for a path of a file, false for a page that the client's router shows. */
function isFile(path: string, request: EdgeRequest): boolean {
  // No page of a client has a segment that begins with a dot, but files of other servers do: /.git/config.
  if (path.indexOf('/assets/') === 0 || path.indexOf('/.') >= 0) return true;
  const name = path.substring(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  if (dot < 0) return !isNavigation(request, true);
  if (FILE.test(name.substring(dot + 1))) return true;
  return !isNavigation(request, false);
}

/** Returns true if a person navigates to a page, and `byDefault` if neither browser nor tool tells. */
function isNavigation(request: EdgeRequest, byDefault: boolean): boolean {
  const mode = request.headers['sec-fetch-mode'];
  if (mode) return mode.value === 'navigate';
  const accept = request.headers.accept ? request.headers.accept.value : '';
  if (accept.indexOf('text/html') >= 0) return true;
  return byDefault && (accept === '' || accept === '*/*');
}

function notFound(): EdgeResponse {
  return {
    statusCode: 404,
    statusDescription: 'Not Found',
    headers: { 'cache-control': { value: 'no-store' } },
  };
}
