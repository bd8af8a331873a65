import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import { guestbookPlan, Mutation } from './plan';

const SERVICE = 'AWS::ECS::Service';
const TASK = 'AWS::ECS::TaskDefinition';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const PROVIDER = /^(Record)?Migrations/;

/** Breaks a plan. Returns the logical id, or the words, that the rehearsal must name. */
type Wrong = (plan: Mutation) => string;

const container = (plan: Mutation, id: string) => plan.resource(id).Properties.ContainerDefinitions[0];
const server = (plan: Mutation): string => plan.id(TASK, /"server"/);
const migrations = (plan: Mutation): string => plan.id(TASK, /migrate\.mjs/);
const config = (plan: Mutation) => plan.resource(plan.id(DISTRIBUTION)).Properties.DistributionConfig;

/** Plans that fail in their first release. */
const WRONG: Record<string, Wrong> = {
  'a function that does not wait for its store': (plan) => {
    const id = plan.id('AWS::CloudFront::Function', /KeyValueStoreAssociations/);
    plan.independent(id, /KeyValueStore/);
    return id;
  },
  'a server that does not wait for the migrations': (plan) => {
    const id = plan.id(SERVICE);
    for (const other of [id, ...dependants(plan, id)]) plan.independent(other, PROVIDER);
    return id;
  },
  'a pointer that does not wait for the server': (plan) => {
    const id = plan.id('Custom::ReleasePointer');
    for (const { Type } of [{ Type: SERVICE }]) plan.independent(id, new RegExp(plan.id(Type)));
    for (const other of [id, ...dependants(plan, id)])
      plan.independent(other, new RegExp(`^${plan.id(SERVICE)}$`));
    return id;
  },
  'a pointer that does not wait for the files': (plan) => {
    plan.independent(plan.id('Custom::ReleasePointer'), /Upload/);
    return plan.id('Custom::ReleasePointer');
  },
  'a proxy that does not wait for the writer': (plan) => {
    const id = plan.id('AWS::RDS::DBProxyTargetGroup');
    for (const waiting of [id, plan.id('AWS::RDS::DBProxy'), plan.id('Custom::DatabaseRoles')])
      plan.independent(waiting, /Writer|Reader/);
    return plan.id('Custom::DatabaseRoles');
  },
  'an account without service-linked roles': (plan) => {
    const [cluster, roles] = [plan.id('AWS::RDS::DBCluster'), plan.id('Custom::ServiceLinkedRoles')];
    for (const id of [cluster, ...dependants(plan, roles)]) plan.independent(id, /^ServiceLinkedRoles/);
    plan.drop(roles);
    return cluster;
  },
  'a cluster without a database': (plan) => {
    delete plan.resource(plan.id('AWS::RDS::DBCluster')).Properties.DatabaseName;
    return plan.id('AWS::RDS::DBCluster');
  },
  'roles without the Data API': (plan) => {
    plan.resource(plan.id('AWS::RDS::DBCluster')).Properties.EnableHttpEndpoint = false;
    return plan.id('Custom::DatabaseRoles');
  },
  'a migration without its password': (plan) => {
    const task = container(plan, migrations(plan));
    task.Secrets = task.Secrets.filter(({ Name }: { Name: string }) => Name !== 'PGPASSWORD');
    return plan.id('Custom::Migrations');
  },
  'a migration that trusts the wrong certificates': (plan) => {
    container(plan, migrations(plan)).Environment.push({
      Name: 'NODE_EXTRA_CA_CERTS',
      Value: '/app/package.json',
    });
    return plan.id('Custom::Migrations');
  },
  'a server without its password': (plan) => {
    const task = container(plan, server(plan));
    task.Secrets = task.Secrets.filter(({ Name }: { Name: string }) => Name !== 'PGPASSWORD');
    return `${server(plan)}: ContainerDefinitions cannot log in`;
  },
  'a server without its session secret': (plan) => {
    const task = container(plan, server(plan));
    task.Secrets = task.Secrets.filter(({ Name }: { Name: string }) => Name !== 'SESSION_SECRET');
    return `${plan.id('Custom::FirstRelease')} (Custom::FirstRelease) failed: the tasks of the first release keep stopping`;
  },
  'a secret that the task asks a wrong field of': (plan) => {
    const secret = container(plan, server(plan)).Secrets.find(
      ({ Name }: { Name: string }) => Name === 'PGUSER',
    );
    secret.ValueFrom = JSON.parse(JSON.stringify(secret.ValueFrom).replace(':username::', ':user::'));
    return server(plan);
  },
  'a server that listens on another port': (plan) => {
    const task = container(plan, server(plan));
    task.Environment.find(({ Name }: { Name: string }) => Name === 'PORT').Value = '9090';
    return plan.id('Custom::FirstRelease');
  },
  'a service with a port the container does not have': (plan) => {
    plan.resource(plan.id(SERVICE)).Properties.LoadBalancers[0].ContainerPort = 3000;
    return plan.id(SERVICE);
  },
  'an alarm that is not there': (plan) => {
    plan.resource(plan.id(SERVICE)).Properties.DeploymentConfiguration.Alarms.AlarmNames = ['nobody'];
    return plan.id(SERVICE);
  },
  'behaviours in the wrong order': (plan) => {
    const { CacheBehaviors, DefaultCacheBehavior } = config(plan);
    CacheBehaviors.unshift({ ...DefaultCacheBehavior, PathPattern: '/*' });
    return plan.id('Custom::ReleaseVerification', /^VerificationServer/);
  },
  'a bucket that CloudFront may not list': (plan) => {
    const id = plan.id('AWS::S3::BucketPolicy', /cloudfront\.amazonaws\.com/);
    for (const statement of plan.resource(id).Properties.PolicyDocument.Statement)
      if (Array.isArray(statement.Action))
        statement.Action = statement.Action.filter((action: string) => action !== 's3:ListBucket');
    return id;
  },
};

