import { join, posix } from 'node:path';
import { type PackageManifest, readJson } from '../../application/package-manifest';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';

export const buildScripts: Rule = {
  rule: 'build-scripts',
  asks: 'package.json has build:client, build:server, and a build that runs both.',
  section: '6.1',
  severity: 'warning',
  why: 'client and server cannot be built separately',
  fix: ['split the script as in the example'],
  example: `"build:client": "vite build",
"build:server": "esbuild server/index.ts --platform=node --packages=external --bundle --format=esm --outdir=dist",
"build": "npm run build:client && npm run build:server"`,
  find(application) {
    const scripts = application.manifest?.scripts;
    if (!application.manifest || buildsInPackages(application)) return [];
    const missing = ['build:client', 'build:server', 'build'].filter((name) => !scripts?.[name]);
    if (missing.length)
      return [
        {
          file: 'package.json',
          line: lineOf(application, '"scripts"'),
          what: `there is no script ${missing.join(', ')}`,
        },
      ];
    const wrong = mixedScripts(application);
    if (wrong.length > 0) return wrong;
    const build = scripts!['build']!;
    const runsBoth =
      /build:\*|build:\{/.test(build) ||
      ['build:client', 'build:server'].every((name) => build.includes(name));
    return runsBoth
      ? []
      : [
          {
            file: 'package.json',
            line: lineOf(application, '"build"'),
            what: `the script build does not run build:client and build:server: ${build}`,
          },
        ];
  },
};

/** Matches programs that run TypeScript without a build. Node.js does so itself, or with a loader. */
const runners =
  /^(tsx|ts-node|ts-node-dev|ts-node-esm|tsnd|vite-node|esno|esr|swc-node|babel-node|nodemon|bun|deno|node|pm2|pm2-runtime)$/;
export const startScript: Rule = {
  rule: 'start-runs-sources',
  asks: 'The script start runs the built server.',
  section: '6.1',
  severity: 'warning',
  why: 'production then depends on development tools, starts slowly, and runs code that no build has checked',
  fix: ['build the server first, and let start run the result, as in A.2'],
  example: '"start": "node dist/index.js"',
  find(application) {
    const { server } = application.workspace;
    const file = posix.join(server, 'package.json');
    const scripts = scriptsOf(application, server);
    // Other names say that `start` is for development.
    if (Object.keys(scripts).some((name) => /^(start|serve):prod(uction)?$/.test(name))) return [];
    const script = scripts['start'];
    if (script === undefined)
      return application.folders.entry === undefined || !application.manifest
        ? []
        : [
            {
              file,
              line: lineOf(application, '"scripts"', file),
              severity: 'note',
              what: 'there is no script start',
              why: 'nobody can see how production starts the server',
            },
          ];
    const command = lastCommand(scripts, script);
    const what = sourcesRunBy(command) ?? developmentIn(command);
    return what === undefined
      ? []
      : [
          {
            file,
            line: lineOf(application, '"start"', file),
            what: `the script start ${what}: ${script}`,
          },
        ];
  },
};

export const testsMissing: Rule = {
  rule: 'tests-missing',
  asks: 'package.json has a script that runs the tests.',
  section: '8.1',
  severity: 'note',
  why: 'nobody can see before a deployment that all tests pass',
  fix: ['write tests of the critical paths, and run them in the script test'],
  example: '"test": "vitest run"',
  find(application) {
    const { server, client, folders } = application.workspace;
    if (!application.manifest) return [];
    const isTested = [...new Set(['.', server, client, ...folders])].some((folder) =>
      Object.entries(scriptsOf(application, folder)).some(
        ([name, script]) => /^test(:|$)/.test(name) && !/no test specified/.test(script),
      ),
    );
    return isTested
      ? []
      : [
          {
            file: 'package.json',
            line: lineOf(application, '"scripts"'),
            what: 'there is no script test that runs tests',
          },
        ];
  },
};

/** Returns the command that keeps running: the last one, or that of the script that it runs. */
function lastCommand(scripts: Readonly<Record<string, string>>, script: string, depth = 0): string {
  const command = script
    .split(/&&|\|\||;/)
    .at(-1)!
    .trim();
  const name = /^(?:npm(?: run(?:-script)?)?|yarn(?: run)?|pnpm(?: run)?|bun run)\s+([\w:.-]+)\s*$/.exec(
    command,
  )?.[1];
  const next = name === undefined ? undefined : scripts[name];
  return next === undefined || depth > 5 ? command : lastCommand(scripts, next, depth + 1);
}

/** Returns a clause about a command that runs TypeScript, or a server of Vite. */
function sourcesRunBy(command: string): string | undefined {
  const words = command
    .split(/\s+/)
    .filter(
      (word) => !/^(\w+=.*|cross-env|dotenv|dotenvx|env-cmd|npx|exec|yarn|pnpm|dlx|--|-e|-f)$/.test(word),
    );
  const program = words[0]?.replace(/^.*\//, '') ?? '';
  if (program === 'vite' && !/\bvite\s+build\b/.test(command))
    return 'runs a server of Vite, which is not a production server';
  const source = words
    .slice(1)
    .find((word) => /\.[cm]?tsx?$/.test(word) && !/(^|\/)(dist|build)\//.test(word));
  if (source === undefined) return undefined;
  return runners.test(program) ? `runs the source ${source} instead of a build` : undefined;
}

/** Returns a clause about a command that starts the built server as in development. */
function developmentIn(command: string): string | undefined {
  if (/\bNODE_ENV=['"]?(development|dev)\b/.test(command))
    return 'starts the server with NODE_ENV=development';
  if (/(^|[\s/])nodemon\s|\s--watch(-path\S*)?(\s|$)/.test(command))
    return 'starts the server again after each change of a file';
  return /\s--inspect(-brk)?(=\S+)?(\s|$)/.test(command) ? 'opens the debugger of the server' : undefined;
}

/** Returns true for a workspace whose server and client have a package with a script `build` each. */
function buildsInPackages(application: CheckedApplication): boolean {
  const { server, client } = application.workspace;
  return (
    server !== client &&
    [server, client].every((folder) => scriptsOf(application, folder)['build'] !== undefined)
  );
}

/** Returns the scripts of a package of the application. */
export function scriptsOf(application: CheckedApplication, folder: string): Readonly<Record<string, string>> {
  if (folder === '.') return application.manifest?.scripts ?? {};
  const { scripts } = readJson<PackageManifest>(join(application.directory, folder, 'package.json')) ?? {};
  return scripts ?? {};
}

/** Finds scripts of one side that also or only build the other side. */
function mixedScripts(application: CheckedApplication): Found[] {
  const { 'build:client': client = '', 'build:server': server = '' } = application.manifest?.scripts ?? {};
  const found = (name: string, what: string) => ({
    file: 'package.json',
    line: lineOf(application, `"${name}"`),
    what: `the script ${name} ${what}`,
  });
  if (client.trim() === server.trim())
    return [found('build:server', `is the same as build:client: ${server}`)];
  const buildsClient = /\bvite build\b(?![^&|;]*\s(--ssr|--config|-c)\b)/;
  const buildsServer = /\b(esbuild|tsup|tsc)\b[^&|;]*\bserver\b/;
  const forDevelopment = /\bvite build\b[^&|;]*\s--mode[\s=]+['"]?(development|dev)\b/;
  return [
    ...(forDevelopment.test(client)
      ? [found('build:client', `builds the client with the mode of development: ${client}`)]
      : []),
    ...(buildsClient.test(server) ? [found('build:server', `builds the client: ${server}`)] : []),
    ...(buildsServer.test(client) ? [found('build:client', `builds the server: ${client}`)] : []),
  ];
}

/** Finds scripts that build the client with an option unsuitable for production. */
export function ofClientScripts(
  application: CheckedApplication,
  option: RegExp,
  what: string,
  fix: string,
): Found[] {
  return Object.entries(application.manifest?.scripts ?? {}).flatMap(([name, script]): Found[] => {
    const isMeant = script
      .split(/&&|\|\||;|&/)
      .some((command) => /\bvite build\b|\bbuild:client\b/.test(command) && option.test(command));
    return isMeant
      ? [
          {
            file: 'package.json',
            line: lineOf(application, `"${name}"`),
            what: `the script ${name} ${what}: ${script}`,
            fix: [fix],
          },
        ]
      : [];
  });
}

/** Returns the line of a file that contains a word first. */
export function lineOf(
  application: CheckedApplication,
  word: string,
  file = 'package.json',
): number | undefined {
  const line = (application.text(file) ?? '').split('\n').findIndex((text) => text.includes(word));
  return line === -1 ? undefined : line + 1;
}
