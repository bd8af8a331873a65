import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  differingVersions,
  type InstalledPackage,
  installedPackages,
  pinningOverrides,
} from '../../lib/application/image/installed-packages';
import { resolveAnew } from '../../lib/application/image/resolve-anew';
import { temporaryFolder } from './support';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

type Ranges = Record<string, string>;

/** All packages of the registry, by name and version, with their dependencies. */
const published: Record<string, Record<string, Ranges>> = {
  web: { '1.0.0': { log: '~1.0.0', parse: '^2.0.0', text: '^1.0.0' } },
  tool: { '3.1.0': { log: '^2.0.0', text: '^1.0.0', 'old-text': 'npm:text@^1.0.0' } },
  log: {
    '1.0.5': { ms: '1.0.0' },
    '1.0.9': { ms: '1.0.0' },
    '2.2.0': { ms: '^2.0.0' },
    '2.3.0': { ms: '^2.0.0' },
  },
  ms: { '1.0.0': {}, '2.0.1': {}, '2.9.0': {} },
  parse: { '2.4.0': {}, '3.0.0': {} },
  text: { '1.1.0': {}, '1.7.0': {} },
};

/** Writes a package as pnpm does: each in a folder of its own, with links to its dependencies. */
function writeLinked(directory: string, installed: Record<string, Ranges>, direct: Ranges): void {
  const store = (spec: string) => {
    const [name, version] = spec.split('@') as [string, string];
    return join(directory, 'node_modules/.pnpm', `${name}@${version}`, 'node_modules', name);
  };
  const link = (target: string, path: string) => {
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, 'junction');
  };
  for (const [spec, needs] of Object.entries(installed)) {
    const [name, version] = spec.split('@') as [string, string];
    mkdirSync(store(spec), { recursive: true });
    const manifest = { name, version, dependencies: published[name]![version] };
    writeFileSync(join(store(spec), 'package.json'), JSON.stringify(manifest));
    for (const [need, other] of Object.entries(needs)) link(store(other), join(store(spec), '..', need));
  }
  for (const [name, spec] of Object.entries(direct)) link(store(spec), join(directory, 'node_modules', name));
}

const directory = join(folder, 'app');
const dependencies = { web: '1.0.0', tool: '3.1.0', log: '2.2.0' };
// No version is the newest that fits. `parse` is an override of the application, outside of the range of `web`.
writeLinked(
  directory,
  {
    'web@1.0.0': { log: 'log@1.0.5', parse: 'parse@3.0.0', text: 'text@1.1.0' },
    'tool@3.1.0': { log: 'log@2.2.0', text: 'text@1.1.0', 'old-text': 'text@1.1.0' },
    'log@1.0.5': { ms: 'ms@1.0.0' },
    'log@2.2.0': { ms: 'ms@2.0.1' },
    'ms@1.0.0': {},
    'ms@2.0.1': {},
    'parse@3.0.0': {},
    'text@1.1.0': {},
  },
  { web: 'web@1.0.0', tool: 'tool@3.1.0', log: 'log@2.2.0' },
);
const packages = installedPackages(directory, dependencies);

const registry = createServer(({ url }, response) => {
  const name = decodeURIComponent(url!.slice(1));
  const versions = Object.entries(published[name] ?? {}).map(([version, needs]) => [
    version,
    { name, version, dependencies: needs, dist: { tarball: `http://localhost/${name}-${version}.tgz` } },
  ]);
  response.writeHead(versions.length ? 200 : 404, { 'Content-Type': 'application/json' });
  const latest = versions.at(-1)?.[0];
  response.end(JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) }));
});
beforeAll(async () => {
  await once(registry.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  registry.closeAllConnections();
  registry.close();
});

describe('the installed packages', () => {
  test('are those that Node.js would load, through links', () => {
    expect([...packages.keys()]).toEqual(['web', 'tool', 'log']);
    const web = packages.get('web')!;
    expect([...web.needs].map(([name, { version }]) => `${name} ${version}`)).toEqual([
      'log 1.0.5',
      'parse 3.0.0',
      'text 1.1.0',
    ]);
    expect(packages.get('tool')!.needs.get('log')).toBe(packages.get('log'));
  });

  test('are pinned by one rule for each name, or one for each version', () => {
    expect(pinningOverrides(packages)).toEqual({
      web: '1.0.0',
      tool: '3.1.0',
      'log@1.0.5': '1.0.5',
      'log@2.2.0': '2.2.0',
      'ms@1.0.0': '1.0.0',
      'ms@2.0.1': '2.0.1',
      parse: '3.0.0',
      text: '1.1.0',
      'old-text': 'npm:text@1.1.0',
    });
    expect(pinningOverrides(packages, new Set(['ms']))).toMatchObject({
      'log@1.0.5': { '.': '1.0.5', ms: '1.0.0' },
      'log@2.2.0': { '.': '2.2.0', ms: '2.0.1' },
    });
  });

  // Only npm itself can tell that it reads the rules as they are meant, and that `npm ci` accepts the lock.
  test('are in the lock, and package.json overrides the range that excludes one', async () => {
    const { port } = registry.address() as AddressInfo;
    vi.stubEnv('npm_config_registry', `http://127.0.0.1:${port}`);
    vi.stubEnv('npm_config_cache', join(folder, 'npm'));
    const image = { name: 'image', version: '1.0.0', private: true, type: 'module', dependencies } as const;
    const { manifest, lockfile } = await resolveAnew(directory, image, packages, join(folder, 'work'));
    expect(differingVersions(packages, lockfile)).toEqual([]);
    expect(manifest).toEqual({ ...image, overrides: { parse: '3.0.0' } });
  });

  test('are compared with a lock that npm makes without the rules', () => {
    const versions = {
      web: '1.0.0',
      tool: '3.1.0',
      log: '2.2.0',
      ms: '2.9.0',
      parse: '2.4.0',
      text: '1.1.0',
    };
    const places = Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }]);
    const nested = { 'node_modules/web/node_modules/log': { version: '1.0.9' } };
    const lock = { lockfileVersion: 3, packages: { ...Object.fromEntries(places), ...nested } };
    const differing = differingVersions(packages, lock);
    expect(
      differing.map(({ name, locked, installed }) => `${name} ${locked} for ${installed}`).sort(),
    ).toEqual(['log 1.0.9 for 1.0.5', 'ms 2.9.0 for 2.0.1', 'parse 2.4.0 for 3.0.0']);
  });

  test('are compared once if they depend on each other', () => {
    const plugin: InstalledPackage = { version: '1.0.0', needs: new Map() };
    const host: InstalledPackage = { version: '2.0.0', needs: new Map([['plugin', plugin]]) };
    plugin.needs.set('host', host);
    const compared = (version: string) =>
      differingVersions(new Map([['host', host]]), {
        lockfileVersion: 3,
        packages: { 'node_modules/host': { version: '2.0.0' }, 'node_modules/plugin': { version } },
      });
    expect(compared('1.0.0')).toEqual([]);
    expect(compared('1.1.0')).toEqual([{ name: 'plugin', locked: '1.1.0', installed: '1.0.0' }]);
  });
});
