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
  test('are three in us-east-1, where CloudFront has its own resources', () => {
    expect(names(production)).toEqual(['data', 'release', 'operations']);
  });

  test('are two more in us-east-1 for an environment elsewhere', () => {
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
    '%s refuses any region but %s',
    (_, region, stack) => {
      Template.fromStack(stack).templateMatches({
        Rules: {
          RegionRule: { Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, region] } }] },
        },
      });
    },
  );

  test('of data are protected from deletion where data must outlive them', () => {
    const protection = Object.fromEntries(
      Object.entries(composed).map(([name, { environment }]) => [
        name,
        environment.data.terminationProtection,
      ]),
    );
    expect(protection).toEqual({ development: false, test: false, staging: true, production: true });
  });

  test.each(ENVIRONMENTS)('of %s have no finding of cdk-nag that nobody answered for', (name) => {
    expect(nagFindings(composed[name]!.app)).toEqual([]);
  });

  test('elsewhere have no finding of cdk-nag that nobody answered for', () => {
    expect(nagFindings(elsewhere.app)).toEqual([]);
  });

  test('stay far below the 500 resources and the megabyte that CloudFormation takes', () => {
    for (const stack of all) {
      expect(Object.keys(resources(stack)).length).toBeLessThan(250);
      expect(text(stack).length).toBeLessThan(500_000);
    }
  });
});

test('fails in a region whose databases cannot be verified', () => {
  expect(() => testEnvironment('test', { region: 'il-central-1' })).toThrow(
    /region: is il-central-1, but this package has no RDS certificates for this region/,
  );
});

test('fails in a region without the Data API, which the certificates would allow', () => {
  expect(() => testEnvironment('test', { region: 'eu-central-2' })).toThrow(/eu-central-2.* no Data API/);
});

test('fails for an application whose name is none for a database', () => {
  expect(() => testEnvironment('test', { change: { application: 'order' } })).toThrow(
    /application\.name: .* 'order', which is a reserved word of PostgreSQL. Set another name/,
  );
});

describe('a first try that fails', () => {
  const named = ['LogGroupName', 'Name'];
  test.each(all.map((stack) => [`${stack.stackName} ${stack.region}`, stack] as const))(
    'of %s leaves nothing whose name is in the way of the next',
    (_, stack) => {
      for (const [id, { Properties = {}, DeletionPolicy }] of Object.entries(resources(stack)))
        if (named.some((name) => name in Properties))
          expect([id, DeletionPolicy]).not.toEqual([id, 'Retain']);
    },
  );

  test('keeps keys, logs and secrets that were in use all the same', () => {
    const { data } = production.environment;
    for (const type of ['AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret'])
      Template.fromStack(data).hasResource(type, { DeletionPolicy: 'RetainExceptOnCreate' });
  });

  test('leaves no load balancer that is protected from being taken back', () => {
    for (const { environment } of Object.values(composed))
      expect(text(environment.release)).not.toContain('"deletion_protection.enabled","Value":"true"');
  });
});

// EC2 and IAM refuse other characters in a description; CloudFront does not say which it takes.
test.each(all.map((stack) => [`${stack.stackName} ${stack.region}`, stack] as const))(
  '%s describes networks, roles and the CDN in ASCII',
  (_, stack) => {
    for (const [id, { Type, Properties }] of Object.entries(resources(stack)))
      if (/^AWS::(EC2|IAM|CloudFront)::/.test(Type))
        expect([id, JSON.stringify(Properties ?? {}).match(/[^ -~]/g)]).toEqual([id, null]);
  },
);

