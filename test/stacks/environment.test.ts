import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ENVIRONMENTS } from '../../config';
import { nagFindings, unusedAcknowledgements } from '../support';
import { resources, testEnvironment } from '../support/environment';

/** Synthesised once a file: composing takes longer than asserting. */
const composed = Object.fromEntries(ENVIRONMENTS.map((name) => [name, testEnvironment(name)]));
const production = composed['production']!;
const elsewhere = testEnvironment('production', { region: 'eu-west-1' });
const all = [...Object.values(composed), elsewhere].flatMap(({ stacks }) => stacks);
const names = ({ stacks }: { stacks: Stack[] }) =>
  stacks.map((stack) => stack.stackName.replace('shop-production-', ''));
const text = (stack: Stack) => JSON.stringify(Template.fromStack(stack).toJSON());

describe('stacks', () => {
  test("are three in us-east-1, the region of CloudFront's own resources", () => {
    expect(names(production)).toEqual(['data', 'release', 'operations']);
  });

  test('are two more for an environment in another region', () => {
    expect(names(elsewhere)).toEqual(['data', 'edge', 'release', 'operations', 'edge-operations']);
    expect(elsewhere.stacks.map(({ region }) => region)).toEqual([
      'eu-west-1',
      'us-east-1',
      'eu-west-1',
      'eu-west-1',
      'us-east-1',
    ]);
  });

  test.each(all.map((stack) => [stack.stackName, stack.region, stack] as const))(
    '%s refuses regions other than %s',
    (_, region, stack) => {
      Template.fromStack(stack).templateMatches({
        Rules: {
          RegionRule: { Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, region] } }] },
        },
      });
    },
  );

  test('with data are protected from deletion in environments that keep data', () => {
    const protection = Object.fromEntries(
      Object.entries(composed).map(([name, { environment }]) => [
        name,
        environment.data.terminationProtection,
      ]),
    );
    expect(protection).toEqual({ development: false, test: false, staging: true, production: true });
  });

  test.each(ENVIRONMENTS)('of %s have no cdk-nag finding without an acknowledgement', (name) => {
    expect(nagFindings(composed[name]!.app)).toEqual([]);
  });

  test('in another region have no cdk-nag finding without an acknowledgement', () => {
    expect(nagFindings(elsewhere.app)).toEqual([]);
  });

  test("stay far below CloudFormation's limits of 500 resources and 1 MB", () => {
    for (const stack of all) {
      expect(Object.keys(resources(stack)).length).toBeLessThan(250);
      expect(text(stack).length).toBeLessThan(500_000);
    }
  });
});

test('fails in a region without a certificate bundle for databases', () => {
  expect(() => testEnvironment('test', { region: 'il-central-1' })).toThrow(
    /region: is il-central-1, but this package has no RDS certificates for this region/,
  );
});

test('fails in a region without the Data API, even with a certificate bundle', () => {
  expect(() => testEnvironment('test', { region: 'eu-central-2' })).toThrow(/eu-central-2.* no Data API/);
});

test('fails for an application name that is not a database name', () => {
  expect(() => testEnvironment('test', { change: { application: 'order' } })).toThrow(
    /application\.name: .* 'order', which is a reserved word of PostgreSQL. Set another name/,
  );
});

describe('a failed first deployment', () => {
  const named = ['LogGroupName', 'Name'];
  test.each(all.map((stack) => [`${stack.stackName} ${stack.region}`, stack] as const))(
    'of %s leaves no resource whose name blocks the next attempt',
    (_, stack) => {
      for (const [id, { Properties = {}, DeletionPolicy }] of Object.entries(resources(stack)))
        if (named.some((name) => name in Properties))
          expect([id, DeletionPolicy]).not.toEqual([id, 'Retain']);
    },
  );

  test('keeps keys, logs and secrets in use', () => {
    const { data } = production.environment;
    for (const type of ['AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret'])
      Template.fromStack(data).hasResource(type, { DeletionPolicy: 'RetainExceptOnCreate' });
  });

  test('leaves no load balancer with deletion protection', () => {
    for (const { environment } of Object.values(composed))
      expect(text(environment.release)).not.toContain('"deletion_protection.enabled","Value":"true"');
  });
});

