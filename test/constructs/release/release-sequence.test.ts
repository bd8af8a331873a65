import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ReleaseSequence } from '../../../constructs/release';
import { testStack } from '../../support';
import {
  addClient,
  addMigrations,
  addRelease,
  addServer,
  addVerification,
  synthesisErrors,
} from './release-stack';

const usEast1 = { env: { region: 'us-east-1' } };

describe('a whole release', () => {
  const stack = testStack('Shop', usEast1);
  new ReleaseSequence(stack, 'Sequence', addRelease(stack));
  const resources = Template.fromStack(stack).toJSON().Resources as Record<
    string,
    { Type: string; DependsOn?: string[]; Properties: Record<string, unknown> }
  >;

  const idOf = (type: string, part = ''): string =>
    Object.keys(resources).find((id) => resources[id]!.Type === type && id.includes(part))!;

  /** All that a resource waits for, by `DependsOn` or by reference. */
  function waitsFor(id: string, seen = new Set<string>()): Set<string> {
    const { DependsOn = [], Properties } = resources[id]!;
    const named = JSON.stringify(Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g);
    for (const next of [...DependsOn, ...[...named].map(([, ref]) => ref!)])
      if (resources[next] && !seen.has(next)) waitsFor(next, seen.add(next));
    return seen;
  }

  const order = [
    ['Custom::ReleasePointerWayBack'],
    ['Custom::QuietRollbackAlarms'],
    ['Custom::Migrations'],
    ['Custom::MigrationsRecord'],
    ['AWS::ECS::Service'],
    ['Custom::RunningRelease'],
    ['Custom::ReleaseVerification', 'Server'],
    ['Custom::CDKBucketDeployment', 'UploadReleaseHtml'],
    ['Custom::ReleasePointer'],
    ['Custom::ReleaseVerification', 'Client'],
    ['Custom::ErrorComparison'],
    ['Custom::CDKBucketDeployment', 'UploadFallbackHtml'],
    ['Custom::ReleaseRecord'],
  ] as const;

  test.each(
    order.slice(1).map((step, index) => [step.join(' '), order[index]!.join(' '), step, order[index]!]),
  )('%s waits for %s', (_, __, [type, part], [earlierType, earlierPart]) => {
    expect(waitsFor(idOf(type, part))).toContain(idOf(earlierType, earlierPart));
  });

  test('migrations wait for the provided secrets', () => {
    expect(waitsFor(idOf('Custom::Migrations'))).toContain(idOf('Custom::ProvidedSecretsCheck'));
  });

  test('the pointer is written with every release of the server', () => {
    expect(resources[idOf('Custom::ReleasePointer')]!.Properties.Server).toEqual({
      Ref: idOf('AWS::ECS::TaskDefinition', 'Server'),
    });
  });

  test('alarms do not depend on steps that may not run', () => {
    expect([...waitsFor(idOf('Custom::QuietRollbackAlarms'))]).not.toContain(idOf('AWS::ECS::Service'));
  });

  test('defines no resources', () => {
    expect(Object.keys(resources).filter((id) => id.startsWith('Sequence'))).toEqual([]);
  });
});

test('assets of server-rendered pages are uploaded before the server changes', () => {
  const stack = testStack('Rendered', usEast1);
  const server = addServer(stack);
  const client = addClient(stack, server, 'Client', ['/*']);
  const verification = addVerification(stack, server, client);
  new ReleaseSequence(stack, 'Sequence', { server, client, verification });
  const template = Template.fromStack(stack);
  const [service] = Object.values(template.findResources('AWS::ECS::Service'));
  const uploads = Object.keys(template.findResources('Custom::CDKBucketDeployment'));
  const needed = uploads.filter((id) => id.includes('UploadRelease'));
  expect(needed.length).toBeGreaterThan(2);
  expect(service!['DependsOn']).toEqual(expect.arrayContaining(needed));
  template.hasResourceProperties('Custom::ReleaseVerification', { PageDigest: 'any' });
});

