import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../../constructs/client/content-security-policy';

const page = (content: string) => [`<!doctype html><html><head>${content}</head><body></body></html>`];
const sha = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The sources of a directive. */
function sources(value: string, directive: string): string[] | undefined {
  const found = value.split('; ').find((part) => part.split(' ')[0] === directive);
  return found?.split(' ').slice(1);
}

describe('the policy', () => {
  test('allows only the own origin if nothing is inline', () => {
    const { value } = contentSecurityPolicy(page('<script type="module" src="/assets/app.js"></script>'));
    expect(sources(value, 'script-src')).toEqual(["'self'"]);
    expect(sources(value, 'default-src')).toEqual(["'self'"]);
  });

  test('forbids frames, plug-ins and foreign base URLs', () => {
    const { value } = contentSecurityPolicy(page(''));
    expect(sources(value, 'frame-ancestors')).toEqual(["'none'"]);
    expect(sources(value, 'base-uri')).toEqual(["'self'"]);
    expect(sources(value, 'object-src')).toEqual(["'none'"]);
  });

  test('has the hash of an inline script', () => {
    const { value } = contentSecurityPolicy(page('<script>start("a & b < c")</script>'));
    expect(sources(value, 'script-src')).toContain(sha('start("a & b < c")'));
  });

  test('hashes a script with the line ends that browsers see', () => {
    const { value } = contentSecurityPolicy(page('<script>a()\r\nb()</script>'));
    expect(sources(value, 'script-src')).toContain(sha('a()\nb()'));
  });

  test('has the hashes of import maps and inline modules', () => {
    const html = page('<script type="importmap">{}</script><script type="module">go()</script>');
    expect(sources(contentSecurityPolicy(html).value, 'script-src')).toEqual([
      "'self'",
      sha('{}'),
      sha('go()'),
    ]);
  });

  test('has no hash of data blocks in a page', () => {
    const html = page(
      '<script type="application/json">{"a":1}</script><script type="text/template">x</script>',
    );
    expect(sources(contentSecurityPolicy(html).value, 'script-src')).toEqual(["'self'"]);
  });

  test('has no hash of a script in a comment', () => {
    const html = page('<!-- <script>old()</script> -->');
    expect(sources(contentSecurityPolicy(html).value, 'script-src')).toEqual(["'self'"]);
  });

  test('has the hash of an inline style', () => {
    const { value } = contentSecurityPolicy(page('<style>body{margin:0}</style>'));
    expect(sources(value, 'style-src')).toEqual(["'self'", sha('body{margin:0}')]);
  });

  test('has the hash of a style in noscript', () => {
    const { value } = contentSecurityPolicy(page('<noscript><style>p{color:red}</style></noscript>'));
    expect(sources(value, 'style-src')).toContain(sha('p{color:red}'));
  });

  test('allows a style attribute by its hash', () => {
    const { value } = contentSecurityPolicy(['<body style="margin:0"></body>']);
    expect(sources(value, 'style-src')).toEqual(["'self'", sha('margin:0'), "'unsafe-hashes'"]);
  });

  test('allows an event handler by its hash', () => {
    const { value } = contentSecurityPolicy(['<body onload="start()"></body>']);
    expect(sources(value, 'script-src')).toEqual(["'self'", sha('start()'), "'unsafe-hashes'"]);
  });

  test('covers all pages of a build', () => {
    const { value } = contentSecurityPolicy([
      ...page('<script>a()</script>'),
      ...page('<script>b()</script>'),
    ]);
    expect(sources(value, 'script-src')).toEqual(["'self'", sha('a()'), sha('b()')]);
  });

  test('adds configured sources to its own', () => {
    const { value } = contentSecurityPolicy(page(''), {
      sources: { 'connect-src': ['https://api.example.com'] },
    });
    expect(sources(value, 'connect-src')).toEqual(["'self'", 'data:', 'blob:', 'https://api.example.com']);
  });

  test('keeps the own origin in a directive that only the configuration adds', () => {
    const { value } = contentSecurityPolicy(page(''), {
      sources: { 'frame-src': ['https://pay.example.com'] },
    });
    expect(sources(value, 'frame-src')).toEqual(["'self'", 'https://pay.example.com']);
  });

  test("replaces 'none' with a configured source", () => {
    const { value } = contentSecurityPolicy(page(''), {
      sources: { 'frame-ancestors': ['https://example.com'] },
    });
    expect(sources(value, 'frame-ancestors')).toEqual(['https://example.com']);
  });

  test("allows nothing if only 'none' is configured", () => {
    const { value } = contentSecurityPolicy(page(''), { sources: { 'frame-src': ["'none'"] } });
    expect(sources(value, 'frame-src')).toEqual(["'none'"]);
  });

  test('allows blob URLs of the page', () => {
    const { value } = contentSecurityPolicy(page(''));
    expect(sources(value, 'connect-src')).toContain('blob:');
    expect(sources(value, 'media-src')).toContain('blob:');
  });

  test('has no style hashes if inline styles are allowed, because hashes would disable unsafe-inline', () => {
    const { value } = contentSecurityPolicy(page('<style>a{}</style>'), {
      sources: { 'style-src': ["'unsafe-inline'"] },
    });
    expect(sources(value, 'style-src')).toEqual(["'self'", "'unsafe-inline'"]);
  });

  test('is enforced by default', () => {
    expect(contentSecurityPolicy(page('')).header).toBe('content-security-policy');
  });

  test('can be report-only', () => {
    const policy = contentSecurityPolicy(page(''), { reportOnly: true });
    expect(policy.header).toBe('content-security-policy-report-only');
  });

  test('contains the report address', () => {
    const { value } = contentSecurityPolicy(page(''), { reportUri: '/api/csp' });
    expect(sources(value, 'report-uri')).toEqual(['/api/csp']);
  });
});

describe('origins that the HTML loads from', () => {
  const FONTS = '<link rel="stylesheet" href="https://fonts.example.com/css2?family=Inter">';

  test('are reported if the policy blocks them', () => {
    expect(contentSecurityPolicy(page(FONTS)).blocked).toEqual(['https://fonts.example.com (style-src)']);
  });

  test('are reported if their address has no scheme', () => {
    const { blocked } = contentSecurityPolicy(page('<script src="//cdn.example.com/x.js"></script>'));
    expect(blocked).toEqual(['https://cdn.example.com (script-src)']);
  });

  test.each(['https://fonts.example.com', 'fonts.example.com', 'https://*.example.com', 'https:'])(
    'are not reported if %s is allowed',
    (source) => {
      expect(contentSecurityPolicy(page(FONTS), { sources: { 'style-src': [source] } }).blocked).toEqual([]);
    },
  );

  test('are empty if everything comes from the client itself', () => {
    const html = page(
      '<script src="/a.js"></script><script src="b.js"></script><link rel="icon" href="https://x.example.com/i.png">',
    );
    expect(contentSecurityPolicy(html).blocked).toEqual([]);
  });
});
