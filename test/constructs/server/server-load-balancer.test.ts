import { readFileSync } from 'node:fs';
import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { type ContainerServerProps, DeploymentStrategy } from '../../../constructs/server';
import { testStack } from '../../support';
import { addServer, only, serverStack, serverTemplate } from './server-stack';

const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const EGRESS = 'AWS::EC2::SecurityGroupEgress';

const template = serverTemplate();

/** Attributes of a load balancer or a target group as an object. */
const attributes = (list: { Key: string; Value: unknown }[]) =>
  Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));

/** Returns the logical id of the security group whose description starts with the text. */
const group = (begins: string) =>
  Object.entries(template.findResources('AWS::EC2::SecurityGroup')).find(([, { Properties }]) =>
    Properties.GroupDescription.startsWith(begins),
  )![0];

// biome-ignore lint/suspicious/noExplicitAny: properties of any resource
const all = (type: string): any[] =>
  Object.values(template.findResources(type)).map((found) => found.Properties);

const idOf = (id: string) => ({ 'Fn::GetAtt': [id, 'GroupId'] });

describe('the VPC origin', () => {
  const synthesised = (tags?: Record<string, string>) => {
    const stack = testStack('Test', { env: { region: 'us-east-1' }, tags });
    const server = addServer(stack, {});
    new Distribution(stack, 'Distribution', { defaultBehavior: { origin: server.origin() } });
    Tags.of(stack).add('owner', 'shop');
    return { stack, template: Template.fromStack(stack) };
  };

  test('has no tags, because CloudFront refuses to change them', () => {
    const { stack, template } = synthesised();
    template.hasResourceProperties('AWS::CloudFront::VpcOrigin', { Tags: Match.absent() });
    template.hasResourceProperties(BALANCER, { Tags: Match.arrayWith([{ Key: 'owner', Value: 'shop' }]) });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).not.toContainEqual(
      expect.objectContaining({
        entry: expect.objectContaining({ data: expect.stringContaining('VpcOrigin') }),
      }),
    );
  });

  test('warns of tags of the stack, which CloudFormation copies to it', () => {
    const { stack } = synthesised({ 'cost-centre': '42' });
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('tags cost-centre.*AWS::CloudFront::VpcOrigin.*Tags.of'),
    );
  });
});

