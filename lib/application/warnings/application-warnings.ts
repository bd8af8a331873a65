import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isFile } from '../../files/is-file';
import { exampleFiles, ofOtherHosts, type Variable } from '../decisions/variables';
import { lockWarnings } from '../package-manager';
import { isSeparated } from '../package-manifest';
import type { ServerSources } from '../server-sources';
import type { Warning } from '../warning';
import type { Packages } from '../workspace';

/** Returns warnings about package.json, its locks and the documentation of variables. */
export function manifestWarnings(directory: string, { manifest, installed }: Packages): Warning[] {
  return [
    ...lockWarnings(directory, installed),
    ...(isSeparated(manifest)
      ? []
      : [
          {
            rule: 'dependencies-not-separated',
            severity: 'note' as const,
            place: 'package.json',
            what: 'client and server dependencies are not separated (§4.2)',
            why: 'the image contains the packages that the server imports',
            fix: [],
          },
        ]),
    ...(exampleFiles.some((file) => isFile(join(directory, file)))
      ? []
      : [
          {
            rule: 'variables-not-documented',
            severity: 'note' as const,
            place: '.env.example',
            what: 'the environment variables are not documented (§5.2)',
            why: '',
            fix: [],
          },
        ]),
  ];
}

/** Warns of variables without a value, depending on the consequence. */
export function variableWarnings(variables: readonly Variable[]): Warning[] {
  const unset = variables.filter(({ kind, optional }) => kind === 'unset' && !optional);
  const ofHosts = unset.filter(({ name }) => ofOtherHosts.test(name));
  const others = unset.filter(({ name }) => !ofOtherHosts.test(name));
  const dispensable = variables.filter(({ kind }) => kind === 'dispensable');
  const insisted = variables.filter(
    ({ kind, name, insisted: ends }) => kind === 'provided' && ends && isPlain(name),
  );
  const documented = variables.filter(({ kind, place }) => kind === 'provided' && place === '.env.example');
  return [
    ...about(documented, {
      rule: 'variable-only-documented',
      severity: 'caution',
      what: 'only the example variables name this variable, and no code of the server; a library may read it',
      why: 'a deployment waits until it has a value',
      fix: (name) =>
        `if no library reads it, delete it from the example variables; otherwise set it with \`framework53 secrets set ${name}\``,
    }),
    ...about(insisted, {
      rule: 'variable-insisted-on',
      severity: 'caution',
      what: 'code that runs when the server starts throws an error without a value for this variable',
      why: 'a deployment waits until it has one',
      fix: (name) =>
        `set it with \`framework53 secrets set ${name}\`, or as a constant in application.environment.${name}`,
    }),
    ...about(others, {
      rule: 'variable-unset',
      severity: 'caution',
      what: 'the server reads this variable, but it has no value',
      why: '',
      fix: (name) => `set application.environment.${name}, or application.secrets.${name}`,
    }),
    ...about(ofHosts, {
      rule: 'variable-of-another-host',
      severity: 'caution',
      what: 'only another hosting service sets this variable',
      why: 'features of that service (signing in, connectors) do not work here',
      fix: (name) => `if the server requires the variable, set application.environment.${name}`,
    }),
    ...about(dispensable, {
      rule: 'key-left-out',
      severity: 'caution',
      what: 'the code can do without this variable',
      why: 'the server gets no value, and no deployment waits for one',
      fix: (name) =>
        `to give it a value, set application.secrets.${name} to 'provided' and run \`framework53 secrets set ${name}\``,
    }),
  ];
}

function isPlain(name: string): boolean {
  return !/(SECRET|TOKEN|PASSWORD|KEY)/.test(name);
}

function about(
  variables: readonly Variable[],
  { fix, ...rest }: Omit<Warning, 'place' | 'fix'> & { fix: (name: string) => string },
): Warning[] {
  const [first] = variables;
  if (!first) return [];
  const names = variables.map(({ name, place }) => `${name} (${place})`).join(', ');
  return [{ ...rest, place: names, fix: [fix(first.name)] }];
}

/** Size in megabytes above which a file among the sources is reported. */
const largeFile = 10;
const notSources = new Set(['node_modules', '.git', 'dist', '.cache', '.local']);

/** Warns of large files that the image does not contain. */
export function largeFileWarnings(directory: string): Warning[] {
  const large: string[] = [];
  const walk = (folder: string, depth: number) => {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true })) {
      if (notSources.has(entry.name)) continue;
      const file = posix.join(folder, entry.name);
      if (entry.isDirectory() && depth < 6) walk(file, depth + 1);
      else if (entry.isFile()) {
        const size = statSync(join(directory, file)).size / 1e6;
        // Files in the client's public folder are published with the client.
        if (size >= largeFile && !/(^|\/)public\//.test(file)) large.push(`${file} (${Math.round(size)} MB)`);
      }
    }
  };
  walk('.', 0);
  if (large.length === 0) return [];
  return [
    {
      rule: 'large-files',
      severity: 'note',
      place: `${large.slice(0, 5).join(', ')}${large.length > 5 ? ` and ${large.length - 5} more` : ''}`,
      what: 'large files beside the sources',
      why: 'the image contains only the built server, so the server cannot read these files',
      fix: [],
    },
  ];
}

/** Warns of names that the build script defines with values that are not known, if the server uses them. */
export function defineWarnings(directory: string, { modules, options }: ServerSources): Warning[] {
  if (options.unknown.length === 0) return [];
  const texts = [...modules.keys()].map((file) => ({
    file,
    text: readFileSync(join(directory, file), 'utf8'),
  }));
  return options.unknown.flatMap((name): Warning[] => {
    const user = texts.find(({ text }) => text.includes(name));
    if (!user) return [];
    return [
      {
        rule: 'define-unknown',
        severity: 'danger',
        place: user.file,
        what: `the server uses ${name}, which the build script defines with a value computed at run time`,
        why: 'the release is built without this script, so the name is not defined there',
        fix: [`read a variable instead, such as process.env.${name.replace(/\W|^_+|_+$/g, '')}`],
      },
    ];
  });
}