describe('without a sequence', () => {
  test('fails once, with the parts and the line to add', () => {
    const stack = testStack('Shop', usEast1);
    const server = addServer(stack);
    const client = addClient(stack, server);
    addMigrations(stack, server);
    addVerification(stack, server, client);
    expect(() => (stack.node.root as App).synth()).toThrow(
      [
        'Validation failed with the following errors:',
        '  [Shop/Client] parts of a release have no order, so CloudFormation may change them in any order:',
        '      server: Shop/Server',
        '      migrations: Shop/Migrations',
        '      client: Shop/Client',
        '      verification: Shop/Verification',
        "    Add to stack 'Shop', once for each server:",
        "      new ReleaseSequence(this, 'Sequence', { server, migrations, client, verification });",
        "    ReleaseSequence is in 'framework53-cdk/release'. If you order the parts yourself, declare it with " +
          'ReleaseSequence.orderByHand(server, migrations, client, verification).',
      ].join('\n'),
    );
  });

  test('works after the suggested line is added', () => {
    const stack = testStack('Shop', usEast1);
    const server = addServer(stack);
    const migrations = addMigrations(stack, server);
    expect(synthesisErrors(stack)).toHaveLength(1);
    new ReleaseSequence(stack, 'Sequence', { server, migrations });
    expect(synthesisErrors(stack)).toEqual([]);
  });

  const parts = Object.keys(addRelease(testStack('Names'))) as (keyof ReturnType<typeof addRelease>)[];

  test.each(parts.filter((part) => part !== 'server'))('fails for a missing part: %s', (forgotten) => {
    const stack = testStack('Shop', usEast1);
    const { [forgotten]: _, ...others } = addRelease(stack);
    new ReleaseSequence(stack, 'Order', others);
    expect(synthesisErrors(stack)).toEqual([
      expect.stringMatching(
        new RegExp(
          `${forgotten}: Shop/\\w+\n.*Complete 'Shop/Order':\n.*new ReleaseSequence\\(this, 'Order', \\{ ${parts.join(', ')} \\}\\);`,
          's',
        ),
      ),
    ]);
  });

  test("advises to move a part of another stack to its server's stack", () => {
    const app = new App();
    const server = addServer(new Stack(app, 'Server', usEast1));
    addMigrations(new Stack(app, 'Database', usEast1), server);
    expect(synthesisErrors(app)).toEqual([
      expect.stringMatching(
        /Add to stack 'Server', once for each server:\n.*\{ server \}.*\n.*Move 'Database\/Migrations' into the stack of the server or the client\./s,
      ),
    ]);
  });

  test('lists the parts of every stack', () => {
    const app = new App();
    for (const id of ['Staging', 'Production']) {
      const stack = new Stack(app, id, usEast1);
      addClient(stack, addServer(stack));
    }
    const errors = synthesisErrors(app);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain("Add to stack 'Staging', once for each server:");
    expect(errors[0]).toContain("Add to stack 'Production', once for each server:");
  });
});

describe('needs no sequence', () => {
  test('a server alone, or several', () => {
    const stack = testStack('Shop', usEast1);
    addServer(stack, 'Api');
    addServer(stack, 'Worker');
    expect(synthesisErrors(stack)).toEqual([]);
  });

  test('a client alone, also with a server of another system', () => {
    const stack = testStack('Shop', usEast1);
    addClient(stack);
    addClient(stack, undefined, 'Other');
    expect(synthesisErrors(stack)).toEqual([]);
  });

  test('a client without a server beside a server', () => {
    const stack = testStack('Shop', usEast1);
    addServer(stack);
    addClient(stack);
    expect(synthesisErrors(stack)).toEqual([]);
  });

  test('a server beside an independent release', () => {
    const stack = testStack('Shop', usEast1);
    const server = addServer(stack);
    new ReleaseSequence(stack, 'Sequence', { server, client: addClient(stack, server) });
    addServer(stack, 'Worker');
    expect(synthesisErrors(stack)).toEqual([]);
  });

  test('a part that is ordered by hand', () => {
    const stack = testStack('Shop', usEast1);
    const server = addServer(stack);
    const migrations = addMigrations(stack, server);
    server.service.node.addDependency(migrations);
    ReleaseSequence.orderByHand(server, migrations);
    expect(synthesisErrors(stack)).toEqual([]);
    addClient(stack, server);
    expect(synthesisErrors(stack)).toHaveLength(1);
  });

  test('fails to order by hand a construct that is not part of a release', () => {
    const stack = testStack('Shop');
    expect(() => ReleaseSequence.orderByHand(stack)).toThrow('Shop: only parts of a release have an order');
  });
});

