import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Assembly } from '../../lib/rehearsal/core/assembly';
import type { Counted, JudgedConnection, TraceFile } from '../../lib/rehearsal/core/trace';
import { describeReplay, readTrace, replay } from '../../lib/rehearsal/replay';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Resource = { Type: string; Properties: Record<string, unknown> };
type Resources = Record<string, Resource>;
const group = { 'Fn::ImportValue': 'shop-data:Group' };
const subnet = { 'Fn::ImportValue': 'shop-data:Subnet' };

/** Two stacks: a VPC with an endpoint for S3, and a function in it. */
const data = (): Resources => ({
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
  TableOfSubnet: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
  },
  Endpoint: {
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: {
      VpcId: { Ref: 'Vpc' },
      ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.s3' },
      VpcEndpointType: 'Gateway',
      RouteTableIds: [{ Ref: 'Table' }],
    },
  },
  Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'Vpc' } } },
});
const release = (): Resources => ({
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: { VpcConfig: { SubnetIds: [subnet], SecurityGroupIds: [group] } },
  },
});

/** A cloud assembly on disk. */
function assembly(name: string, change: (all: Resources) => void = () => {}): Assembly {
  const directory = mkdtempSync(join(folder, name));
  const all = { ...data(), ...release() };
  change(all);
  const of = (names: object) =>
    Object.fromEntries(Object.entries(all).filter(([id]) => id in names === true));
  const output = (id: string) => ({ Value: { Ref: id }, Export: { Name: `shop-data:${id}` } });
  const stacks = {
    'shop-data': { Resources: of(data()), Outputs: { Group: output('Group'), Subnet: output('Subnet') } },
    'shop-release': { Resources: of(release()) },
  };
  for (const [stack, template] of Object.entries(stacks))
    writeFileSync(join(directory, `${stack}.json`), JSON.stringify(template));
  const artifact = (stack: string, dependencies: string[] = []) => ({
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/eu-central-1',
    properties: { templateFile: `${stack}.json` },
    dependencies,
  });
  const artifacts = {
    'shop-release': artifact('shop-release', ['shop-data']),
    'shop-data': artifact('shop-data'),
  };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts }));
  return new Assembly(directory);
}

const toS3: Counted<JudgedConnection> = {
  source: { resource: { stack: 'shop-release', logicalId: 'Function' } },
  target: { outside: 's3' },
  port: 443,
  verdict: 'allowed',
  times: 3,
};
const trace = (connections = [toS3]): TraceFile => ({
  version: 1,
  plan: { digest: '' },
  resources: { 'shop-data/Group': { Ref: 'sg-recorded', GroupId: 'sg-recorded' } },
  calls: [],
  connections,
});

describe('a replay', () => {
  test('passes with the plan that was rehearsed', () => {
    const result = replay(trace(), assembly('same'));
    expect(result).toEqual({ judged: { calls: 0, connections: 1 }, findings: [] });
    expect(describeReplay(result)).toMatch(/^Replay passed: the plan allows 1 kinds of connections/);
  });

  test.each<[string, (all: Resources) => void, RegExp]>([
    ['a route', (all) => delete all['Endpoint'], /route table Table of Subnet has no route to a NAT gateway/],
    [
      'a rule',
      (all) => {
        all['Group']!.Properties['SecurityGroupEgress'] = [{ CidrIp: '10.0.0.0/16', IpProtocol: '-1' }];
      },
      /Group has no egress rule for tcp 443 to the AWS API \(s3\)/,
    ],
    ['the function', (all) => delete all['Function'], /Function is no longer in the plan/],
  ])('reports that %s is missing', (_, change, reason) => {
    const { findings } = replay(trace(), assembly('gone', change));
    expect(findings).toMatchObject([
      { kind: 'connection', what: 'Function → AWS API (s3):443', reason: expect.stringMatching(reason) },
    ]);
  });

  test('names parts of a plan that it cannot read, and continues', () => {
    const { findings } = replay(
      trace(),
      assembly('broken', (all) => delete all['Table']),
    );
    expect(findings.map(({ kind, what }) => [kind, what])).toContainEqual(['plan', 'TableOfSubnet']);
    expect(findings[0]!.reason).toContain('refers to Table, which the plan does not contain');
  });

  test('does not report a connection that the rehearsed plan refused', () => {
    const refused = { ...toS3, target: { outside: 'ecs' }, verdict: 'denied' as const, reason: 'no way' };
    expect(replay(trace([refused]), assembly('before')).findings).toEqual([]);
  });

  test.each([
    ['{', /is not a trace: .*JSON/],
    ['{"version":2}', /version: Invalid input: expected 1/],
    ['{"version":1,"calls":[]}', /resources: Invalid input: expected record/],
  ])('refuses the file %s', (text, message) => {
    const file = join(folder, 'trace.json');
    writeFileSync(file, text);
    expect(() => readTrace(file)).toThrow(message);
  });
});