// EC2 and IAM refuse other characters in a description; CloudFront does not say which it takes.
test.each(all.map((stack) => [`${stack.stackName} ${stack.region}`, stack] as const))(
  '%s has ASCII descriptions of networks, roles and the CDN',
  (_, stack) => {
    for (const [id, { Type, Properties }] of Object.entries(resources(stack)))
      if (/^AWS::(EC2|IAM|CloudFront)::/.test(Type))
        expect([id, JSON.stringify(Properties ?? {}).match(/[^ -~]/g)]).toEqual([id, null]);
  },
);

test('every taggable resource has the tags of its application and environment', () => {
  const cluster = Object.values(resources(production.environment.data)).find(
    ({ Type }) => Type === 'AWS::RDS::DBCluster',
  );
  expect(cluster?.Properties.Tags).toEqual(
    expect.arrayContaining([
      { Key: 'application', Value: 'shop' },
      { Key: 'environment', Value: 'production' },
    ]),
  );
});

describe('cross-stack references', () => {
  test('to Data are exports, because their consumers cannot change in place', () => {
    for (const { environment } of [production, elsewhere]) {
      const weak = new RegExp(`"StackName":"${environment.data.stackName}"[^}]*"OutputName":"(\\w+)"`, 'g');
      const outputs = [...text(environment.release).matchAll(weak)].map(([, output]) => output);
      expect(text(environment.release)).toContain('Fn::ImportValue');
      expect([...new Set(outputs)]).toEqual([expect.stringContaining('EndpointAddress')]);
    }
  });

  test('do not fix the cluster endpoint, which a restore changes', () => {
    for (const { environment } of [production, composed['development']!]) {
      const exported = Object.values(Template.fromStack(environment.data).findOutputs('*')).filter(
        ({ Export }) => Export,
      );
      expect(exported.length).toBeGreaterThan(0);
      expect(JSON.stringify(exported)).not.toMatch(/DatabaseCluster\w*","(Endpoint|ReadEndpoint)/);
    }
  });

  test('from Operations and the us-east-1 stacks create no exports', () => {
    for (const { environment } of [production, elsewhere]) {
      for (const stack of [environment.operations, environment.edgeOperations]) {
        if (stack) expect(text(stack)).not.toContain('Fn::ImportValue');
      }
    }
    expect(text(elsewhere.environment.release)).toContain('Fn::GetStackOutput');
  });

  test("do not use the CDK's resource for cross-region exports", () => {
    for (const stack of all) expect(text(stack)).not.toMatch(/Custom::CrossRegionExport/);
  });
});

describe('every log group', () => {
  test.each(all.map((stack) => [`${stack.stackName} ${stack.region}`, stack] as const))(
    'of %s has masking and retention',
    (_, stack) => {
      const groups = Object.entries(resources(stack)).filter(
        ([, { Type }]) => Type === 'AWS::Logs::LogGroup',
      );
      for (const [id, { Properties }] of groups) {
        expect([id, Properties]).toEqual([
          id,
          expect.objectContaining({
            RetentionInDays: expect.any(Number),
            DataProtectionPolicy: expect.anything(),
          }),
        ]);
      }
    },
  );

  test("has the environment's customer key of its region, if there is one", () => {
    const keysOf = (stack: Stack) =>
      Object.values(resources(stack))
        .filter(({ Type }) => Type === 'AWS::Logs::LogGroup')
        .map(({ Properties }) => JSON.stringify(Properties.KmsKeyId));
    for (const { environment, stacks } of [production, elsewhere])
      for (const stack of stacks) {
        const own = stack === environment.data || stack === environment.edge;
        for (const key of keysOf(stack))
          expect([stack.stackName, key]).toEqual([
            stack.stackName,
            expect.stringMatching(
              own
                ? /^\{"Fn::GetAtt":\["Key\w+","Arn"\]\}$/
                : stack === environment.edgeOperations
                  ? /"StackName":"shop-production-edge".*Key\w+Arn/
                  : /shop-production-data.*Key\w+Arn/,
            ),
          ]);
      }
    for (const stack of composed['development']!.stacks)
      for (const key of keysOf(stack)) expect(key).toBeUndefined();
  });
});

test('all acknowledgements are needed', () => {
  expect(unusedAcknowledgements(production.app)).toEqual([]);
});

