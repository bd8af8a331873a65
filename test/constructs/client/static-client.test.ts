import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { StaticClient, type StaticClientProps } from '../../../constructs/client';
import { nagFindings, testStack } from '../../support';
import { FIXTURE, folder } from './folder';

const BASE = { name: 'guestbook-production', files: FIXTURE, releaseId: '0123456789abcdef' };
const withServer = () => ({
  serverOrigin: new HttpOrigin('server.example.com'),
  serverPaths: ['/api/*', '/auth/*'],
});

function synthesise(props: Partial<StaticClientProps> = {}, region = 'us-east-1') {
  const stack = testStack('Test', { env: { region } });
  const client = new StaticClient(stack, 'Client', { ...BASE, ...props });
  return { stack, client, template: Template.fromStack(stack) };
}

/** For tests that only read. */
const plain = synthesise();
const served = synthesise({ ...withServer(), environmentName: 'staging' });

function distribution(template: Template) {
  return Object.values(template.findResources('AWS::CloudFront::Distribution'))[0]!['Properties']
    .DistributionConfig;
}

function behavior(template: Template, path: string) {
  const { CacheBehaviors } = distribution(template);
  return CacheBehaviors.find(({ PathPattern }: { PathPattern: string }) => PathPattern === path);
}

function resource(template: Template, reference: { Ref: string }) {
  return template.toJSON()['Resources'][reference.Ref].Properties;
}

const certificate = (stack: Stack, region = 'us-east-1') =>
  Certificate.fromCertificateArn(
    stack,
    'Certificate',
    `arn:aws:acm:${region}:123456789012:certificate/12345678-1234-1234-1234-123456789012`,
  );

