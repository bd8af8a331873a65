import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { StaticClient } from '../../../constructs/client';
import { nagFindings, testStack } from '../../support';
import { folder, viteManifest } from './folder';
import { BASE, distribution, plain, synthesise, withServer } from './synthesise';

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

  test('lets the distribution read and list, so that a missing file gives 404', () => {
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

  test("is retained after the stack's deletion", () => {
    plain.template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });

  test('is retained in an environment of any name', () => {
    const { template } = synthesise({ environmentName: 'development' });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });

  test('is deleted with its files if the removal policy says so', () => {
    const { template } = synthesise({ removalPolicy: RemovalPolicy.DESTROY });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
  });
});

test('stateful resources keep their logical ids', () => {
  const ids = ['AWS::S3::Bucket', 'AWS::CloudFront::Distribution', 'AWS::CloudFront::KeyValueStore'].flatMap(
    (type) => Object.keys(plain.template.findResources(type)),
  );
  expect(ids).toEqual(['ClientBucketD98C2C79', 'ClientDistribution6B3F8700', 'ClientKeyValueStore461C0FD5']);
});

describe('uploads', () => {
  const uploads = Object.values(plain.template.findResources('Custom::CDKBucketDeployment'));

  test('never delete files', () => {
    expect(new Set(uploads.map(({ Properties }) => Properties.Prune))).toEqual(new Set([false]));
    expect(new Set(uploads.map(({ Properties }) => Properties.RetainOnDelete))).toEqual(new Set([true]));
  });

  test('upload HTML after the files that it references', () => {
    const release = Object.entries(plain.template.findResources('Custom::CDKBucketDeployment')).filter(
      ([id]) => id.startsWith('ClientUploadRelease'),
    );
    const isHtml = ([id]: [string, unknown]) => id.startsWith('ClientUploadReleaseHtml');
    const others = release.filter((each) => !isHtml(each)).map(([id]) => id);
    expect(others).toHaveLength(4);
    expect(release.find(isHtml)?.[1]['DependsOn']).toEqual(expect.arrayContaining(others));
  });

  test('do not wait for invalidations', () => {
    expect(uploads.every(({ Properties }) => Properties.DistributionId === undefined)).toBe(true);
  });

  test('have memory and storage for a large site', () => {
    plain.template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Runtime: Match.stringLikeRegexp('python'),
      MemorySize: 2048,
      EphemeralStorage: { Size: 3072 },
    });
  });

  test('create one AWS CLI layer', () => {
    plain.template.resourceCountIs('AWS::Lambda::LayerVersion', 1);
  });

  test('log to a protected group', () => {
    plain.template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: Match.stringLikeRegexp('python'),
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('ClientUploadUploaderLogs') } },
    });
  });
});

describe('the pointer', () => {
  const pointer = Object.values(plain.template.findResources('Custom::ReleasePointer'))[0]!;

  test('names the release and its files with hash-like names', () => {
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

  test('moves before the fallback changes', () => {
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

  test('can make the fallback wait for a verification', () => {
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

describe('a domain', () => {
  const withDomain = () => {
    const stack = testStack('Test', { env: { region: 'us-east-1' } });
    const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
      hostedZoneId: 'Z0123456789',
      zoneName: 'example.com',
    });
    const domain = { domainName: 'guestbook.example.com', certificate: certificate(stack), hostedZone };
    const client = new StaticClient(stack, 'Client', { ...BASE, domain });
    return { stack, client, template: Template.fromStack(stack) };
  };

  test('is an alias of the distribution with TLS 1.2 or newer', () => {
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

  test("is the client's URL", () => {
    expect(withDomain().client.url).toBe('https://guestbook.example.com');
  });

  test('without a zone has no records', () => {
    const stack = testStack('Test', { env: { region: 'us-east-1' } });
    const domain = { domainName: 'guestbook.example.com', certificate: certificate(stack) };
    new StaticClient(stack, 'Client', { ...BASE, domain });
    Template.fromStack(stack).resourceCountIs('AWS::Route53::RecordSet', 0);
  });

  test('fails with a certificate that CloudFront cannot use', () => {
    const stack = testStack('Test', { env: { region: 'us-east-1' } });
    const domain = { domainName: 'guestbook.example.com', certificate: certificate(stack, 'eu-central-1') };
    expect(() => new StaticClient(stack, 'Client', { ...BASE, domain })).toThrow('us-east-1');
  });

  test('is optional, with a warning', () => {
    Annotations.fromStack(plain.stack).hasWarning('/Test/Client', Match.stringLikeRegexp('TLS 1.0'));
  });

  test('removes the warning', () => {
    Annotations.fromStack(withDomain().stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('warnings', () => {
  test('name the sources that the policy blocks', () => {
    const files = folder({ 'index.html': '<script src="https://cdn.example.com/x.js"></script>' });
    Annotations.fromStack(synthesise({ files }).stack).hasWarning(
      '/Test/Client',
      Match.stringLikeRegexp('https://cdn.example.com'),
    );
  });

  test('name hashed files that only this release keeps', () => {
    const path = 'static/app-BX3k9d2a.js';
    const files = folder({ 'index.html': '', [path]: '', '.vite/manifest.json': viteManifest(path) });
    Annotations.fromStack(synthesise({ files }).stack).hasWarning(
      '/Test/Client',
      Match.stringLikeRegexp(path),
    );
  });

  test("name a config.json that hides the environment's one", () => {
    const files = folder({ 'index.html': '', 'config.json': '{}' });
    Annotations.fromStack(synthesise({ files, environmentName: 'test' }).stack).hasWarning(
      '/Test/Client',
      Match.stringLikeRegexp('config.json'),
    );
  });
});

describe('access logs', () => {
  test('are created in us-east-1', () => {
    expect(plain.client.accessLogs).toBeDefined();
  });

  test('are not created in other regions', () => {
    const { stack, client } = synthesise({}, 'eu-central-1');
    expect(client.accessLogs).toBeUndefined();
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('not logged'));
  });

  test('are not created in an unknown region, with a warning', () => {
    const stack = testStack();
    expect(new StaticClient(stack, 'Client', BASE).accessLogs).toBeUndefined();
    Annotations.fromStack(stack).hasWarning('/Test/Client', Match.stringLikeRegexp('Access logs are off'));
  });
});

test('cdk-nag finds nothing', () => {
  const { stack } = synthesise({ ...withServer(), webAclId: 'arn:aws:wafv2:us-east-1:1:global/webacl/x/1' });
  expect(nagFindings(stack)).toEqual([]);
});

test('cdk-nag finds nothing if the files are deleted with the stack', () => {
  expect(nagFindings(synthesise({ removalPolicy: RemovalPolicy.DESTROY }).stack)).toEqual([]);
});
