import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentName, loadSettings, type Settings } from '../../config';
import type { Release } from '../../lib/application/release';
import { Environment } from '../../lib/stacks/environment';

const built = mkdtempSync(join(tmpdir(), 'release-'));
process.once('exit', () => rmSync(built, { recursive: true, force: true }));
for (const folder of ['image', 'client/assets']) mkdirSync(join(built, folder), { recursive: true });
writeFileSync(join(built, 'image/Dockerfile'), 'FROM scratch\n');
writeFileSync(join(built, 'client/index.html'), '<!doctype html><title>Shop</title>\n');
writeFileSync(join(built, 'client/assets/index-BX3k9d2a.js'), 'export {};\n');

/** A release as the build writes one, of next to nothing. */
export const release: Release = {
  formatVersion: 1,
  releaseId: '0123456789abcdef',
  application: 'shop',
  server: {
    port: 8080,
    healthPath: '/api/health',
    paths: ['/api/*'],
    command: ['node', 'dist/index.js'],
    environment: {},
    secrets: [
      { name: 'SESSION_SECRET', kind: 'generated' },
      { name: 'STRIPE_KEY', kind: 'provided' },
    ],
  },
  client: {},
  migrations: { kind: 'journal', digest: 'm1' },
  warnings: [],
};

/** Composes an environment of an application that takes no time to build. */
export function testEnvironment(
  name: EnvironmentName,
  {
    region = 'us-east-1',
    change = {},
    directory = built,
    settings: overrides = {},
    app: appProps = {},
    scope,
  }: {
    region?: string;
    change?: Partial<Release>;
    directory?: string;
    settings?: Partial<Settings>;
    app?: AppProps;
    scope?: App;
  } = {},
) {
  const settings: Settings = { ...loadSettings(name, directory), region, ...overrides };
  const app =
    scope ??
    new App({
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
      treeMetadata: false,
      ...appProps,
    });
  const environment = new Environment(app, {
    environment: name,
    settings,
    release: { ...release, ...change },
    directory,
    migrations: [],
  });
  const stacks = app.node.children.filter((child): child is Stack => 'templateOptions' in child);
  return { app, environment, stacks };
}

export type Resources = Record<
  string,
  // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
  { Type: string; Properties?: any; DependsOn?: string | string[]; DeletionPolicy?: string }
>;

export function resources(stack: Stack): Resources {
  return Template.fromStack(stack).toJSON()['Resources'] as Resources;
}