/** Plans that fail when a fault happens. */
const WRONG_WITH: Record<string, [fault: string, Wrong]> = {
  'no rollback alarm': [
    'latency-after-shift',
    (plan) => {
      delete plan.resource(plan.id(SERVICE)).Properties.DeploymentConfiguration.Alarms;
      return plan.id(SERVICE);
    },
  ],
  'nothing that ends a deployment': [
    'server-exits',
    (plan) => {
      plan.drop(plan.id('AWS::Events::Rule', /SERVICE_DEPLOYMENT_IN_PROGRESS/));
      return plan.id(SERVICE);
    },
  ],
  'no verification before the shift': [
    'verification-fails',
    (plan) => {
      const { DeploymentConfiguration } = plan.resource(plan.id(SERVICE)).Properties;
      delete DeploymentConfiguration.LifecycleHooks;
      delete DeploymentConfiguration.Alarms;
      return plan.id(SERVICE);
    },
  ],
  'a pointer that goes back after the server': [
    'late-step-fails',
    (plan) => {
      plan.drop(plan.id('Custom::ReleasePointerWayBack'));
      return 'users had the new client with the former server';
    },
  ],
  'a verification that was idle for weeks': [
    'task-killed',
    (plan) => {
      delete plan.resource(plan.id('Custom::QuietRollbackAlarms')).Properties.Hook;
      return plan.id('AWS::Lambda::Function', /^ServerServiceVerification/);
    },
  ],
  'a rotation whose time never comes': [
    'password-rotated',
    (plan) => {
      const id = plan.id('AWS::Events::Rule', /ScheduleExpression/);
      plan.resource(id).Properties.State = 'DISABLED';
      return id;
    },
  ],
  'a short stop timeout': [
    'sigterm-in-flight',
    (plan) => {
      container(plan, server(plan)).StopTimeout = 1;
      return server(plan);
    },
  ],
};

/** Logical ids that a resource waits for, through other resources too. */
function dependants(plan: Mutation, id: string, seen = new Set<string>()): string[] {
  for (const other of plan.resource(id).DependsOn ?? [])
    if (!seen.has(other)) {
      seen.add(other);
      dependants(plan, other, seen);
    }
  return [...seen];
}

/** `npm test` tries every eighth plan, because each takes seconds; `MUTATIONS=all` tries them all. */
const tried = <T>(plans: Record<string, T>) =>
  Object.entries(plans).filter((_, index) => process.env['MUTATIONS'] === 'all' || index % 8 === 0);

describe('the rehearsal of a wrong plan', () => {
  let good: Awaited<ReturnType<typeof guestbookPlan>>;
  beforeAll(async () => {
    good = await guestbookPlan('production');
  }, 60_000);
  afterAll(() => good.remove());

  test.concurrent.each(tried(WRONG))('fails with %s', { timeout: 90_000 }, async (name, wrong) => {
    const plan = Mutation.of(good.plan, name);
    const id = wrong(plan);
    const { verdict, problem } = await rehearse({ assembly: plan.save(), secondRelease: false });
    expect({ verdict, problem }).toEqual({ verdict: 'failed', problem: expect.stringContaining(id) });
  });

  test.concurrent('fails for a server without Cache-Control', { timeout: 90_000 }, async () => {
    const plan = Mutation.of(good.plan, 'no cache control');
    const [hash] = /[0-9a-f]{64}/.exec(JSON.stringify(container(plan, server(plan)).Image))!;
    const folder = join(plan.plan, `asset.${hash}`);
    const preload = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((file) =>
      /preload\b.*\.mjs$/.test(file),
    )!;
    const code = readFileSync(join(folder, preload), 'utf8');
    writeFileSync(join(folder, preload), code.replace(/setHeader\(\.\.\.UNSHARED\)/, 'getHeaders()'));
    const { problem } = await rehearse({ assembly: plan.plan, secondRelease: false });
    expect(problem).toMatch(
      new RegExp(`${plan.id(DISTRIBUTION)}.*several users the same answer for /api/health`),
    );
  });

  test.concurrent('fails for an image with untrusted certificates', { timeout: 90_000 }, async () => {
    const plan = Mutation.of(good.plan, 'no certificates');
    const [hash] = /[0-9a-f]{64}/.exec(JSON.stringify(container(plan, server(plan)).Image))!;
    const dockerfile = join(plan.plan, `asset.${hash}`, 'Dockerfile');
    writeFileSync(dockerfile, readFileSync(dockerfile, 'utf8').replace(/ NODE_EXTRA_CA_CERTS=\S+/, ''));
    const { problem } = await rehearse({ assembly: plan.plan, secondRelease: false });
    expect(problem).toContain(plan.id('Custom::Migrations'));
    expect(problem).toMatch(/certificate/);
  });

  test.concurrent.each(tried(WRONG_WITH))(
    'fails with %s',
    { timeout: 120_000 },
    async (name, [fault, wrong]) => {
      const plan = Mutation.of(good.plan, name);
      const id = wrong(plan);
      const { verdict, problem } = await rehearse({ assembly: plan.save(), faults: [fault] });
      expect({ verdict, problem }).toEqual({ verdict: 'failed', problem: expect.stringContaining(id) });
    },
  );
});
