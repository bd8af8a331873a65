import { runInNewContext } from 'node:vm';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { describe, expect, test } from 'vitest';
import type { EdgeRequest, EdgeResponse } from '../../../constructs/client/edge-event';
import { behavior, plain, served, synthesise } from './synthesise';

const ORIGIN = 'https://admin.example.com';
const { template } = synthesise({
  server: {
    origin: new HttpOrigin('server.example.com'),
    cors: { allowedOrigins: [ORIGIN], allowedHeaders: ['Content-Type', 'X-Trace'] },
  },
});

const FUNCTION = 'AWS::CloudFront::Function';
const [preflight] = Object.values(
  template.findResources(FUNCTION, { Properties: { Name: 'guestbook-production-cors-preflight' } }),
);

/** Runs the function of the template on a request. */
function answer(method: string, headers: Record<string, string>): EdgeRequest | EdgeResponse {
  const handler = runInNewContext(`${preflight!['Properties'].FunctionCode}\nhandler`);
  const values = Object.entries(headers).map(([name, value]) => [name, { value }]);
  return handler({ request: { method, uri: '/api/entries', headers: Object.fromEntries(values) } });
}

describe('a preflight', () => {
  const asked = { 'access-control-request-method': 'PUT' };

  test('of an allowed origin is answered by CloudFront, whatever the server would say', () => {
    expect(answer('OPTIONS', { ...asked, origin: ORIGIN })).toEqual({
      statusCode: 204,
      statusDescription: 'No Content',
      headers: {
        'access-control-allow-origin': { value: ORIGIN },
        'access-control-allow-credentials': { value: 'true' },
        'access-control-allow-methods': { value: 'GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE' },
        'access-control-allow-headers': { value: 'Content-Type, X-Trace' },
        'access-control-max-age': { value: '7200' },
        'cache-control': { value: 'no-store' },
        vary: { value: 'Origin' },
      },
    });
  });

  test.each<[string, string, Record<string, string>]>([
    ['a preflight of another origin', 'OPTIONS', { ...asked, origin: 'https://evil.example.com' }],
    ['a preflight of an origin that only begins so', 'OPTIONS', { ...asked, origin: `${ORIGIN}.evil.org` }],
    ['an OPTIONS request that is not a preflight', 'OPTIONS', { origin: ORIGIN }],
    ['a request', 'PUT', { ...asked, origin: ORIGIN }],
  ])('%s reaches the server', (_, method, headers) => {
    expect(answer(method, headers)).toMatchObject({ method, uri: '/api/entries' });
  });
});

test('the function runs on all server paths, and exists only if origins are allowed', () => {
  for (const path of ['/api', '/api/*'])
    expect(behavior(template, path).FunctionAssociations).toEqual([
      { EventType: 'viewer-request', FunctionARN: expect.anything() },
    ]);
  for (const without of [plain, served]) without.template.resourceCountIs(FUNCTION, 2);
});
