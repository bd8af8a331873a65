import { describe, expect, test } from 'vitest';
import { behavior, distribution, resource, served } from './synthesise';

describe('caching', () => {
  const policy = (path?: string) => {
    const of = path ? behavior(served.template, path) : distribution(served.template).DefaultCacheBehavior;
    return resource(served.template, of.CachePolicyId).CachePolicyConfig;
  };

  test('of server responses follows Cache-Control, is off by default, and allows compression', () => {
    expect(policy('/api/*')).toMatchObject({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 31_536_000 });
    expect(policy('/api/*').ParametersInCacheKeyAndForwardedToOrigin).toMatchObject({
      EnableAcceptEncodingBrotli: true,
      EnableAcceptEncodingGzip: true,
    });
  });

  test('of server responses is separate for each user', () => {
    const key = policy('/api/*').ParametersInCacheKeyAndForwardedToOrigin;
    expect(key.CookiesConfig).toEqual({ CookieBehavior: 'all' });
    expect(key.HeadersConfig.Headers).toContain('Authorization');
    expect(key.QueryStringsConfig).toEqual({ QueryStringBehavior: 'all' });
  });

  test('of server responses is separate for each host, origin and language', () => {
    const { Headers } = policy('/api/*').ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig;
    expect(Headers).toEqual(expect.arrayContaining(['Host', 'Origin', 'Accept', 'Accept-Language']));
  });

  test("of a release's files lasts a day in CloudFront", () => {
    expect(policy()).toMatchObject({ MinTTL: 86_400, DefaultTTL: 86_400 });
  });

  test('of hashed assets lasts a year', () => {
    expect(policy('/assets/*')).toMatchObject({ MinTTL: 0, DefaultTTL: 31_536_000, MaxTTL: 31_536_000 });
  });

  test('of client files ignores cookies and query strings', () => {
    for (const path of [undefined, '/assets/*']) {
      expect(policy(path).ParametersInCacheKeyAndForwardedToOrigin).toMatchObject({
        CookiesConfig: { CookieBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
      });
    }
  });
});

test("the server gets all viewer headers, and the viewer's protocol", () => {
  const { OriginRequestPolicyId } = behavior(served.template, '/api/*');
  expect(resource(served.template, OriginRequestPolicyId).OriginRequestPolicyConfig).toMatchObject({
    CookiesConfig: { CookieBehavior: 'all' },
    QueryStringsConfig: { QueryStringBehavior: 'all' },
    HeadersConfig: {
      HeaderBehavior: 'allViewerAndWhitelistCloudFront',
      Headers: ['CloudFront-Forwarded-Proto'],
    },
  });
});
