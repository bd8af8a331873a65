import { Match } from 'aws-cdk-lib/assertions';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { describe, expect, test } from 'vitest';
import { behavior, distribution, plain, served, synthesise } from './synthesise';

describe('the distribution', () => {
  test('supports HTTP/3 and IPv6', () => {
    expect(distribution(plain.template)).toMatchObject({ HttpVersion: 'http2and3', IPV6Enabled: true });
  });

  test('never requests the bucket root, which would list the bucket', () => {
    expect(distribution(plain.template).DefaultRootObject).toBe('index.html');
  });

  test('runs the functions on client paths', () => {
    const events = (of: { FunctionAssociations?: { EventType: string }[] }) =>
      of.FunctionAssociations?.map(({ EventType }) => EventType);
    expect(events(distribution(served.template).DefaultCacheBehavior)).toEqual([
      'viewer-request',
      'viewer-response',
    ]);
    expect(events(behavior(served.template, '/assets/*'))).toEqual(['viewer-request', 'viewer-response']);
  });

  test('runs no function on server paths', () => {
    expect(behavior(served.template, '/api/*')).not.toHaveProperty('FunctionAssociations');
  });

  test('compresses everything', () => {
    const { DefaultCacheBehavior, CacheBehaviors } = distribution(served.template);
    expect([DefaultCacheBehavior, ...CacheBehaviors].map(({ Compress }) => Compress)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
  });

  test('redirects viewers to HTTPS', () => {
    const { DefaultCacheBehavior, CacheBehaviors } = distribution(served.template);
    for (const each of [DefaultCacheBehavior, ...CacheBehaviors]) {
      expect(each.ViewerProtocolPolicy).toBe('redirect-to-https');
    }
  });

  test('routes all server paths to the server, with all methods', () => {
    for (const path of ['/api/*', '/auth/*']) {
      const { TargetOriginId, AllowedMethods } = behavior(served.template, path);
      const origin = distribution(served.template).Origins.find(
        ({ Id }: { Id: string }) => Id === TargetOriginId,
      );
      expect(origin.DomainName).toBe('server.example.com');
      expect(AllowedMethods).toEqual(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']);
    }
  });

  test.each(['/api', '/api/*'])('routes %s to a server without named paths', (path) => {
    const { template } = synthesise({ server: { origin: new HttpOrigin('server.example.com') } });
    expect(behavior(template, path)).toBeDefined();
  });

  test('lets a server that renders pages answer all paths but the assets, with the headers of pages', () => {
    const { template, client } = synthesise({
      server: { origin: new HttpOrigin('server.example.com'), paths: ['/*'] },
    });
    const { DefaultCacheBehavior, DefaultRootObject, CacheBehaviors, Origins } = distribution(template);
    // With a root object, the server would be asked for /index.html.
    expect(DefaultRootObject).toBeUndefined();
    const originOf = ({ TargetOriginId }: { TargetOriginId: string }) =>
      Origins.find(({ Id }: { Id: string }) => Id === TargetOriginId).DomainName;
    expect(originOf(DefaultCacheBehavior)).toBe('server.example.com');
    expect(DefaultCacheBehavior.AllowedMethods).toContain('POST');
    expect(CacheBehaviors.map(({ PathPattern }: { PathPattern: string }) => PathPattern)).toEqual([
      '/config.json',
      '/assets/*',
      '/.error-pages/*',
    ]);
    expect(CacheBehaviors.map(originOf)).not.toContain('server.example.com');
    expect([client.pageDigest, client.pagesFromServer]).toEqual([undefined, true]);
    template.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        Comment: 'Responses of the server',
        SecurityHeadersConfig: {
          ReferrerPolicy: { Override: false, ReferrerPolicy: 'strict-origin-when-cross-origin' },
        },
        CustomHeadersConfig: {
          Items: Match.arrayWith([Match.objectLike({ Header: 'Permissions-Policy', Override: false })]),
        },
      },
    });
  });

  test('has a given web ACL', () => {
    const webAclId = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/guestbook/1';
    expect(distribution(synthesise({ webAclId }).template).WebACLId).toBe(webAclId);
  });

  test('passes server errors through, except gateway errors', () => {
    const paged = distribution(served.template).CustomErrorResponses.filter(
      (each: { ResponsePagePath?: string }) => each.ResponsePagePath,
    );
    expect(paged).toEqual(
      [502, 504].map((status) => ({
        ErrorCode: status,
        ResponseCode: status,
        ResponsePagePath: '/.error-pages/5xx.html',
        ErrorCachingMinTTL: 0,
      })),
    );
  });

  test('does not cache errors, because a 404 of an API may change at once', () => {
    const responses = distribution(served.template).CustomErrorResponses;
    expect(responses.map(({ ErrorCode }: { ErrorCode: number }) => ErrorCode)).toEqual([
      404, 405, 414, 500, 501, 502, 503, 504,
    ]);
    for (const response of responses) expect(response.ErrorCachingMinTTL).toBe(0);
  });

  test('can show the error page for other statuses', () => {
    const { template } = synthesise({ errorPage: { statuses: [503] } });
    expect(distribution(template).CustomErrorResponses).toContainEqual(
      expect.objectContaining({ ErrorCode: 503, ResponsePagePath: '/.error-pages/5xx.html' }),
    );
  });

  test('serves the error page without a function, so that a failed function still has one', () => {
    expect(behavior(plain.template, '/.error-pages/*')).not.toHaveProperty('FunctionAssociations');
  });
});
