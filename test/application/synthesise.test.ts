import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApplication } from '../../lib/application/build-application';
import type { Release } from '../../lib/application/release';
import { nagFindings } from '../support';
import { testEnvironment } from '../support/environment';
import { edited, makeApplication, temporaryFolder } from './support';

/** An application nobody adapted: pushed schema, fixed port, routes outside /api, files written. */
describe('an application as its authors left it', () => {
  const folder = temporaryFolder();
  const directory = join(folder, 'release');
  let release: Release;
  let stacks: ReturnType<typeof testEnvironment>;

  beforeAll(async () => {
    const routes = edited(
      'server/routes.ts',
      ['import { createServer', "import { mkdirSync } from 'fs';\nimport { createServer"],
      ['  app.use(\n    session', "  mkdirSync('uploads', { recursive: true });\n  app.use(\n    session"],
    );
    const application = makeApplication(folder, { 'server/routes.ts': routes });
    release = await buildApplication({ directory: application, out: directory, config: {} });
    stacks = testEnvironment('production', { change: release, directory });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const template = () => Template.fromStack(stacks.environment.release);

  test('synthesises without a finding of cdk-nag', () => {
    expect(nagFindings(stacks.app)).toEqual([]);
  });

  test('listens on the port of its code, and is asked for health where it answers', () => {
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPath: release.server.healthPath,
    });
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: Match.arrayWith([
        Match.objectLike({ PortMappings: [Match.objectLike({ ContainerPort: release.server.port })] }),
      ]),
    });
  });

  test('gets every path that it answers, and no other', () => {
    const [distribution] = Object.values(template().findResources('AWS::CloudFront::Distribution'));
    const behaviors = distribution!.Properties.DistributionConfig.CacheBehaviors as {
      PathPattern: string;
      AllowedMethods?: string[];
    }[];
    const toServer = behaviors.filter(({ AllowedMethods = [] }) => AllowedMethods.includes('POST'));
    expect(toServer.map(({ PathPattern }) => PathPattern).sort()).toEqual([...release.server.paths].sort());
    expect(release.server.paths.length).toBeGreaterThan(1);
  });

  test('has its secrets injected, and its schema made from the baseline', () => {
    const names = release.server.secrets.map(({ name }) => ({ Name: name, ValueFrom: Match.anyValue() }));
    expect(names.length).toBeGreaterThan(0);
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: Match.arrayWith([Match.objectLike({ Secrets: Match.arrayWith(names) })]),
    });
    expect(release.migrations.kind).toBe('baseline');
    template().hasResourceProperties('Custom::Migrations', { Digest: release.migrations.digest });
  });

  test('may write where it writes, and nowhere else', () => {
    const mounts = (release.server.writableFolders ?? []).map((ContainerPath) =>
      Match.objectLike({ ContainerPath, ReadOnly: false }),
    );
    expect(mounts.length).toBeGreaterThan(0);
    template().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: Match.arrayWith([
        Match.objectLike({ ReadonlyRootFilesystem: true, MountPoints: Match.arrayWith(mounts) }),
      ]),
    });
  });
});
