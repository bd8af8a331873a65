import { Lazy } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { Network, type NetworkProps } from '../../../constructs/network';
import { nagFindings, testStack } from '../../support';

function network(props?: NetworkProps, region?: string) {
  const stack = testStack('Test', region ? { env: { region } } : undefined);
  new Network(stack, 'Network', props);
  return { stack, template: Template.fromStack(stack) };
}

test('has an internet gateway, which CloudFront requires for a VPC origin', () => {
  network().template.resourceCountIs('AWS::EC2::InternetGateway', 1);
});

test('assigns no public addresses', () => {
  network().template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
});

test('gives the data subnets no route to the internet', () => {
  const { template } = network();
  const routed = Object.values(template.findResources('AWS::EC2::Route')).map(
    ({ Properties }) => Properties.RouteTableId.Ref as string,
  );
  expect(routed).toHaveLength(4);
  expect(routed.filter((table) => table.includes('data'))).toEqual([]);
});

test('has one NAT gateway by default', () => {
  network().template.resourceCountIs('AWS::EC2::NatGateway', 1);
  network({ natGateways: 2 }).template.resourceCountIs('AWS::EC2::NatGateway', 2);
});

test('logs all traffic to a protected log group', () => {
  const { template } = network();
  template.hasResourceProperties('AWS::EC2::FlowLog', {
    TrafficType: 'ALL',
    LogDestinationType: 'cloud-watch-logs',
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { DataProtectionPolicy: Match.anyValue() });
});

test('needs no lookup of zones: CloudFormation chooses them', () => {
  network().template.hasResourceProperties('AWS::EC2::Subnet', {
    AvailabilityZone: { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] },
  });
});

test('avoids zones that CloudFront cannot reach', () => {
  const { template } = network({ availabilityZoneCount: 3 }, 'us-east-1');
  const zones = Object.values(template.findResources('AWS::EC2::Subnet')).map(
    ({ Properties }) => Properties.AvailabilityZoneId,
  );
  expect(new Set(zones)).toEqual(new Set(['use1-az1', 'use1-az2', 'use1-az4']));
  template.allResourcesProperties('AWS::EC2::Subnet', { AvailabilityZone: Match.absent() });
});

test('accepts zone ids', () => {
  network({ availabilityZoneIds: ['euw1-az1', 'euw1-az3'] }, 'eu-west-1').template.hasResourceProperties(
    'AWS::EC2::Subnet',
    { AvailabilityZoneId: 'euw1-az3' },
  );
});

test('passes cdk-nag', () => {
  expect(nagFindings(network().stack)).toEqual([]);
});

test('fails with all invalid numbers at once', () => {
  expect(() => network({ availabilityZoneCount: 4, natGateways: 0 })).toThrow(
    /Test\/Network: a network must have 2 or 3 availability zones, got 4\n {2}'natGateways' must be 1 to 4, at most one per zone, got 0/,
  );
});

test('fails if the region has too few zones for CloudFront', () => {
  expect(() => network({ availabilityZoneCount: 3 }, 'us-west-1')).toThrow(/at most 2 in us-west-1, got 3/);
});

test('warns for an unknown region, because CloudFront cannot use every zone of some regions', () => {
  const warned = (props?: NetworkProps, region?: string) =>
    Annotations.fromStack(network(props, region).stack).findWarning(
      '*',
      Match.stringLikeRegexp('VPC origins'),
    ).length;
  expect(warned()).toBe(1);
  expect(warned({ availabilityZoneIds: ['use1-az1', 'use1-az2'] })).toBe(0);
  expect(warned({}, 'us-east-1')).toBe(0);
});

test('fails if the number of zones and zone ids differ', () => {
  expect(() => network({ availabilityZoneCount: 3, availabilityZoneIds: ['a', 'b'] })).toThrow(
    "'availabilityZoneCount' must be the number of 'availabilityZoneIds', got 3 and 2; leave it out",
  );
});

test.each([
  [2, '192.168.64.0/18'],
  [2, '10.1.128.0/17'],
  [3, '172.20.128.0/17'],
  [3, '10.7.0.0/16'],
])('%i zones fit into %s', (availabilityZoneCount, cidr) => {
  network({ availabilityZoneCount, cidr }).template.hasResourceProperties('AWS::EC2::VPC', {
    CidrBlock: cidr,
  });
});

test.each([
  [2, '10.0.0.0/15', 18],
  [2, '10.0.0.0/19', 18],
  [3, '10.0.0.0/18', 17],
  [2, '10.0.64.0/17', 18],
  [2, '10.0.0/16', 18],
  [2, '300.0.0.0/16', 18],
  [2, '127.0.0.0/16', 18],
  [2, '169.254.0.0/16', 18],
  [2, '224.0.0.0/16', 18],
  [2, '0.0.0.0/16', 18],
  [2, 'fd00::/56', 18],
])('%i zones do not fit into %s', (availabilityZoneCount, cidr, narrowest) => {
  expect(() => network({ availabilityZoneCount, cidr })).toThrow(
    `Test/Network: 'cidr' must be an IPv4 range from /16 to /${narrowest} that begins at a multiple of its size, such as 10.0.0.0/16, got '${cidr}'`,
  );
});

test('refuses a token as range', () => {
  expect(() => network({ cidr: Lazy.string({ produce: () => '10.0.0.0/16' }) })).toThrow(
    /'cidr' must be .*, got a token, whose value is unknown at synth/,
  );
});