test('what can carry a tag says whose it is', () => {
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

describe('references', () => {
  test('to Data are exports, for they feed what cannot change in place', () => {
    for (const { environment } of [production, elsewhere]) {
      const weak = new RegExp(`"StackName":"${environment.data.stackName}"[^}]*"OutputName":"(\\w+)"`, 'g');
      const outputs = [...text(environment.release).matchAll(weak)].map(([, output]) => output);
      expect(text(environment.release)).toContain('Fn::ImportValue');
      expect([...new Set(outputs)]).toEqual([expect.stringContaining('EndpointAddress')]);
    }
  });

  test('leave the endpoint of the cluster free to change, as it does with a restore', () => {
    for (const { environment } of [production, composed['development']!]) {
      const exported = Object.values(Template.fromStack(environment.data).findOutputs('*')).filter(
        ({ Export }) => Export,
      );
      expect(exported.length).toBeGreaterThan(0);
      expect(JSON.stringify(exported)).not.toMatch(/DatabaseCluster\w*","(Endpoint|ReadEndpoint)/);
    }
  });

  test('from Operations and the stacks in us-east-1 tie nothing down', () => {
    for (const { environment } of [production, elsewhere]) {
      for (const stack of [environment.operations, environment.edgeOperations]) {
        if (stack) expect(text(stack)).not.toContain('Fn::ImportValue');
      }
    }
    expect(text(elsewhere.environment.release)).toContain('Fn::GetStackOutput');
  });

  test('make no stack look its input up with a function of the CDK', () => {
    for (const stack of all) expect(text(stack)).not.toMatch(/Custom::CrossRegionExport/);
  });
});

describe('every log group', () => {
  test.each(all.map((stack) => [`${stack.stackName} ${stack.region}`, stack] as const))(
    'of %s masks and expires',
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

  test('is under the environment’s own key of its region, where it has one', () => {
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

test('the acknowledgements of findings are all needed', () => {
  expect(unusedAcknowledgements(production.app)).toEqual([]);
});

describe('order', () => {
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

  test('nothing starts before the provided secrets are there', () => {
    expect(waitsFor(migrations)).toContain(secrets);
    expect(waitsFor(service)).toContain(secrets);
  });

  test('the server waits for the migrations', () => {
    expect(waitsFor(service)).toContain(migrations);
    expect(waitsFor(migrations)).not.toContain(service);
  });

  test('the client is released after the server, its files before its pointer', () => {
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

  test('the server is verified through CloudFront before a file of the client is uploaded', () => {
    expect(waitsFor(verified('Server'))).toContain(idOf('Custom::RunningRelease'));
    for (const upload of uploads('releases')) expect(waitsFor(upload)).toContain(verified('Server'));
  });

  test('the client is verified after its pointer, and only then becomes the fallback and is recorded', () => {
    expect(waitsFor(verified('Client'))).toContain(pointer);
    expect(uploads('fallback').length).toBeGreaterThan(0);
    for (const upload of uploads('fallback')) {
      expect(waitsFor(upload)).toContain(verified('Client'));
      expect(waitsFor(recorded)).toContain(upload);
    }
  });

  test('its errors are compared once users have all of it, and before it is the fallback', () => {
    const comparison = idOf('Custom::ErrorComparison');
    expect(waitsFor(comparison)).toContain(verified('Client'));
    for (const upload of uploads('fallback')) expect(waitsFor(upload)).toContain(comparison);
  });

  test('migrations are recorded before a server meets them', () => {
    const migrated = idOf('Custom::MigrationsRecord');
    expect(waitsFor(migrated)).toContain(migrations);
    expect(waitsFor(service)).toContain(migrated);
    expect(waitsFor(migrated)).not.toContain(service);
  });

  test('what changes with the server alone moves the pointer again, should people have moved it', () => {
    expect(release[pointer]!.Properties.Server).toEqual({ Ref: idOf('AWS::ECS::TaskDefinition', 'Server') });
    const task = release[idOf('AWS::ECS::TaskDefinition', 'Server')]!.Properties;
    expect(task.ContainerDefinitions[0].Environment).toContainEqual({
      Name: 'RELEASE_ID',
      Value: '0123456789abcdef',
    });
  });

  test('the server’s log streams are named after what users get, and nothing of it changes without the server', () => {
    const task = release[idOf('AWS::ECS::TaskDefinition', 'Server')]!.Properties;
    const { Options } = task.ContainerDefinitions[0].LogConfiguration;
    expect(release[pointer]!.Properties.Value.split(' ')[0]).toBe(Options['awslogs-stream-prefix']);
    const own = (json: string) => /"RELEASE_SETTINGS","Value":"(\w{8})"/.exec(json)?.[1];
    expect(own(text(production.environment.release))).toMatch(/^\w{8}$/);
    expect(own(text(production.environment.release))).not.toBe(
      own(text(composed['staging']!.environment.release)),
    );
  });

  test('an application without migrations or provided secrets has neither step', () => {
    const change = { migrations: { kind: 'none', digest: '' } } as const;
    const types = Object.values(resources(testEnvironment('test', { change }).environment.release)).map(
      ({ Type }) => Type,
    );
    expect(types).not.toContain('Custom::Migrations');
    expect(types).not.toContain('Custom::MigrationsRecord');
    expect(types).toContain('Custom::ReleaseRecord');
  });
});
