import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { behavior, distribution, resource, served, synthesise, withServer } from './synthesise';

describe('response headers', () => {
  const headers = (template: Template, path?: string) => {
    const of = path ? behavior(template, path) : distribution(template).DefaultCacheBehavior;
    return resource(template, of.ResponseHeadersPolicyId).ResponseHeadersPolicyConfig;
  };
  const custom = (template: Template, path?: string) =>
    Object.fromEntries(
      headers(template, path).CustomHeadersConfig.Items.map(({ Header, Value }: Record<string, string>) => [
        Header,
        Value,
      ]),
    );
  const PATHS = [undefined, '/assets/*', '/api/*'];

  test.each(PATHS)('of %s enforce TLS and the declared content type', (path) => {
    expect(headers(served.template, path).SecurityHeadersConfig).toMatchObject({
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
      ContentTypeOptions: { Override: true },
    });
  });

  test('of pages forbid frames', () => {
    expect(headers(served.template).SecurityHeadersConfig.FrameOptions).toEqual({
      FrameOption: 'DENY',
      Override: true,
    });
  });

  test('of pages hide the address from other sites', () => {
    expect(headers(served.template).SecurityHeadersConfig.ReferrerPolicy.ReferrerPolicy).toBe(
      'strict-origin-when-cross-origin',
    );
  });

  test('of pages disable browser features', () => {
    expect(custom(served.template)['Permissions-Policy']).toContain('camera=()');
  });

  test('of pages enable the requested browser features', () => {
    const { template } = synthesise({ pages: { headers: { 'permissions-policy': 'geolocation=(self)' } } });
    expect(custom(template)).toMatchObject({
      'permissions-policy': 'geolocation=(self)',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    expect(custom(template)).not.toHaveProperty('Permissions-Policy');
  });

  test('of pages isolate them, except from windows that they open', () => {
    expect(custom(served.template)).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
  });

  test('of pages leave the Content Security Policy to the release', () => {
    expect(headers(served.template).SecurityHeadersConfig).not.toHaveProperty('ContentSecurityPolicy');
  });

  test('of assets allow the same site to use them', () => {
    expect(custom(served.template, '/assets/*')['Cross-Origin-Resource-Policy']).toBe('same-site');
  });

  test("of the server do not override the application's headers", () => {
    const { SecurityHeadersConfig } = headers(served.template, '/api/*');
    expect(SecurityHeadersConfig.ContentSecurityPolicy.Override).toBe(false);
    expect(SecurityHeadersConfig.FrameOptions.Override).toBe(false);
  });

  test('of the server hide its software', () => {
    expect(headers(served.template, '/api/*').RemoveHeadersConfig.Items).toEqual([
      { Header: 'X-Powered-By' },
    ]);
  });

  test.each(PATHS)('of %s can name the environment', (path) => {
    expect(custom(served.template, path)['X-Environment']).toBe('staging');
  });

  test.each(PATHS)('of %s do not name the environment by default', (path) => {
    const { template } = synthesise({ ...withServer(), environmentName: 'staging' });
    expect(custom(template, path)).not.toHaveProperty('X-Environment');
  });

  test.each<[readonly string[] | undefined, string, string | undefined]>([
    [undefined, "'self'", 'SAMEORIGIN'],
    [[], "'none'", 'DENY'],
    [["'self'", 'https://portal.example.com'], "'self' https://portal.example.com", undefined],
  ])('of the server allow pages of %j to frame them', (frameAncestors, sources, frameOption) => {
    const { template } = synthesise({ server: { ...withServer().server, frameAncestors } });
    const { ContentSecurityPolicy: policy, FrameOptions } = headers(template, '/api/*').SecurityHeadersConfig;
    expect(policy.ContentSecurityPolicy).toBe(
      `frame-ancestors ${sources}; base-uri 'none'; object-src 'none'`,
    );
    expect(FrameOptions?.FrameOption).toBe(frameOption);
  });

  test('of the server allow no other origin by default', () => {
    expect(headers(served.template, '/api/*')).not.toHaveProperty('CorsConfig');
  });

  test('of the server allow no other origin with an empty list', () => {
    const { template } = synthesise({ server: { ...withServer().server, cors: { allowedOrigins: [] } } });
    expect(headers(template, '/api/*')).not.toHaveProperty('CorsConfig');
  });

  test('of the server allow the named origins with credentials', () => {
    const { template } = synthesise({
      server: { ...withServer().server, cors: { allowedOrigins: ['https://admin.example.com'] } },
    });
    expect(headers(template, '/api/*').CorsConfig).toMatchObject({
      AccessControlAllowCredentials: true,
      AccessControlAllowOrigins: { Items: ['https://admin.example.com'] },
      OriginOverride: true,
    });
    expect(headers(template)).not.toHaveProperty('CorsConfig');
  });
});
