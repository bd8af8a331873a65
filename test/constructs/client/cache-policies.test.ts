import { describe, expect, test } from 'vitest';
import { behavior, distribution, resource, served } from './synthesise';

describe('caching', () => {
  const policy = (path?: string) => {
    const of = path ? behavior(served.template, path) : distribution(served.template).DefaultCacheBehavior;
    return resource(served.template, of.CachePolicyId).CachePolicyConfig;
  };

  test('of the server’s answers is what its Cache-Control says, by default none, and can compress', () => {
    expect(policy('/api/*')).toMatchObject({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 31_536_000 });
    expect(policy('/api/*').ParametersInCacheKeyAndForwardedToOrigin).toMatchObject({
      EnableAcceptEncodingBrotli: true,
      EnableAcceptEncodingGzip: true,
    });
  });

  test('of the server’s answers never mixes users', () => {
    const key = policy('/api/*').ParametersInCacheKeyAndForwardedToOrigin;
    expect(key.CookiesConfig).toEqual({ CookieBehavior: 'all' });
    expect(key.HeadersConfig.Headers).toContain('Authorization');
    expect(key.QueryStringsConfig).toEqual({ QueryStringBehavior: 'all' });
  });

  test('of the server’s answers never mixes hosts, origins and languages', () => {
    const { Headers } = policy('/api/*').ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig;
    expect(Headers).toEqual(expect.arrayContaining(['Host', 'Origin', 'Accept', 'Accept-Language']));
  });

  test('of a release’s files lasts a day at the edge', () => {
    expect(policy()).toMatchObject({ MinTTL: 86_400, DefaultTTL: 86_400 });
  });

  test('of hashed assets lasts a year', () => {
    expect(policy('/assets/*')).toMatchObject({ MinTTL: 0, DefaultTTL: 31_536_000, MaxTTL: 31_536_000 });
  });

  test('of the client’s files does not look at cookies or query strings', () => {
    for (const path of [undefined, '/assets/*']) {
      expect(policy(path).ParametersInCacheKeyAndForwardedToOrigin).toMatchObject({
        CookiesConfig: { CookieBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
      });
    }
  });
});

test('the server gets everything the viewer sent, and whether it came over TLS', () => {
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