describe('the load balancer', () => {
  test('is internal', () => {
    expect(only(template, BALANCER).Scheme).toBe('internal');
  });

  test('has deletion protection, drops invalid headers, and mitigates desync attacks', () => {
    expect(attributes(only(template, BALANCER).LoadBalancerAttributes)).toMatchObject({
      'deletion_protection.enabled': 'true',
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'routing.http.desync_mitigation_mode': 'defensive',
    });
  });

  test('can be deletable if configured', () => {
    const free = only(serverTemplate({ loadBalancer: { deletionProtection: false } }), BALANCER);
    expect(attributes(free.LoadBalancerAttributes)).toMatchObject({ 'deletion_protection.enabled': 'false' });
  });

  test('writes access logs to a private bucket for 90 days', () => {
    const logs = only(template, BALANCER).LoadBalancerAttributes;
    expect(attributes(logs)).toMatchObject({ 'access_logs.s3.enabled': 'true' });
    expect(only(template, 'AWS::S3::Bucket')).toMatchObject({
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90 }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });

  test('retains its access logs, unless configured otherwise', () => {
    const bucketOf = (server: Template) => Object.values(server.findResources('AWS::S3::Bucket'))[0]!;
    expect(bucketOf(template)['DeletionPolicy']).toBe('Retain');

    const passing = serverTemplate({ loadBalancer: { accessLogsRemovalPolicy: RemovalPolicy.DESTROY } });
    expect(bucketOf(passing)['DeletionPolicy']).toBe('Delete');
    // A load balancer that still exists must not fill the bucket again after it was emptied.
    const [emptied] = Object.keys(passing.findResources('Custom::S3AutoDeleteObjects'));
    passing.hasResource(BALANCER, { DependsOn: Match.arrayWith([emptied]) });
  });

  test('writes access logs to a given bucket', () => {
    const stack = testStack('Own', { env: { region: 'eu-central-1' } });
    addServer(stack, { loadBalancer: { accessLogsBucket: new Bucket(stack, 'Mine') } });
    const own = Template.fromStack(stack);
    own.resourceCountIs('AWS::S3::Bucket', 1);
    expect(attributes(only(own, BALANCER).LoadBalancerAttributes)).toMatchObject({
      'access_logs.s3.bucket': { Ref: expect.stringMatching(/^Mine/) },
    });
  });

  test.each(['eu-central-1', 'eu-central-2', undefined])(
    'writes access logs as the log delivery service, in region %s',
    (region) => {
      const stack = testStack('Regional', { env: { region } });
      addServer(stack, {});
      const logs = stack.resolve(stack.account);
      const statements = only(Template.fromStack(stack), 'AWS::S3::BucketPolicy').PolicyDocument.Statement;
      expect(statements).toContainEqual({
        Effect: 'Allow',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: { 'Fn::Join': ['', [expect.anything(), '/AWSLogs/', logs, '/*']] },
      });
    },
  );

  test('fails for a bucket that load balancers cannot write to', () => {
    const stack = testStack();
    const accessLogsBucket = new Bucket(stack, 'Mine', { encryptionKey: new Key(stack, 'Key') });
    expect(() => addServer(stack, { loadBalancer: { accessLogsBucket } })).toThrow(
      "'loadBalancer.accessLogsBucket' must be encrypted by S3",
    );
  });

  test('has sticky sessions if configured, with one target group only', () => {
    const sticky = (minutes: number, strategy?: DeploymentStrategy) => {
      const stack = testStack();
      addServer(stack, {
        loadBalancer: { stickinessCookieDuration: Duration.minutes(minutes) },
        deployment: { strategy },
      });
      return Template.fromStack(stack);
    };
    const { TargetGroupAttributes } = only(sticky(60, DeploymentStrategy.rolling()), GROUP);
    expect(attributes(TargetGroupAttributes)).toMatchObject({
      'stickiness.enabled': 'true',
      'stickiness.type': 'lb_cookie',
      'stickiness.lb_cookie.duration_seconds': '3600',
    });
    expect(() => sticky(60)).toThrow("needs 'deployment.strategy' DeploymentStrategy.rolling()");
    expect(() => sticky(60, DeploymentStrategy.canary())).toThrow('got a strategy with two target groups');
    expect(() => sticky(10_081, DeploymentStrategy.rolling())).toThrow(
      '1 to 604800 whole seconds, got 604860',
    );
  });

  test('keeps idle connections longer than CloudFront, and Node.js longer than that', () => {
    const idle = Number(
      attributes(only(template, BALANCER).LoadBalancerAttributes)['idle_timeout.timeout_seconds'],
    );
    const preload = readFileSync('lib/application/runtime/preload.runtime.ts', 'utf8');
    const node = Number(/keepAliveTimeout = ([\d_]+);/.exec(preload)?.[1]?.replace('_', '')) / 1000;
    const { OriginKeepaliveTimeout } = origin().VpcOriginConfig;
    expect(OriginKeepaliveTimeout).toBeLessThan(idle);
    expect(idle).toBeLessThan(node);
  });
});

describe('reachability', () => {
  const balancer = group('Load balancer');
  const verification = group('Verification');
  const tasks = group('Tasks');

  test('the production port admits only CloudFront, with the prefix list of the region', () => {
    const production = all(INGRESS).filter(({ FromPort }) => FromPort === 80);
    expect(production).toEqual([
      expect.objectContaining({
        GroupId: idOf(balancer),
        ToPort: 80,
        SourcePrefixListId: { 'Fn::GetAtt': [expect.stringMatching(/CloudFront/), 'PrefixListId'] },
      }),
    ]);
    expect(only(template, 'Custom::ManagedPrefixList').PrefixListName).toBe(
      'com.amazonaws.global.cloudfront.origin-facing',
    );
  });

  test('the test port admits only the verification', () => {
    expect(all(INGRESS).filter(({ FromPort }) => FromPort === 8080)).toEqual([
      expect.objectContaining({ GroupId: idOf(balancer), SourceSecurityGroupId: idOf(verification) }),
    ]);
  });

  test('the tasks admit only the load balancer', () => {
    expect(all(INGRESS).filter(({ FromPort }) => FromPort === 3000)).toEqual([
      expect.objectContaining({ GroupId: idOf(tasks), SourceSecurityGroupId: idOf(balancer) }),
    ]);
    expect(all(INGRESS)).toHaveLength(3);
  });

  test('the verification can reach the test listener only', () => {
    expect(all(EGRESS).filter(({ GroupId }) => GroupId['Fn::GetAtt'][0] === verification)).toEqual([
      expect.objectContaining({ DestinationSecurityGroupId: idOf(balancer), FromPort: 8080, ToPort: 8080 }),
    ]);
  });

  test('the verification may call no AWS API except to write its logs', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
    const own = policies.filter(([id]) => /VerificationHandlerRole/.test(id));
    const actions = own.flatMap(([, policy]) =>
      policy.Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string[] }) => Action),
    );
    expect(actions).not.toEqual([]);
    expect(actions.every((action) => action.startsWith('logs:'))).toBe(true);
  });

  test('no security group has an inbound rule of its own', () => {
    expect(all('AWS::EC2::SecurityGroup').map(({ SecurityGroupIngress }) => SecurityGroupIngress)).toEqual(
      Array(3).fill(undefined),
    );
  });

  test.each(['Load balancer', 'Verification'])(
    'the security group allows no other outbound traffic: %s',
    (begins) => {
      const { SecurityGroupEgress } =
        template.findResources('AWS::EC2::SecurityGroup')[group(begins)]!.Properties;
      expect(SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
    },
  );
});