describe('the bucket', () => {
  test('is private and encrypted', () => {
    plain.template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  test('lets the distribution read and list, so that a missing file is 404', () => {
    plain.template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['s3:GetObject', 's3:ListBucket'],
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Condition: { StringEquals: { 'AWS:SourceArn': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  test('refuses requests without TLS', () => {
    plain.template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('stays when the stack goes', () => {
    plain.template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });

  test('goes with the stack in development', () => {
    const { template } = synthesise({ environmentName: 'development' });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
  });

  test('does what the removal policy says, in any environment', () => {
    const { template } = synthesise({ environmentName: 'development', removalPolicy: RemovalPolicy.RETAIN });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });
});

test('what must never be replaced keeps its logical id', () => {
  const ids = ['AWS::S3::Bucket', 'AWS::CloudFront::Distribution', 'AWS::CloudFront::KeyValueStore'].flatMap(
    (type) => Object.keys(plain.template.findResources(type)),
  );
  expect(ids).toEqual(['ClientBucketD98C2C79', 'ClientDistribution6B3F8700', 'ClientKeyValueStore461C0FD5']);
});

describe('uploads', () => {
  const uploads = Object.values(plain.template.findResources('Custom::CDKBucketDeployment'));

  test('never delete', () => {
    expect(new Set(uploads.map(({ Properties }) => Properties.Prune))).toEqual(new Set([false]));
    expect(new Set(uploads.map(({ Properties }) => Properties.RetainOnDelete))).toEqual(new Set([true]));
  });

  test('wait for no invalidation', () => {
    expect(uploads.every(({ Properties }) => Properties.DistributionId === undefined)).toBe(true);
  });

  test('have the memory and the room for a large site', () => {
    plain.template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Runtime: Match.stringLikeRegexp('python'),
      MemorySize: 2048,
      EphemeralStorage: { Size: 3072 },
    });
  });

  test('bring the AWS CLI along once', () => {
    plain.template.resourceCountIs('AWS::Lambda::LayerVersion', 1);
  });

  test('log to a group that is protected', () => {
    plain.template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: Match.stringLikeRegexp('python'),
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('ClientUploadUploaderLogs') } },
    });
  });
});

describe('the pointer', () => {
  const pointer = Object.values(plain.template.findResources('Custom::ReleasePointer'))[0]!;

  test('names the release and what only looks hashed', () => {
    expect(pointer['Properties'].Value).toMatch(
      /^0123456789abcdef-[0-9a-f]{8} \/assets\/team-IMG_1234\.svg$/,
    );
    expect(plain.client.pointerValue).toBe(pointer['Properties'].Value);
  });

  test('moves after every upload of the release and after the distribution', () => {
    const needed = [
      ...Object.keys(plain.template.findResources('Custom::CDKBucketDeployment')).filter((id) =>
        id.startsWith('ClientUploadRelease'),
      ),
      'ClientDistribution6B3F8700',
    ];
    expect(needed).toHaveLength(6);
    expect(pointer['DependsOn']).toEqual(expect.arrayContaining(needed));
  });

  test('moves before the fallback is refreshed', () => {
    const copies = Object.entries(plain.template.findResources('Custom::CDKBucketDeployment')).filter(
      ([id]) => id.startsWith('ClientUploadFallback'),
    );
    expect(copies).toHaveLength(2);
    for (const [, copy] of copies) {
      expect(copy['DependsOn']).toContain(
        Object.keys(plain.template.findResources('Custom::ReleasePointer'))[0],
      );
    }
  });

  test('lets the fallback wait for a verification', () => {
    const stack = testStack();
    const verification = new Topic(stack, 'Verification', { enforceSSL: true });
    new StaticClient(stack, 'Client', BASE).fallback.node.addDependency(verification);
    const copies = Object.entries(
      Template.fromStack(stack).findResources('Custom::CDKBucketDeployment'),
    ).filter(([id]) => id.startsWith('ClientUploadFallback'));
    for (const [, copy] of copies) {
      expect(copy['DependsOn']).toContain(stack.resolve(verification.topicArn).Ref);
    }
  });
});

describe('the distribution', () => {
  test('speaks HTTP/3 and IPv6', () => {
    expect(distribution(plain.template)).toMatchObject({ HttpVersion: 'http2and3', IPV6Enabled: true });
  });

  test('runs the functions on the client’s paths', () => {
    const events = (of: { FunctionAssociations?: { EventType: string }[] }) =>
      of.FunctionAssociations?.map(({ EventType }) => EventType);
    expect(events(distribution(served.template).DefaultCacheBehavior)).toEqual([
      'viewer-request',
      'viewer-response',
    ]);
    expect(events(behavior(served.template, '/assets/*'))).toEqual(['viewer-request', 'viewer-response']);
  });

  test('runs no function on the server’s', () => {
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

  test('sends viewers without TLS to TLS', () => {
    const { DefaultCacheBehavior, CacheBehaviors } = distribution(served.template);
    for (const each of [DefaultCacheBehavior, ...CacheBehaviors]) {
      expect(each.ViewerProtocolPolicy).toBe('redirect-to-https');
    }
  });

  test('has all paths of the server go there, with all methods', () => {
    for (const path of ['/api/*', '/auth/*']) {
      const { TargetOriginId, AllowedMethods } = behavior(served.template, path);
      const origin = distribution(served.template).Origins.find(
        ({ Id }: { Id: string }) => Id === TargetOriginId,
      );
      expect(origin.DomainName).toBe('server.example.com');
      expect(AllowedMethods).toEqual(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']);
    }
  });

  test('has /api/* go to a server whose paths are not named', () => {
    const { template } = synthesise({ serverOrigin: new HttpOrigin('server.example.com') });
    expect(behavior(template, '/api/*')).toBeDefined();
  });

  test('has a web ACL where one is given', () => {
    const webAclArn = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/guestbook/1';
    expect(distribution(synthesise({ webAclArn }).template).WebACLId).toBe(webAclArn);
  });

  test('leaves the server’s errors alone, but for those of gateways', () => {
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

  test('keeps no error: an API’s 404 may be right the next second', () => {
    const responses = distribution(served.template).CustomErrorResponses;
    expect(responses.map(({ ErrorCode }: { ErrorCode: number }) => ErrorCode)).toEqual([
      400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504,
    ]);
    for (const response of responses) expect(response.ErrorCachingMinTTL).toBe(0);
  });

  test('shows the error page for other statuses by choice', () => {
    const { template } = synthesise({ errorPage: { statuses: [503] } });
    expect(distribution(template).CustomErrorResponses).toContainEqual(
      expect.objectContaining({ ErrorCode: 503, ResponsePagePath: '/.error-pages/5xx.html' }),
    );
  });

  test('finds the error page without a function, or there would be none when functions fail', () => {
    expect(behavior(plain.template, '/.error-pages/*')).not.toHaveProperty('FunctionAssociations');
  });
});

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
    const { template } = synthesise({ permissionsPolicy: 'geolocation=(self)' });
    expect(custom(template)['Permissions-Policy']).toBe('geolocation=(self)');
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

  test.each(PATHS)('of %s name the environment outside production', (path) => {
    expect(custom(served.template, path)['X-Environment']).toBe('staging');
  });

  test.each(PATHS)('of %s do not name production', (path) => {
    const { template } = synthesise({ ...withServer(), environmentName: 'production' });
    expect(custom(template, path)).not.toHaveProperty('X-Environment');
  });

  test('of the server let no other origin in by default', () => {
    expect(headers(served.template, '/api/*')).not.toHaveProperty('CorsConfig');
  });

  test('of the server let the named origins in, with credentials', () => {
    const { template } = synthesise({
      ...withServer(),
      cors: { allowedOrigins: ['https://admin.example.com'] },
    });
    expect(headers(template, '/api/*').CorsConfig).toMatchObject({
      AccessControlAllowCredentials: true,
      AccessControlAllowOrigins: { Items: ['https://admin.example.com'] },
      OriginOverride: true,
    });
    expect(headers(template)).not.toHaveProperty('CorsConfig');
  });
});

describe('a domain', () => {
  const zone = { hostedZoneId: 'Z0123456789', zoneName: 'example.com' };
  const withDomain = () => {
    const stack = testStack('Test', { env: { region: 'us-east-1' } });
    const domain = { name: 'guestbook.example.com', certificate: certificate(stack), zone };
    const client = new StaticClient(stack, 'Client', { ...BASE, domain });
    return { stack, client, template: Template.fromStack(stack) };
  };

  test('is the distribution’s, with TLS 1.2 at least', () => {
    expect(distribution(withDomain().template)).toMatchObject({
      Aliases: ['guestbook.example.com'],
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
    });
  });

  test.each(['A', 'AAAA'])('has a record of type %s in its zone', (Type) => {
    withDomain().template.hasResourceProperties('AWS::Route53::RecordSet', {
      Type,
      Name: 'guestbook.example.com.',
      HostedZoneId: 'Z0123456789',
    });
  });

  test('is the client’s address', () => {
    expect(withDomain().client.url).toBe('https://guestbook.example.com');
  });

  test('without a zone has no records', () => {
    const stack = testStack('Test', { env: { region: 'us-east-1' } });
    const domain = { name: 'guestbook.example.com', certificate: certificate(stack) };
    new StaticClient(stack, 'Client', { ...BASE, domain });
    Template.fromStack(stack).resourceCountIs('AWS::Route53::RecordSet', 0);
  });

  test('is not needed, but its absence is warned about', () => {
    Annotations.fromStack(plain.stack).hasWarning('/Test/Client', Match.stringLikeRegexp('TLS 1.0'));
  });

  test('takes the warning away', () => {
    Annotations.fromStack(withDomain().stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('warnings', () => {
  test('name what the policy blocks', () => {
    const files = folder({ 'index.html': '<script src="https://cdn.example.com/x.js"></script>' });
    Annotations.fromStack(synthesise({ files }).stack).hasWarning(
      '/Test/Client',
      Match.stringLikeRegexp('https://cdn.example.com'),
    );
  });

  test('name a config.json that hides the environment’s', () => {
    const files = folder({ 'index.html': '', 'config.json': '{}' });
    Annotations.fromStack(synthesise({ files, environmentName: 'test' }).stack).hasWarning(
      '/Test/Client',
      Match.stringLikeRegexp('config.json'),
    );
  });
});

describe('access logs', () => {
  test('are made in us-east-1', () => {
    expect(plain.client.accessLogs).toBeDefined();
  });

  test('are not made elsewhere', () => {
    expect(synthesise({}, 'eu-central-1').client.accessLogs).toBeUndefined();
  });
});

describe('validation', () => {
  const create = (props: Partial<StaticClientProps>) => () =>
    new StaticClient(new Stack(new App(), 'Test'), 'Client', { ...BASE, ...props });

  test('fails for a name that CloudFront does not take', () => {
    expect(create({ name: 'Guestbook Production' })).toThrow(
      "'name' must be 1 to 40 of a-z, 0-9 and -, got 'Guestbook Production'",
    );
  });

  test('fails for a release id that is no folder', () => {
    expect(create({ releaseId: '../x' })).toThrow("got '../x'");
  });

  test('fails for a folder that is not a built client', () => {
    expect(create({ files: '/nowhere' })).toThrow(
      "got '/nowhere', which has no index.html; build the client first",
    );
  });

  test('fails for paths without a server', () => {
    expect(create({ serverPaths: ['/api/*'] })).toThrow("'serverPaths' needs 'serverOrigin'");
  });

  test.each(['api/*', '/*', '/', '/assets/*', '/assets/api'])('fails for the server path %s', (path) => {
    expect(create({ serverOrigin: new HttpOrigin('x.example.com'), serverPaths: [path] })).toThrow(
      `got '${path}'`,
    );
  });

  test.each(['*', 'https://*.example.com', 'https://example.com/', 'example.com'])(
    'fails for the origin %s',
    (origin) => {
      expect(create({ cors: { allowedOrigins: [origin] } })).toThrow(`got '${origin}'`);
    },
  );

  test('fails for an error page in place of the application’s answers', () => {
    expect(create({ errorPage: { statuses: [404] } })).toThrow('takes 500 to 504, got 404');
  });

  test('fails for a policy that S3 cannot keep', () => {
    const sources = { 'connect-src': Array.from({ length: 100 }, (_, i) => `https://${i}.example.com`) };
    expect(create({ contentSecurityPolicy: { sources } })).toThrow('must fit into 2048 bytes');
  });

  test('fails for more look-alikes than the pointer can name', () => {
    const images = Array.from({ length: 40 }, (_, i) => [`assets/photograph-IMG_${1000 + i}.jpg`, '']);
    const files = folder({ 'index.html': '', ...Object.fromEntries(images) });
    expect(create({ files })).toThrow(
      "got 40 files such as /assets/photograph-IMG_1000.jpg; build with Vite's build.manifest",
    );
  });

  test('fails with all problems at once', () => {
    expect(create({ name: '', releaseId: '' })).toThrow(/'name'[\s\S]*'releaseId'/);
  });
});

test('cdk-nag finds nothing', () => {
  const { stack } = synthesise({ ...withServer(), webAclArn: 'arn:aws:wafv2:us-east-1:1:global/webacl/x/1' });
  expect(nagFindings(stack)).toEqual([]);
});

test('cdk-nag finds nothing in development either', () => {
  expect(nagFindings(synthesise({ environmentName: 'development' }).stack)).toEqual([]);
});
