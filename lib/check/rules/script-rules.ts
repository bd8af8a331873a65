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
    if (!application.manifest) return [];
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
  return [
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

function lineOf(application: CheckedApplication, word: string): number | undefined {
  const line = (application.text('package.json') ?? '').split('\n').findIndex((text) => text.includes(word));
  return line === -1 ? undefined : line + 1;
}