describe('the rules', () => {
  const forward = {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: { Ref: expect.stringMatching(/Blue/) }, Weight: 1 },
        { TargetGroupArn: { Ref: expect.stringMatching(/Green/) }, Weight: 0 },
      ],
    },
  };

  test.each([/ProductionRule/, /TestRule/])('%s only forwards, with weights for both target groups', (id) => {
    const [rule] = Object.entries(template.findResources(RULE)).filter(([logicalId]) => id.test(logicalId));
    expect(rule?.[1].Properties.Actions).toEqual([forward]);
  });

  test('come before a default action that answers with an error', () => {
    expect(
      all(LISTENER).map(({ DefaultActions }) => DefaultActions[0].FixedResponseConfig.StatusCode),
    ).toEqual(['404', '404']);
  });

  test('keep their logical ids and properties in the next release', () => {
    const release = (change: Partial<ContainerServerProps>) => {
      const resources = serverTemplate(change).toJSON().Resources as Record<
        string,
        { Type: string; DependsOn?: string[] }
      >;
      const stateful = Object.entries(resources).filter(([, { Type }]) =>
        [RULE, LISTENER, GROUP, BALANCER, 'AWS::ECS::Cluster', 'AWS::S3::Bucket'].includes(Type),
      );
      // Security group rules have the port in their ids, and are made again for another port.
      return Object.fromEntries(stateful.map(([id, { DependsOn: _, ...resource }]) => [id, resource]));
    };
    const next = release({
      image: ContainerImage.fromRegistry('guestbook:2'),
      environment: { RELEASE: '2' },
      deployment: { verification: [{ path: '/api/entries' }] },
      port: 4000,
      task: { cpu: 1024, memoryLimitMiB: 2048 },
    });
    expect(Object.keys(next)).toHaveLength(9);
    expect(next).toEqual(release({}));
  });

  test('the service keeps its logical id in the next release', () => {
    const ids = (image: string) =>
      Object.keys(
        serverTemplate({ image: ContainerImage.fromRegistry(image) }).findResources('AWS::ECS::Service'),
      );
    expect(ids('guestbook:2')).toEqual(ids('guestbook:1'));
  });
});

describe('the target groups', () => {
  test('check the health path', () => {
    expect(all(GROUP).map(({ HealthCheckPath }) => HealthCheckPath)).toEqual(['/api/health', '/api/health']);
  });

  test('let a deregistered task complete its requests', () => {
    const delays = all(GROUP).map((properties) => attributes(properties.TargetGroupAttributes));
    expect(delays.map((delay) => delay['deregistration_delay.timeout_seconds'])).toEqual(['30', '30']);
  });
});

/** The origin as a distribution in the same stack has it. */
function origin(props: Partial<ContainerServerProps> = {}) {
  const { stack, server } = serverStack(props);
  new Distribution(stack, 'Distribution', { defaultBehavior: { origin: server.origin() } });
  return only(Template.fromStack(stack), 'AWS::CloudFront::Distribution').DistributionConfig.Origins[0];
}

describe('the origin', () => {
  const tls = () => {
    const stack = testStack('Certificates');
    const arn = 'arn:aws:acm:eu-central-1:111122223333:certificate/a';
    return {
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', arn),
      domainName: 'server.example.com',
    };
  };

  test('has a timeout as long as a request may take', () => {
    const slow = { requestTimeout: Duration.seconds(50), deregistrationDelay: Duration.seconds(50) };
    expect(origin({ task: { shutdown: slow } }).VpcOriginConfig.OriginReadTimeout).toBe(50);
  });

  test('is one VPC origin for all behaviours', () => {
    const { stack, server } = serverStack();
    new Distribution(stack, 'Distribution', {
      defaultBehavior: { origin: server.origin() },
      additionalBehaviors: { '/api/*': { origin: server.origin() } },
    });
    Template.fromStack(stack).resourceCountIs('AWS::CloudFront::VpcOrigin', 1);
  });

  test('uses TLS with a host name that the certificate covers', () => {
    const { stack, server } = serverStack({ loadBalancer: { tls: tls() } });
    new Distribution(stack, 'Distribution', { defaultBehavior: { origin: server.origin() } });
    const secure = Template.fromStack(stack);
    expect(only(secure, 'AWS::CloudFront::VpcOrigin').VpcOriginEndpointConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
    expect(only(secure, 'AWS::CloudFront::Distribution').DistributionConfig.Origins[0].DomainName).toBe(
      'server.example.com',
    );
    secure.hasResourceProperties(LISTENER, { Port: 443, Protocol: 'HTTPS' });
    secure.hasResourceProperties(INGRESS, { FromPort: 443, Description: 'CloudFront' });
  });
});
