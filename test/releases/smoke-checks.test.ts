import { expect, test } from 'vitest';
import type { Check } from '../../constructs/verification';
import { smokeChecks } from '../../lib/releases/smoke-checks';

const server = { healthPath: '/api/health', paths: ['/api/*', '/auth/?ogin', '/a.b'] };
const paths = (configured: string[], given = server) => {
  const checks = smokeChecks(
    configured.map((path) => ({ path })),
    given,
  );
  return Object.fromEntries(
    Object.entries(checks).map(([key, list]) => [key, list.map(({ path }: Check) => path)]),
  );
};

test('the health path is checked at each address, before the configured paths', () => {
  expect(paths(['/api/entries', '/about'])).toEqual({
    server: ['/api/health', '/api/entries'],
    serverThroughCdn: ['/api/health', '/api/entries'],
    all: ['/api/health', '/api/entries', '/about'],
  });
});

test('a health path without a CloudFront behaviour is checked at the server only', () => {
  expect(paths(['/api/entries'], { ...server, healthPath: '/__health' })).toEqual({
    server: ['/__health', '/api/entries'],
    serverThroughCdn: ['/api/entries'],
    all: ['/api/entries'],
  });
});

test.each([
  ['/api/a/b?c=/d', true],
  ['/auth/login?next=1', true],
  ['/auth/llogin', false],
  ['/a.b', true],
  ['/axb', false],
  ['/apis', false],
  ['/API/x', false],
])('%s is for the server: %s', (path, expected) => {
  expect(paths([path])['serverThroughCdn']!.includes(path)).toBe(expected);
});
