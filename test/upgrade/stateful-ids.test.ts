import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ENVIRONMENTS, loadSettings, type Settings } from '../../config';
import { resources, testEnvironment } from '../support/environment';

/** Types of resources whose replacement loses data, an address, or a subscription. */
const STATEFUL = new Set([
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::KeyValueStore',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::EC2::EIP',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBProxy',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SSM::Parameter',
  'AWS::SecretsManager::Secret',
]);
/** Matches properties with a physical name. A changed name replaces the resource, as a changed logical id does. */
const NAMES =
  /^(BucketName|ClusterName|DBClusterIdentifier|DBProxyName|LogGroupName|Name|ServiceName|TableName|TopicName)$/;

/**
 * Log groups of functions and state machines that are no longer there (docs/decisions/0009-polled-resources.md). They
 * stay in the account of an environment that retains its data.
 */
const GIVEN_UP = /: (MigrationsRun|ErrorComparisonRun|FirstCanaryRun)(Start|Poll|Provider)Logs[0-9A-F]{8}$/;

const escalation: Settings['escalation'] = {
  ...loadSettings('production', __dirname).escalation,
  contacts: [{ name: 'Ada', email: 'ada@example.com' }],
  tiers: [{ targets: [{ kind: 'contact', contact: 'Ada' }], times: 1, everyMinutes: 5 }],
  ticketEmails: ['team@example.com'],
};

/** `type` and physical name by stack and logical id. */
type Ids = Record<string, { readonly type: string; readonly name?: string }>;

/** Returns the ids of every environment, and of one outside us-east-1 with an escalation. */
function statefulIds(): Ids {
  const all = [
    ...ENVIRONMENTS.map((name) => testEnvironment(name)),
    testEnvironment('production', { region: 'eu-west-1', settings: { escalation } }),
  ];
  const ids: Ids = {};
  for (const { stacks } of all)
    for (const stack of stacks)
      for (const [id, { Type, Properties = {} }] of Object.entries(resources(stack)))
        if (STATEFUL.has(Type)) {
          const name = Object.entries(Properties).find(([key]) => NAMES.test(key))?.[1];
          ids[`${stack.stackName} in ${stack.region}: ${id}`] = {
            type: Type,
            ...(name ? { name: typeof name === 'string' ? name : JSON.stringify(name) } : {}),
          };
        }
  return Object.fromEntries(Object.entries(ids).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const { version } = require('../../package.json') as { version: string };
const file = (of: string) => join(__dirname, `stateful-ids-${of}.json`);
const releases = () =>
  readdirSync(__dirname).flatMap((name) => /^stateful-ids-(.*)\.json$/.exec(name)?.[1] ?? []);
const now = statefulIds();

if (process.env['RECORD_STATEFUL_IDS']) writeFileSync(file(version), `${JSON.stringify(now, null, 2)}\n`);

test('the ids of this version or the previous one are recorded', () => {
  expect(releases()).not.toHaveLength(0);
});

describe.each(releases())('an environment of %s', (release) => {
  const before = JSON.parse(readFileSync(file(release), 'utf8')) as Ids;

  test('keeps its stateful resources during an upgrade to this version', () => {
    const lost = Object.entries(before).flatMap(([place, { type, name }]) => {
      const kept = now[place];
      if (!kept && GIVEN_UP.test(place)) return [];
      if (!kept)
        return [`${place}, ${type}, is gone: CloudFormation deletes or abandons it. Did its construct move?`];
      if (kept.type !== type) return [`${place} was ${type} and is ${kept.type}`];
      return kept.name === name
        ? []
        : [`${place}, ${type}, was named ${name} and is ${kept.name}: it would be replaced`];
    });
    expect(lost).toEqual([]);
  });
});