describe('the order of a release', () => {
  const release = resources(production.environment.release);
  const idOf = (type: string, part = '') =>
    Object.keys(release).find((id) => release[id]!.Type === type && id.includes(part))!;
  /** Returns the resources that a resource waits for, directly or through others. */
  const waitsFor = (id: string, seen = new Set<string>()): Set<string> => {
    const { DependsOn = [], Properties } = release[id]!;
    const references = [...JSON.stringify(Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)];
    for (const next of [...[DependsOn].flat(), ...references.map(([, name]) => name!)]) {
      if (seen.has(next) || !release[next]) continue;
      seen.add(next);
      waitsFor(next, seen);
    }
    return seen;
  };
  const secrets = idOf('Custom::ProvidedSecretsCheck');
  const migrations = idOf('Custom::Migrations');
  const service = idOf('AWS::ECS::Service');
  const pointer = idOf('Custom::ReleasePointer');

  test('starts with the check of the provided secrets', () => {
    expect(waitsFor(migrations)).toContain(secrets);
    expect(waitsFor(service)).toContain(secrets);
  });

  test('migrates before the server changes', () => {
    expect(waitsFor(service)).toContain(migrations);
    expect(waitsFor(migrations)).not.toContain(service);
  });

  test('releases the client after the server, and its files before its pointer', () => {
    const uploads = Object.keys(release).filter(
      (id) => release[id]!.Type === 'Custom::CDKBucketDeployment' && waitsFor(pointer).has(id),
    );
    expect(waitsFor(pointer)).toContain(service);
    expect(uploads.length).toBeGreaterThan(0);
    for (const upload of uploads) expect(waitsFor(upload)).toContain(service);
  });

  const verified = (part: string) => idOf('Custom::ReleaseVerification', part);
  const recorded = idOf('Custom::ReleaseRecord');
  const uploads = (folder: string) =>
    Object.keys(release).filter((id) =>
      String(release[id]!.Properties?.DestinationBucketKeyPrefix ?? '').startsWith(folder),
    );

  test('verifies the server through CloudFront before any client upload', () => {
    expect(waitsFor(verified('Server'))).toContain(idOf('Custom::RunningRelease'));
    for (const upload of uploads('releases')) expect(waitsFor(upload)).toContain(verified('Server'));
  });

  test('verifies the client after its pointer changed, then updates the fallback and the record', () => {
    expect(waitsFor(verified('Client'))).toContain(pointer);
    expect(uploads('fallback').length).toBeGreaterThan(0);
    for (const upload of uploads('fallback')) {
      expect(waitsFor(upload)).toContain(verified('Client'));
      expect(waitsFor(recorded)).toContain(upload);
    }
  });

  test('compares errors after the pointer changed, and before the fallback', () => {
    const comparison = idOf('Custom::ErrorComparison');
    expect(waitsFor(comparison)).toContain(verified('Client'));
    for (const upload of uploads('fallback')) expect(waitsFor(upload)).toContain(comparison);
  });

  test('records migrations before the server changes', () => {
    const migrated = idOf('Custom::MigrationsRecord');
    expect(waitsFor(migrated)).toContain(migrations);
    expect(waitsFor(service)).toContain(migrated);
    expect(waitsFor(migrated)).not.toContain(service);
  });

  test('writes the pointer again with each server change, in case a person moved it', () => {
    expect(release[pointer]!.Properties.Server).toEqual({ Ref: idOf('AWS::ECS::TaskDefinition', 'Server') });
    const task = release[idOf('AWS::ECS::TaskDefinition', 'Server')]!.Properties;
    expect(task.ContainerDefinitions[0].Environment).toContainEqual({
      Name: 'RELEASE_ID',
      Value: '0123456789abcdef',
    });
  });

  test('names log streams of the server after the release, and changes nothing else without a server change', () => {
    const task = release[idOf('AWS::ECS::TaskDefinition', 'Server')]!.Properties;
    const { Options } = task.ContainerDefinitions[0].LogConfiguration;
    expect(release[pointer]!.Properties.Value.split(' ')[0]).toBe(Options['awslogs-stream-prefix']);
    const own = (json: string) => /"RELEASE_SETTINGS","Value":"(\w{8})"/.exec(json)?.[1];
    expect(own(text(production.environment.release))).toMatch(/^\w{8}$/);
    expect(own(text(production.environment.release))).not.toBe(
      own(text(composed['staging']!.environment.release)),
    );
  });

  test('skips steps for missing migrations or provided secrets', () => {
    const change = { migrations: { kind: 'none', digest: '' } } as const;
    const types = Object.values(resources(testEnvironment('test', { change }).environment.release)).map(
      ({ Type }) => Type,
    );
    expect(types).not.toContain('Custom::Migrations');
    expect(types).not.toContain('Custom::MigrationsRecord');
    expect(types).toContain('Custom::ReleaseRecord');
  });
});
