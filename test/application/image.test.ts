import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { dockerfile } from '../../lib/application/image/dockerfile';
import { lockedDependencies } from '../../lib/application/image/locked-dependencies';
import {
  downloadsChrome,
  type Lockfile,
  lockedNeeds,
  pruneLockfile,
} from '../../lib/application/image/lockfile';
import { hasRdsCertificate, rdsCertificates } from '../../lib/application/image/rds-certificates';
import { readApplication } from '../../lib/application/read-application';
import { bundleServer } from '../../lib/application/server-bundle';
import { guestbook, installedGuestbook, makeApplication, temporaryFolder } from './support';

const folders: string[] = [];
const own = () => {
  folders.push(temporaryFolder());
  return folders.at(-1)!;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

async function dependenciesOf(directory: string) {
  const application = readApplication(directory, {});
  return lockedDependencies(application, await bundleServer(application), join(own(), 'work'), () => {});
}

describe('dependencies', () => {
  test('include all of `dependencies` and `serverDependencies`, and none that only the client uses', async () => {
    const { manifest, lockfile } = await dependenciesOf(installedGuestbook());
    expect(Object.keys(manifest.dependencies)).toEqual([
      'connect-pg-simple',
      'drizzle-orm',
      'express',
      'express-session',
      'ws',
      'zod',
    ]);
    expect(Object.keys(lockfile.packages)).not.toContain('node_modules/react');
    const original = JSON.parse(readFileSync(join(guestbook, 'package-lock.json'), 'utf8')) as Lockfile;
    for (const [place, { version }] of Object.entries(lockfile.packages))
      if (place) expect([place, version]).toEqual([place, original.packages[place]!.version]);
  });

  test('prune the lock to the same packages as npm does', async () => {
    const { manifest, lockfile } = await dependenciesOf(installedGuestbook());
    const folder = own();
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    copyFileSync(join(guestbook, 'package-lock.json'), join(folder, 'package-lock.json'));
    const options = ['--package-lock-only', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    execFileSync('npm', ['install', ...options], { cwd: folder, stdio: 'pipe' });
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lockfile;
    const listed = ({ packages }: Pick<Lockfile, 'packages'>) =>
      Object.entries(packages).map(([place, { version, optional }]) => [place, version, optional]);
    expect(listed(lockfile)).toEqual(listed({ packages }));
  });

  test('fail for a lock that is not valid JSON, as after a merge conflict', async () => {
    const folder = makeApplication(own(), { 'package-lock.json': '<<<<<<< HEAD' });
    await expect(dependenciesOf(folder)).rejects.toThrow(
      /package-lock.json: is not valid JSON: .*\n.*delete it and run `npm install`/,
    );
  });

  // `npm test` only asks npm whether it accepts the lock, because an installation takes long; `INSTALL=true` installs.
  const installs = process.env['INSTALL'] === 'true';
  test(`have a derived lock that \`npm ci --omit=dev\` ${installs ? 'installs' : 'accepts'}`, async () => {
    const { manifest, lockfile } = await dependenciesOf(installedGuestbook());
    const folder = own();
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockfile));
    const options = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    execFileSync('npm', ['ci', ...options, ...(installs ? [] : ['--dry-run'])], {
      cwd: folder,
      stdio: 'pipe',
    });
    if (!installs) return;
    const wanted = Object.entries(lockfile.packages).filter(([place, { optional }]) => place && !optional);
    for (const [place, { version }] of wanted)
      expect([place, JSON.parse(readFileSync(join(folder, place, 'package.json'), 'utf8')).version]).toEqual([
        place,
        version,
      ]);
    expect(existsSync(join(folder, 'node_modules', 'vite'))).toBe(false);
  }, 180_000);

  test('from one flat list include what the server imports or names, native modules too', async () => {
    const directory = makeApplication(
      own(),
      {
        'server/extra.ts': `import bcrypt from 'bcrypt';\nconsole.log(bcrypt.hash('x', 10), ['view engine', 'zod']);\n`,
        'server/index.ts': `import './extra';\n${readFileSync(join(__dirname, '..', 'fixtures', 'applications', 'pushed', 'server', 'index.ts'), 'utf8')}`,
      },
      { packages: { bcrypt: 'export default { hash: async (text) => `hashed ${text}` };' } },
    );
    const file = join(directory, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    manifest.dependencies.bcrypt = '1.0.0';
    writeFileSync(file, JSON.stringify(manifest));
    const lock = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')) as Lockfile;
    lock.packages[''] = manifest;
    lock.packages['node_modules/bcrypt'] = { version: '1.0.0', hasInstallScript: true };
    writeFileSync(join(directory, 'package-lock.json'), JSON.stringify(lock));
    const { manifest: image, warnings } = await dependenciesOf(directory);
    expect(Object.keys(image.dependencies)).toEqual([
      'bcrypt',
      'connect-pg-simple',
      'drizzle-orm',
      'express',
      'express-session',
      'zod',
    ]);
    expect(warnings).toEqual([]);
  });

  test('include an optional peer that a package loads by its name', async () => {
    const directory = makeApplication(
      own(),
      {
        'server/index.ts': `import express from 'express';\nimport orm from 'orm';\nexpress().use(orm).listen(process.env.PORT);\n`,
      },
      { packages: { orm: 'export default () => {};' } },
    );
    const meta = { pg: { optional: true }, mysql2: { optional: true } };
    writeFileSync(
      join(directory, 'node_modules', 'orm', 'package.json'),
      JSON.stringify({ name: 'orm', version: '1.0.0', type: 'module', peerDependenciesMeta: meta }),
    );
    const file = join(directory, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    Object.assign(manifest.dependencies, { orm: '1.0.0', pg: '8.22.0' });
    writeFileSync(file, JSON.stringify(manifest));
    const lock = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')) as Lockfile;
    lock.packages[''] = manifest;
    lock.packages['node_modules/orm'] = { version: '1.0.0' };
    lock.packages['node_modules/pg'] = { version: '8.22.0' };
    writeFileSync(join(directory, 'package-lock.json'), JSON.stringify(lock));
    expect((await dependenciesOf(directory)).manifest.dependencies).toEqual({
      express: '5.3.0',
      orm: '1.0.0',
      pg: '8.22.0',
    });
  });

  test('include the whole flat list if the server imports computed names', async () => {
    const directory = makeApplication(own(), {
      'server/extra.ts': 'export const load = (name: string) => import(name);\n',
      'server/index.ts': `import { load } from './extra';\nimport express from 'express';\nload('x').catch(() => express().listen(process.env.PORT));\n`,
    });
    const { manifest } = await dependenciesOf(directory);
    expect(Object.keys(manifest.dependencies)).toContain('react');
  });

  test('are overridden by exact versions, because npm refuses an override of a dependency by a range', async () => {
    const directory = makeApplication(own());
    const file = join(directory, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    const { 'drizzle-orm': drizzle, react } = { ...manifest.dependencies, ...manifest.devDependencies };
    manifest.dependencies.express = '^5.0.0';
    manifest.overrides = {
      express: { '.': '^5.0.0', 'drizzle-orm': '$drizzle-orm' },
      qs: '^6.0.0',
      'body-parser': { 'react@18': '$react' },
    };
    const lock = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')) as Lockfile;
    lock.packages[''] = manifest;
    writeFileSync(file, JSON.stringify(manifest));
    writeFileSync(join(directory, 'package-lock.json'), JSON.stringify(lock));
    const { manifest: image } = await dependenciesOf(directory);
    expect(image.dependencies).toMatchObject({ express: '5.3.0', 'drizzle-orm': drizzle });
    // The server does not need react, so the image's package.json has no such dependency.
    expect(image.overrides).toEqual({
      express: { '.': '5.3.0', 'drizzle-orm': drizzle },
      qs: '^6.0.0',
      'body-parser': { 'react@18': react },
    });
  });

  test('include a development dependency that the server imports, with a warning', async () => {
    const directory = makeApplication(own(), {
      'server/index.ts': `import express from 'express';\nimport ts from 'typescript';\nconsole.log(ts.version);\nexpress().listen(process.env.PORT);\n`,
    });
    const { manifest, warnings } = await dependenciesOf(directory);
    expect(manifest.dependencies).toEqual({ express: '5.3.0', typescript: '6.0.3' });
    expect(warnings.map(({ what }) => what)).toEqual([
      expect.stringContaining('the server imports typescript, which is a development'),
    ]);
  });

  describe('without a lock', () => {
    const server = `import express from 'express';\nimport one from 'one';\nexpress().use(one).listen(process.env.PORT);\n`;
    /** Application with an installation of two small packages, one of which names an optional one. */
    function installedWithoutLock({ optional, version = '1.0.0' }: { optional: boolean; version?: string }) {
      const one = { version: '1.0.0', ...(optional && { optionalDependencies: { 'one-on-arm': '1.0.0' } }) };
      const express = { version: '5.3.0' };
      const lock = {
        lockfileVersion: 3,
        packages: { 'node_modules/one': one, 'node_modules/express': express },
      };
      const directory = makeApplication(
        own(),
        { 'server/index.ts': server, 'package-lock.json': null },
        { packages: { one: 'export default () => {};', express: 'export default () => {};' } },
      );
      for (const [name, text] of Object.entries({
        '.package-lock.json': JSON.stringify(lock),
        'one/package.json': JSON.stringify({ name: 'one', type: 'module', ...one, version }),
        'express/package.json': JSON.stringify({ name: 'express', type: 'module', ...express }),
      }))
        writeFileSync(join(directory, 'node_modules', name), text);
      return directory;
    }

    test('come from the list of installed packages, with a warning', async () => {
      const { manifest, lockfile, warnings } = await dependenciesOf(
        installedWithoutLock({ optional: false }),
      );
      expect(manifest.dependencies).toEqual({ express: '5.3.0', one: '1.0.0' });
      expect(Object.keys(lockfile.packages)).toEqual(['', 'node_modules/express', 'node_modules/one']);
      expect(warnings.find(({ rule }) => rule === 'no-usable-lock')?.why).toContain('the installed versions');
    });

    test.each([
      ['lacks an optional package, which another platform may need', { optional: true }],
      ['has another version than the folder', { optional: false, version: '1.0.1' }],
    ])('are resolved anew if the list %s', async (_, options) => {
      // No registry has a package of this name in this version, so npm refuses.
      vi.stubEnv('npm_config_offline', 'true');
      await expect(dependenciesOf(installedWithoutLock(options))).rejects.toThrow(
        /package-lock.json: cannot be used, and the dependencies cannot be resolved anew/,
      );
    });
  });

  test('fail for a package that is not installed', async () => {
    const directory = makeApplication(own(), {
      'server/index.ts': `import express from 'express';\nimport multer from 'multer';\nexpress().use(multer().any()).listen(process.env.PORT);\n`,
    });
    await expect(dependenciesOf(directory)).rejects.toThrow(/imports multer.*npm install multer/s);
  });
});

test('a CommonJS server has require, __dirname and __filename', async () => {
  const directory = makeApplication(own(), {
    'server/index.ts': `import { name } from './own';
      const express = require('express');
      console.log(JSON.stringify([typeof express.Router, __dirname, __filename, name]));
      if (process.argv[2]) express().listen(process.env.PORT);`,
    'server/own.ts':
      "const __dirname = 'own';\nconst require = (x: string) => x;\nexport const name = require(__dirname);",
  });
  const { files } = await bundleServer(readApplication(directory, {}));
  const dist = join(directory, 'dist');
  mkdirSync(dist);
  writeFileSync(join(dist, 'index.mjs'), files.get('index.js')!);
  const output = execFileSync(process.execPath, [join(dist, 'index.mjs')]).toString();
  expect(JSON.parse(output)).toEqual(['function', dist, join(dist, 'index.mjs'), 'own']);
});

test('imports of files of a package get the extension that Node.js needs', async () => {
  const directory = makeApplication(own(), {
    'server/index.ts': `import utc from 'dates/plugin/utc';
      import zones from 'dates/zones';
      import whole from 'dates/plugin/whole.js';
      import strict from '@made/strict/part';
      import express from 'express';
      console.log([utc, zones, whole, strict].join());
      if (process.argv[2]) express().listen(process.env.PORT);`,
    'node_modules/dates/package.json': '{"name":"dates","version":"1.0.0"}',
    'node_modules/dates/plugin/utc.js': "module.exports = 'utc';",
    'node_modules/dates/plugin/whole.js': "module.exports = 'whole';",
    'node_modules/dates/zones/index.js': "module.exports = 'zones';",
    'node_modules/@made/strict/package.json':
      '{"name":"@made/strict","version":"1.0.0","exports":{"./part":"./dist/a.js"}}',
    'node_modules/@made/strict/dist/a.js': "module.exports = 'strict';",
    'node_modules/@made/strict/part.js': "module.exports = 'wrong';",
  });
  const bundle = await bundleServer(readApplication(directory, {}));
  mkdirSync(join(directory, 'dist'));
  writeFileSync(join(directory, 'dist/index.mjs'), bundle.files.get('index.js')!);
  expect(bundle.packages).toEqual(['@made/strict', 'dates', 'express']);
  expect(execFileSync(process.execPath, [join(directory, 'dist/index.mjs')]).toString()).toBe(
    'utc,zones,whole,strict\n',
  );
});

test('a missing file that the server imports within try is no package', async () => {
  const directory = makeApplication(own(), {
    'server/index.ts': `import express from 'express';
      try { await import('../scripts/missing.js'); } catch { console.log('without'); }
      try { require('./gone'); require('/opt/plugin.js'); } catch { console.log('without'); }
      if (process.argv[2]) express().listen(process.env.PORT);`,
  });
  const { packages, warnings } = await bundleServer(readApplication(directory, {}));
  expect(packages).toEqual(['express']);
  expect(warnings.map(({ place, what }) => `${place}: ${what}`)).toEqual(
    ['../scripts/missing.js', './gone', '/opt/plugin.js'].map(
      (path) => `server/index.ts: the module imports ${path}, which the application does not contain`,
    ),
  );
});

test('the server loads the library of pdf-parse 1 without the file of its tests', async () => {
  const index =
    "module.exports = require('./lib/pdf-parse.js');\nif (!module.parent) require('fs').readFileSync('./test/data/a.pdf');";
  const bundleWith = async (version: string, packageFiles: Record<string, string>) => {
    const files = Object.entries(packageFiles).map(([file, text]) => [
      `node_modules/pdf-parse/${file}`,
      text,
    ]);
    const directory = makeApplication(own(), {
      'server/index.ts': `import parse from 'pdf-parse';
        import express from 'express';
        console.log(parse());
        if (process.argv[2]) express().listen(process.env.PORT);`,
      'node_modules/pdf-parse/package.json': JSON.stringify({ name: 'pdf-parse', version, main: 'index.js' }),
      ...Object.fromEntries(files),
    });
    const bundle = await bundleServer(readApplication(directory, {}));
    mkdirSync(join(directory, 'dist'));
    writeFileSync(join(directory, 'dist/index.mjs'), bundle.files.get('index.js')!);
    expect(bundle.packages).toContain('pdf-parse');
    return execFileSync(process.execPath, [join(directory, 'dist/index.mjs')], { cwd: directory }).toString();
  };
  const parse = "module.exports = () => 'text of a PDF';";
  expect(await bundleWith('1.1.1', { 'index.js': index, 'lib/pdf-parse.js': parse })).toBe('text of a PDF\n');
  expect(await bundleWith('2.0.0', { 'index.js': parse })).toBe('text of a PDF\n');
});

test('a lock is pruned by following dependencies, optional and peer dependencies', () => {
  const lock: Lockfile = {
    lockfileVersion: 2,
    packages: {
      '': {},
      'node_modules/a': {
        version: '1.0.0',
        dependencies: { b: '1' },
        optionalDependencies: { native: '1' },
        peerDependencies: { peer: '1', maybe: '1' },
        peerDependenciesMeta: { maybe: { optional: true } },
      },
      'node_modules/a/node_modules/b': { version: '1.5.0', dependencies: { c: '1' } },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/c': { version: '1.0.0', dev: true },
      'node_modules/native': { version: '1.0.0', optional: true, dependencies: { helper: '1' } },
      'node_modules/helper': { version: '1.0.0', devOptional: true },
      'node_modules/peer': { version: '1.0.0', peer: true },
      'node_modules/maybe': { version: '1.0.0' },
      'node_modules/tool': { version: '1.0.0', dev: true },
    },
  };
  const manifest = {
    name: 'x',
    version: '1.0.0',
    private: true,
    type: 'module',
    dependencies: { a: '1.0.0' },
  } as const;
  const { packages, lockfileVersion } = pruneLockfile(lock, manifest);
  expect(lockfileVersion).toBe(3);
  expect(Object.keys(packages)).toEqual([
    '',
    'node_modules/a',
    'node_modules/a/node_modules/b',
    'node_modules/c',
    'node_modules/helper',
    'node_modules/native',
    'node_modules/peer',
  ]);
  expect(packages['node_modules/c']).toEqual({ version: '1.0.0' });
  expect(packages['node_modules/helper']).toEqual({ version: '1.0.0', optional: true });
});

test('the pruned lock does not depend on the npm version or on the order of entries', () => {
  const manifest = { name: 'x', version: '1.0.0', dependencies: { a: '1.0.0', b: '1.0.0' } };
  const [a, b] = [
    {
      version: '1.0.0',
      resolved: 'https://example.com/a.tgz',
      integrity: 'sha512-a',
      engines: { node: '20' },
    },
    { version: '1.0.0', hasInstallScript: true },
  ];
  const older = { lockfileVersion: 2, packages: { 'node_modules/a': a, 'node_modules/b': b } };
  const reversed = Object.fromEntries(Object.entries(a).reverse());
  const newer = {
    lockfileVersion: 3,
    packages: {
      'node_modules/b': { ...b, license: 'MIT', peer: true },
      'node_modules/a': { funding: { url: 'https://example.com' }, ...reversed, devOptional: true },
    },
  };
  expect(JSON.stringify(pruneLockfile(newer, manifest))).toBe(JSON.stringify(pruneLockfile(older, manifest)));
  expect(pruneLockfile(older, manifest).packages['node_modules/b']).toEqual(b);
});

test('a dependency is resolved as Node.js does, and a missing one is named', () => {
  const packages: Lockfile['packages'] = {
    'node_modules/@s/a': { dependencies: { b: '1', gone: '1' }, peerDependencies: { host: '1' } },
    'node_modules/@s/a/node_modules/b': { dependencies: { c: '1', '@s/a': '1' } },
    'node_modules/b': {},
    'node_modules/c': { optionalDependencies: { d: '1' } },
    'packages/own/node_modules/c': {},
  };
  const { places, missing, missingPeers } = lockedNeeds({ lockfileVersion: 3, packages }, ['@s/a', 'none']);
  expect([...places.keys()]).toEqual([
    'node_modules/@s/a',
    'node_modules/@s/a/node_modules/b',
    'node_modules/c',
  ]);
  expect([...missing, ...missingPeers]).toEqual(['gone', 'none', 'host']);
});

test('the certificates are the current ones of RDS in common regions, and of Amazon for the proxy', () => {
  const pem = rdsCertificates();
  for (const region of [
    'us-east-1',
    'us-west-2',
    'eu-central-1',
    'eu-west-1',
    'ap-northeast-1',
    'ap-southeast-2',
    'sa-east-1',
    'ca-central-1',
  ])
    for (const kind of ['RSA2048', 'RSA4096', 'ECC384'])
      expect(pem).toContain(`# Amazon RDS ${region} Root CA ${kind} G1\n`);
  expect(pem).toContain('# Amazon Root CA 1\n');
  expect(pem).not.toMatch(/2019|Beta|Preview/);
  expect([hasRdsCertificate('eu-north-1'), hasRdsCertificate('mx-central-1')]).toEqual([true, false]);
});

test('the Dockerfile installs Debian packages for programs that the server starts', () => {
  const text = dockerfile({
    nodeVersion: '24',
    port: 5000,
    healthPath: '/up',
    command: ['node', 'dist/index.js'],
    legacyPeers: false,
    writableFolders: [],
    systemPackages: ['ffmpeg', 'python3'],
    puppeteer: false,
  });
  const [, final] = text.split('-slim\n');
  expect(final).toMatch(
    /^RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg python3 && rm/m,
  );
  expect(final!.indexOf('apt-get')).toBeLessThan(final!.indexOf('USER 1000'));
});

test('the Dockerfile does not download the Chrome of Puppeteer, and names the Chromium that it installs', () => {
  const contents = {
    nodeVersion: '24',
    port: 5000,
    healthPath: '/up',
    command: ['node', 'dist/index.js'],
    legacyPeers: false,
    writableFolders: [],
    puppeteer: true,
  };
  expect(dockerfile({ ...contents, systemPackages: [] })).toMatch(
    /^RUN PUPPETEER_SKIP_DOWNLOAD=true npm ci /m,
  );
  expect(dockerfile({ ...contents, systemPackages: [] })).not.toMatch('EXECUTABLE_PATH');
  expect(dockerfile({ ...contents, systemPackages: ['chromium'] })).toMatch(
    /-slim\n(.*\n)*ENV PUPPETEER_EXECUTABLE_PATH=\/usr\/bin\/chromium\n(.*\n)*USER 1000/,
  );
});

test.each([
  ['node_modules/puppeteer', '24.7.0', true],
  ['node_modules/html-to-pdf/node_modules/puppeteer', '19.11.1', true],
  ['node_modules/puppeteer', '18.2.1', false],
  ['node_modules/puppeteer-core', '24.7.0', false],
])('%s %s downloads Chrome to the home directory: %s', (place, version, expected) => {
  expect(downloadsChrome({ lockfileVersion: 3, packages: { [place]: { version } } })).toBe(expected);
});

test('the Dockerfile installs on the target platform and runs as an unprivileged user', () => {
  const text = dockerfile({
    nodeVersion: '24',
    port: 5000,
    healthPath: '/up',
    command: ['node', 'dist/index.js'],
    legacyPeers: false,
    writableFolders: ['uploads'],
    systemPackages: [],
    puppeteer: false,
  });
  expect(text).toMatchInlineSnapshot(`
    "FROM public.ecr.aws/docker/library/node:24-bookworm AS dependencies
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm ci --omit=dev --no-audit --no-fund && mkdir -p node_modules

    FROM public.ecr.aws/docker/library/node:24-bookworm-slim
    ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/app/rds-ca.pem
    WORKDIR /app
    COPY --from=dependencies /app/node_modules ./node_modules
    COPY . .
    RUN mkdir -p /app/uploads && chown node:node /app/uploads
    VOLUME ["/tmp","/app/uploads"]
    USER 1000:1000
    EXPOSE 5000
    HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node","-e","fetch('http://127.0.0.1:5000/up').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
    CMD ["node","dist/index.js"]
    "
  `);
});
