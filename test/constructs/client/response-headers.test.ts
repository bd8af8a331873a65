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

  test.each(PATHS)('of %s keep viewers on TLS and content what it says it is', (path) => {
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

  test('of pages keep addresses from other sites', () => {
    expect(headers(served.template).SecurityHeadersConfig.ReferrerPolicy.ReferrerPolicy).toBe(
      'strict-origin-when-cross-origin',
    );
  });

  test('of pages turn powers off', () => {
    expect(custom(served.template)['Permissions-Policy']).toContain('camera=()');
  });

  test('of pages have the powers that are asked for', () => {
    const { template } = synthesise({ pages: { headers: { 'permissions-policy': 'geolocation=(self)' } } });
    expect(custom(template)).toMatchObject({
      'permissions-policy': 'geolocation=(self)',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    expect(custom(template)).not.toHaveProperty('Permissions-Policy');
  });

  test('of pages isolate them, but for windows they open', () => {
    expect(custom(served.template)).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
  });

  test('of pages leave the Content Security Policy to the release', () => {
    expect(headers(served.template).SecurityHeadersConfig).not.toHaveProperty('ContentSecurityPolicy');
  });

  test('of assets let the same site use them', () => {
    expect(custom(served.template, '/assets/*')['Cross-Origin-Resource-Policy']).toBe('same-site');
  });

  test('of the server give way to the application’s own', () => {
    const { SecurityHeadersConfig } = headers(served.template, '/api/*');
    expect(SecurityHeadersConfig.ContentSecurityPolicy.Override).toBe(false);
    expect(SecurityHeadersConfig.FrameOptions.Override).toBe(false);
  });

  test('of the server do not say what it runs on', () => {
    expect(headers(served.template, '/api/*').RemoveHeadersConfig.Items).toEqual([
      { Header: 'X-Powered-By' },
    ]);
  });

  test.each(PATHS)('of %s name the environment by choice', (path) => {
    expect(custom(served.template, path)['X-Environment']).toBe('staging');
  });

  test.each(PATHS)('of %s do not name it otherwise', (path) => {
    const { template } = synthesise({ ...withServer(), environmentName: 'staging' });
    expect(custom(template, path)).not.toHaveProperty('X-Environment');
  });

  test.each<[readonly string[] | undefined, string, string | undefined]>([
    [undefined, "'self'", 'SAMEORIGIN'],
    [[], "'none'", 'DENY'],
    [["'self'", 'https://portal.example.com'], "'self' https://portal.example.com", undefined],
  ])('of the server let pages of %j show them in frames', (frameAncestors, sources, frameOption) => {
    const { template } = synthesise({ server: { ...withServer().server, frameAncestors } });
    const { ContentSecurityPolicy: policy, FrameOptions } = headers(template, '/api/*').SecurityHeadersConfig;
    expect(policy.ContentSecurityPolicy).toBe(
      `frame-ancestors ${sources}; base-uri 'none'; object-src 'none'`,
    );
    expect(FrameOptions?.FrameOption).toBe(frameOption);
  });

  test('of the server let no other origin in by default', () => {
    expect(headers(served.template, '/api/*')).not.toHaveProperty('CorsConfig');
  });

  test('of the server let no other origin in where the list is empty', () => {
    const { template } = synthesise({ server: { ...withServer().server, cors: { allowedOrigins: [] } } });
    expect(headers(template, '/api/*')).not.toHaveProperty('CorsConfig');
  });

  test('of the server let the named origins in, with credentials', () => {
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
