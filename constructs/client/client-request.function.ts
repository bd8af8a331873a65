// Runs in CloudFront's JavaScript runtime 2.0: ES 5.1 with const, let, async, await and arrow functions. Do not use
// destructuring, spread, for-of, default parameters or optional chaining, nor closures in async functions.
import cf from 'cloudfront';
import type { EdgeRequest, EdgeResponse, RequestEvent } from './edge-event';
import { HASHED_PATH } from './hashed-path';

/** Extensions that always mean a file, even if a person typed the address. */
const FILE =
  /^(html?|xhtml|js|mjs|css|map|json|webmanifest|txt|xml|rss|atom|csv|pdf|md|ico|png|jpe?g|gif|svg|webp|avif|bmp|woff2?|ttf|otf|eot|wasm|mp[34]|webm|og[gv]|wav|m4a|zip|gz|br|docx?|xlsx?|pptx?|env|ya?ml|sql|bak|log|ini|php|aspx?|jsp|cgi)$/i;
/** An encoded slash, backslash or control character. */
const UNSAFE = /%(2F|5C|[01][0-9A-F]|7F)/;
/** Maximum length of a path in bytes. S3 keys may have 1,024 bytes, and the release's folder is part of the key. */
const LONGEST = 900;

/** Rewrites the path of a request to the file of the current release. */
export async function handler(event: RequestEvent): Promise<EdgeRequest | EdgeResponse> {
  const request = event.request;
  let path = filePath(request.uri);
  if (path === '/' || (path === '' ? isNavigation(request, true) : !isFile(path, request)))
    path = '/index.html';
  if (path === '') return notFound();

  // The value is the folder of the release, followed by the paths of its unhashed files that look hashed.
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
    // If the store cannot be read, serve the last verified release from the fixed folder `fallback`.
  }
  const shared = HASHED_PATH.test(path) && lookalikes.indexOf(path) < 0;
  request.uri = shared ? path : folder + path;
  return request;
}

/** Returns the path with all segments encoded in the same way, or '' if no file can have the path. */
function filePath(uri: string): string {
  // Encoded, a byte of a path takes at most three characters.
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

/** Returns true if the path is a file's, and false if it is a page of the client's router. */
function isFile(path: string, request: EdgeRequest): boolean {
  // Client routes have no segment that begins with a dot. Such paths are files of other servers, such as /.git/config.
  if (path.indexOf('/assets/') === 0 || path.indexOf('/.') >= 0) return true;
  const name = path.substring(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  if (dot < 0) return !isNavigation(request, true);
  if (FILE.test(name.substring(dot + 1))) return true;
  return !isNavigation(request, false);
}

/** Returns true if a person opens a page. Returns `byDefault` if the request headers do not tell. */
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
