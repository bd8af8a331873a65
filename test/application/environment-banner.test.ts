import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bannerPath, bannerScript, showEnvironment } from '../../lib/application/runtime/environment-banner';

const html = '<!doctype html><html><body><p>héllo</p></body></html>';
const element = '<script defer src="/framework53-environment.js" data-environment="staging"></script>';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;
let handler: Handler = () => {};
const server = http.createServer((request, response) => {
  if (!showEnvironment('staging', request, response)) handler(request, response);
});
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Requests a page. `fetch` refuses these headers, so the request uses node:http. */
async function open(
  answer: Handler,
  headers: http.OutgoingHttpHeaders = { 'Sec-Fetch-Dest': 'document', 'Accept-Encoding': 'gzip' },
  method = 'GET',
  path = '/',
) {
  handler = answer;
  const { port } = server.address() as AddressInfo;
  const request = http.request({ port, path, method, headers, host: '127.0.0.1', agent: false }).end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const body = Buffer.concat((await response.toArray()) as Buffer[]);
  return {
    status: response.statusCode,
    headers: response.headers,
    bytes: body.length,
    body: body.toString(),
  };
}

const page: Handler = (_, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(html);
};
const withHeaders =
  (given: http.OutgoingHttpHeaders, status = 200): Handler =>
  (_, response) => {
    response.writeHead(status, { 'Content-Type': 'text/html', ...given });
    response.end(html);
  };

describe('a page that the server renders', () => {
  const answers: Record<string, Handler> = {
    'from one call of end': page,
    'with a length': (_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.setHeader('Content-Length', Buffer.byteLength(html));
      response.end(html);
    },
    'with headers of writeHead': withHeaders({ 'content-length': Buffer.byteLength(html) }),
    'with a list of headers': (_, response) => {
      response.setHeader('Content-Type', 'text/plain');
      response.writeHead(200, 'Fine', [
        'Content-Type',
        'text/html',
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
      ]);
      response.end(Buffer.from(html));
    },
    'in parts': (_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.flushHeaders();
      response.write(html.slice(0, 9));
      setImmediate(() => {
        response.write(html.slice(9));
        response.end();
      });
    },
    'in another encoding of its text': (_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(Buffer.from(html).toString('base64'), 'base64');
    },
    'that reports an error': (request, response) => {
      response.statusCode = 404;
      page(request, response);
    },
  };
  test.each(Object.entries(answers))('%s ends with the element', async (_, answer) => {
    const { body, bytes, headers } = await open(answer);
    expect(body).toBe(html + element);
    if (headers['content-length']) expect(headers['content-length']).toBe(String(bytes));
  });

  test('keeps the status message, repeated headers, and a known length', async () => {
    const { headers } = await open(answers['with a list of headers']!);
    expect(headers).toMatchObject({ 'content-type': 'text/html', 'set-cookie': ['a=1', 'b=2'] });
    const length = Buffer.byteLength(html) + element.length;
    expect((await open(page)).headers['content-length']).toBe(String(length));
    expect((await open(answers['with a length']!)).headers['content-length']).toBe(String(length));
    expect((await open(answers['in parts']!)).headers['transfer-encoding']).toBe('chunked');
  });

  test('is not compressed by the server, because the element comes last', async () => {
    const compressing: Handler = (request, response) => {
      if (!/gzip/.test(request.headers['accept-encoding'] ?? '')) return page(request, response);
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' });
      response.end(gzipSync(html));
    };
    expect((await open(compressing)).body).toBe(html + element);
    const fetched = await open(compressing, { 'Accept-Encoding': 'gzip' });
    expect(fetched.headers['content-encoding']).toBe('gzip');
  });

  test('calls back once after its end, and a second end changes nothing', async () => {
    let ended = 0;
    const { body } = await open((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(html, 'utf8', () => ended++);
      response.end();
    });
    expect([body, ended]).toEqual([html + element, 1]);
  });
});

describe('a Content Security Policy', () => {
  const policies: [policy: string, attributes: string | undefined][] = [
    ["default-src 'none'; script-src 'self'; style-src 'none'", ''],
    ["img-src 'self'", ''],
    ['script-src https: data:', ''],
    ["script-src 'nonce-aB3+/_-=' 'strict-dynamic'; object-src 'none'", ' nonce="aB3+/_-="'],
    ["script-src 'self'; script-src-elem 'nonce-ab'", ' nonce="ab"'],
    ["sandbox allow-scripts; default-src 'self'", ''],
  ];
  test.each(policies)('%s allows the script', async (policy, attributes) => {
    const { body } = await open(withHeaders({ 'Content-Security-Policy': policy }));
    expect(body).toBe(html + element.replace('></', `${attributes}></`));
  });
});

test('the script is an answer of the image', async () => {
  const headers = { 'Sec-Fetch-Dest': 'script' };
  expect(await open(page, headers, 'GET', `${bannerPath}?a`)).toMatchObject({
    body: bannerScript,
    headers: { 'content-type': 'text/javascript', 'cache-control': 'no-cache' },
  });
  expect(await open(page, headers, 'HEAD', bannerPath)).toMatchObject({ status: 200, bytes: 0 });
});

describe('the answer stays as it is', () => {
  const length = { 'Content-Length': Buffer.byteLength(html) };
  const answers: Record<string, [Handler, http.OutgoingHttpHeaders?]> = {
    'if a script fetches it': [page, { 'Sec-Fetch-Dest': 'empty' }],
    'if no browser asks': [page, {}],
    'if it is no HTML': [withHeaders({ ...length, 'Content-Type': 'application/json' })],
    'if it is a download': [withHeaders({ ...length, 'Content-Disposition': 'attachment; filename=a.html' })],
    'if it is encoded anyway': [withHeaders({ ...length, 'Content-Encoding': 'x-own' })],
    'if it has a digest': [withHeaders({ ...length, 'Content-Digest': 'sha-256=:x:' })],
    'if it is a part': [withHeaders({ ...length, 'Content-Range': 'bytes 0-9/99' }, 206)],
    'if it redirects': [withHeaders({ ...length, Location: '/' }, 302)],
    'if its policy allows no script': [
      withHeaders({ ...length, 'Content-Security-Policy': "script-src 'none'" }),
    ],
    'if its policy lists hashes': [
      withHeaders({ ...length, 'Content-Security-Policy': "default-src 'self'; script-src 'sha256-abc='" }),
    ],
    'if one of two policies refuses': [
      withHeaders({
        ...length,
        'Content-Security-Policy': ["script-src 'nonce-cd'", "script-src 'nonce-ab'"],
      }),
    ],
    'if only scripts with a nonce may load others': [
      withHeaders({ ...length, 'Content-Security-Policy': "script-src 'self' 'strict-dynamic'" }),
    ],
    'if it is in a sandbox': [withHeaders({ ...length, 'Content-Security-Policy': 'sandbox allow-forms' })],
  };
  test.each(Object.entries(answers))('%s', async (_, [answer, headers]) => {
    const found = await open(answer, headers);
    expect(found.body).toBe(html);
    expect(found.headers['content-length']).toBe(String(found.bytes));
  });

  test('for 304 and for HEAD', async () => {
    expect(await open(withHeaders({ ETag: '"a"' }, 304))).toMatchObject({ status: 304, bytes: 0 });
    const head = await open(withHeaders(length), { 'Sec-Fetch-Dest': 'document' }, 'HEAD');
    expect(head).toMatchObject({ bytes: 0, headers: { 'content-length': String(length['Content-Length']) } });
  });
});