describe('several releases', () => {
  test('in the stacks of one app', () => {
    const app = new App();
    for (const id of ['Staging', 'Production']) {
      const stack = new Stack(app, id, usEast1);
      new ReleaseSequence(stack, 'Sequence', addRelease(stack));
    }
    expect(synthesisErrors(app)).toEqual([]);
  });

  test('in independent stages', () => {
    const app = new App();
    const release = new Stack(new Stage(app, 'Blue'), 'Release', usEast1);
    new ReleaseSequence(release, 'Sequence', addRelease(release));
    addServer(new Stack(new Stage(app, 'Green'), 'Release', usEast1));
    expect(synthesisErrors(app)).toEqual([]);
    const forgotten = new Stack(new Stage(app, 'Red'), 'Release', usEast1);
    addClient(forgotten, addServer(forgotten));
    expect(synthesisErrors(app)).toEqual([expect.stringMatching(/^\[Red\/Release\/Client\]/)]);
  });

  test('two clients of one server, and two servers behind the same migrations', () => {
    const stack = testStack('Shop', usEast1);
    const [api, worker] = [addServer(stack, 'Api'), addServer(stack, 'Worker')];
    const migrations = addMigrations(stack, api);
    new ReleaseSequence(stack, 'ShopRelease', {
      server: api,
      migrations,
      client: addClient(stack, api, 'Shop'),
    });
    new ReleaseSequence(stack, 'AdminRelease', { server: api, client: addClient(stack, api, 'Admin') });
    new ReleaseSequence(stack, 'WorkerRelease', { server: worker, migrations });
    Template.fromStack(stack).resourceCountIs('Custom::ReleasePointer', 2);
  });

  test('a client that follows two servers', () => {
    const stack = testStack('Shop', usEast1);
    const [api, worker] = [addServer(stack, 'Api'), addServer(stack, 'Worker')];
    const client = addClient(stack, api);
    new ReleaseSequence(stack, 'ApiRelease', { server: api, client });
    new ReleaseSequence(stack, 'WorkerRelease', { server: worker, client });
    Template.fromStack(stack).hasResourceProperties('Custom::ReleasePointer', {
      Server: {
        'Fn::Join': [
          '',
          [{ Ref: Match.stringLikeRegexp('^Api') }, ' ', { Ref: Match.stringLikeRegexp('^Worker') }],
        ],
      },
    });
  });

  test('fails for a client in another release than its server', () => {
    const stack = testStack('Shop', usEast1);
    const [blue, green] = [addServer(stack, 'Blue'), addServer(stack, 'Green')];
    new ReleaseSequence(stack, 'BlueRelease', { server: blue, client: addClient(stack, green) });
    new ReleaseSequence(stack, 'GreenRelease', { server: green });
    expect(synthesisErrors(stack)).toEqual([
      "[Shop/Client] the client must be in one ReleaseSequence with its server 'Shop/Green', got 'Shop/BlueRelease'; " +
        "pass both 'server' and 'client' to that sequence",
    ]);
  });
});

describe('input', () => {
  test('fails without a server and a client', () => {
    const stack = testStack('Shop', usEast1);
    const migrations = addMigrations(stack, addServer(stack));
    expect(() => new ReleaseSequence(stack, 'Sequence', { migrations })).toThrow(
      "Shop/Sequence: 'server' or 'client' must be given, got neither",
    );
  });

  test('fails for parts in other stacks, nested ones too', () => {
    const app = new App();
    const stack = new Stack(app, 'Shop', usEast1);
    const server = addServer(new Stack(app, 'Other', usEast1));
    const client = addClient(new NestedStack(stack, 'Nested'));
    expect(() => new ReleaseSequence(stack, 'Sequence', { server, client })).toThrow(
      /'server' must be in the stack of the sequence, 'Shop', got 'Other\/Server'; .*\n {2}'client' must be in the stack of the sequence, 'Shop', got 'Shop\/Nested\/Client'; /,
    );
  });

  test('orders a release without a client, and one without a server', () => {
    const stack = testStack('Shop', usEast1);
    const server = addServer(stack);
    const client = addClient(stack);
    new ReleaseSequence(stack, 'ServerRelease', { server, migrations: addMigrations(stack, server) });
    new ReleaseSequence(stack, 'ClientRelease', { client });
    Template.fromStack(stack).hasResource('AWS::ECS::Service', {});
  });
});
