import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { AccessLogs, StaticClient, WebFirewall } from '../../../constructs/client';
import { FIXTURE } from './folder';

/** A stack as `cdk init` creates it, without account and region. */
const outside = () => new Stack(new App({ analyticsReporting: false }), 'Shop');
const props = { files: FIXTURE, releaseId: '42' };
const names = (template: Template, type: string, property = 'Name') =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties[property] as string);

const stack = outside();
PermissionsBoundary.of(stack).apply(
  ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::123456789012:policy/boundary'),
);
const firewall = new WebFirewall(stack, 'Firewall');
const shop = new StaticClient(stack, 'Client', { ...props, webAclId: firewall.webAclArn });
const admin = new StaticClient(stack, 'Admin', props);
new AccessLogs(stack, 'AccessLogs', { distribution: shop.distribution });
const template = Template.fromStack(stack);

test('two clients without names get different names, the same in every synthesis', () => {
  const again = outside();
  new StaticClient(again, 'Client', props);
  const stores = names(template, 'AWS::CloudFront::KeyValueStore');
  expect(stores).toEqual([expect.stringMatching(/^shop-client/), expect.stringMatching(/^shop-admin/)]);
  expect(names(Template.fromStack(again), 'AWS::CloudFront::KeyValueStore')).toEqual([stores[0]]);
  expect(names(template, 'AWS::CloudFront::Function')).toEqual(
    stores.flatMap((name) => [`${name}-client-request`, `${name}-client-response`]),
  );
  expect(admin.url).not.toBe(shop.url);
});

test('a firewall and access logs without names get valid names', () => {
  const [acl] = names(template, 'AWS::WAFv2::WebACL');
  const [source] = names(template, 'AWS::Logs::DeliverySource');
  expect([acl, source]).toEqual([
    expect.stringMatching(/^shop-firewall[a-z0-9-]*$/),
    expect.stringMatching(/^shop-accesslogs[a-z0-9-]*$/),
  ]);
  expect(names(template, 'AWS::Logs::LogGroup', 'LogGroupName')).toEqual(
    expect.arrayContaining([`aws-waf-logs-${acl}`, `/aws/vendedlogs/cloudfront/${source}`]),
  );
});

test('every role has the permissions boundary of its stack', () => {
  expect(new Set(names(template, 'AWS::IAM::Role', 'PermissionsBoundary'))).toEqual(
    new Set(['arn:aws:iam::123456789012:policy/boundary']),
  );
});

test('the firewall protects the distribution that uses its ARN', () => {
  const [first] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  expect(first!['Properties'].DistributionConfig.WebACLId).toEqual(stack.resolve(firewall.webAclArn));
});

test('access logs fail at once for an invalid name and in another region', () => {
  const elsewhere = new Stack(new App(), 'Shop', { env: { region: 'eu-west-1' } });
  const distribution = Distribution.fromDistributionAttributes(elsewhere, 'Distribution', {
    distributionId: 'EDFDVBD632BHDS5',
    domainName: 'd111111abcdef8.cloudfront.net',
  });
  expect(() => new AccessLogs(elsewhere, 'AccessLogs', { name: '1shop', distribution })).toThrow(
    /got '1shop'; use for example 'shop'\n.*in us-east-1 only/,
  );
});
