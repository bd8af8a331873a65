// Runs in CloudFront's JavaScript runtime 2.0: ES 5.1 with const, let, async, await and arrow functions. No
// destructuring, spread, for-of, default parameters, optional chaining; no closures in async functions.
import cf from 'cloudfront';
import type { EdgeRequest, EdgeResponse, RequestEvent } from './edge-event';
import { HASHED_PATH } from './hashed-path';

/** Extensions that are files even where a person typed the address. */
const FILE =
  /^(html?|xhtml|js|mjs|css|map|json|webmanifest|txt|xml|rss|atom|csv|pdf|md|ico|png|jpe?g|gif|svg|webp|avif|bmp|woff2?|ttf|otf|eot|wasm|mp[34]|webm|og[gv]|wav|m4a|zip|gz|br|docx?|xlsx?|pptx?|env|ya?ml|sql|bak|log|ini|php|aspx?|jsp|cgi)$/i;
/** An encoded slash, backslash or control character. */
const UNSAFE = /%(2F|5C|[01][0-9A-F]|7F)/;
/** S3 takes keys of up to 1,024 bytes, of which the release's prefix needs some. */
const LONGEST = 900;

/** Points a request at the file of the current release that answers it. */
export async function handler(event: RequestEvent): Promise<EdgeRequest | EdgeResponse> {
  const request = event.request;
  let path = filePath(request.uri);
  if (path === '/' || (path === '' ? isNavigation(request, true) : !isFile(path, request)))
    path = '/index.html';
  if (path === '') return notFound();

  // The pointer's value: the folder of the release, then files of it that only look hashed.
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
    // No answer from the store: the last verified release, which lies at a fixed place.
  }
  const shared = HASHED_PATH.test(path) && lookalikes.indexOf(path) < 0;
  request.uri = shared ? path : folder + path;
  return request;
}

/** The path with every segment encoded one way, or '' where no file can have it. */
function filePath(uri: string): string {
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

/** Whether the path names a file rather than a page that the client itself shows. */
function isFile(path: string, request: EdgeRequest): boolean {
  if (path.indexOf('/assets/') === 0 || path.indexOf('/.well-known/') === 0) return true;
  const name = path.substring(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  if (dot < 0) return !isNavigation(request, true);
  if (dot === 0 || FILE.test(name.substring(dot + 1))) return true;
  return !isNavigation(request, false);
}

/** Whether a person goes to a page; `byDefault` where neither browser nor tool says so. */
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
