import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { importedPackages, misplaced } from './imported-packages';
import { stylePackages } from './style-packages';
import { usedElsewhere } from './used-packages';

const dependencyMissing: Rule = {
  rule: 'dependency-missing',
  asks: 'Every imported package is in package.json.',
  section: '4.2',
  severity: 'warning',
  why: 'the package exists only because another package depends on it, and may disappear with the next installation',
  fix: ['add the package to package.json'],
  example: 'npm install --save PACKAGE',
  async find(application) {
    const { manifest } = application;
    if (!manifest || 'workspaces' in manifest) return [];
    const declared = new Set(
      Object.keys({
        ...manifest.dependencies,
        ...manifest.devDependencies,
        ...manifest.clientDependencies,
        ...manifest.serverDependencies,
        ...manifest.optionalDependencies,
        ...(manifest as { peerDependencies?: object }).peerDependencies,
        [manifest.name ?? '']: '',
      }),
    );
    // A client with its own package.json installs its own packages.
    const isOwn = (file: string) =>
      application.files.some(
        (each) =>
          each.file.endsWith('/package.json') && file.startsWith(each.file.replace('package.json', '')),
      );
    const imported = await importedPackages(application);
    const known = new Set([...declared, ...imported.map(({ name }) => name)]);
    return [
      ...imported
        .filter(({ name }) => !declared.has(name))
        .flatMap(({ name, by }): Found[] => {
          const place = [...by.values()].find(({ file }) => !isOwn(file));
          return place
            ? [{ ...place, what: `the module imports ${name}, which is not in package.json` }]
            : [];
        }),
      ...[...stylePackages(application)]
        .filter(([name, { file }]) => !known.has(name) && !isOwn(file))
        .map(([name, place]) => ({
          ...place,
          what: `the style sheet names ${name}, which is not in package.json`,
        })),
    ];
  },
};

const dependencyMisplaced: Rule = {
  rule: 'dependency-misplaced',
  asks: 'The groups of dependencies in package.json match the imports: both sides, client and server.',
  section: '4.2',
  severity: 'warning',
  why: 'the server image contains packages that the server does not need, or lacks one that the server imports',
  fix: ['move the package to the group in the finding, and also to devDependencies, which npm installs'],
  example: '"serverDependencies": { "express": "5.3.0" }',
  async find(application) {
    return (await misplaced(application)).map(({ name, from, to, by }) => ({
      file: 'package.json',
      line: lineOfName(application, from, name),
      what: `${name} is in ${from}${from === 'devDependencies' ? ' alone' : ''} and belongs into ${to}: ${by}`,
    }));
  },
};

const dependenciesNotSeparated: Rule = {
  rule: 'dependencies-not-separated',
  asks: 'package.json separates dependencies of the client and of the server.',
  section: '4.2',
  severity: 'note',
  why: 'without the groups, the image contains the packages that the server imports',
  fix: [
    'add empty groups clientDependencies and serverDependencies to package.json',
    'run framework53 check --fix, which moves packages of one side to these groups, and to devDependencies, which npm installs',
  ],
  example: '"dependencies": {}, "clientDependencies": {}, "serverDependencies": {}',
  find({ manifest, workspace }) {
    // Packages of a workspace have dependencies of their own.
    if (!manifest || workspace.server !== workspace.client) return [];
    if (manifest.clientDependencies || manifest.serverDependencies) return [];
    return [{ file: 'package.json', what: 'client and server dependencies are in one list' }];
  },
};

const dependencyUnused: Rule = {
  rule: 'dependency-unused',
  asks: 'Every dependency is used.',
  section: '4.2',
  severity: 'note',
  why: 'an unused package is installed, audited and updated unnecessarily',
  fix: ['npm uninstall PACKAGE'],
  example: 'npm uninstall left-pad',
  async find(application) {
    const { manifest } = application;
    if (!manifest) return [];
    const used = new Set((await importedPackages(application)).map(({ name }) => name));
    const groups = ['dependencies', 'clientDependencies', 'serverDependencies'] as const;
    const names = groups.flatMap((group) =>
      Object.keys(manifest[group] ?? {}).map((name) => ({ group, name })),
    );
    const isUsed = usedElsewhere(application);
    return names
      .filter(({ name }) => !used.has(name) && !/^(@types\/|typescript$)/.test(name) && !isUsed(name))
      .map(({ group, name }) => ({
        file: 'package.json',
        line: lineOfName(application, group, name),
        what: `nothing uses ${name}, which is in ${group}`,
      }));
  },
};

/** Returns the line of a package in a group of package.json. */
function lineOfName(application: CheckedApplication, group: string, name: string): number | undefined {
  const lines = (application.text('package.json') ?? '').split('\n');
  const start = lines.findIndex((line) => line.includes(`"${group}"`));
  const at = lines.findIndex((line, index) => index >= start && line.includes(`"${name}"`));
  return start === -1 || at === -1 ? undefined : at + 1;
}

export const dependencyRules: readonly Rule[] = [
  dependenciesNotSeparated,
  dependencyMissing,
  dependencyMisplaced,
  dependencyUnused,
];
