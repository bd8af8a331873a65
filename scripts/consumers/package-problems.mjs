import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns unnecessary files of the package, and modules that its files load but nothing installs. */
export function packageProblems(folder, files, manifest) {
  const stray = files.filter(
    (path) =>
      !/^(dist\/.*\.(js|mjs|d\.ts)|dist\/bundles\/[^/]+\/index\.json|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(
        path,
      ) || /(^|\/)(test|examples|scripts)\//.test(path),
  );
  const declared = new Set([
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.peerDependencies),
    manifest.name,
  ]);
  const undeclared = files
    // Bundles include everything that they need.
    .filter((path) => /\.(js|d\.ts)$/.test(path) && !path.startsWith('dist/bundles/'))
    .flatMap((path) =>
      [...readFileSync(join(folder, path), 'utf8').matchAll(loads(path))]
        .map(([, name]) => /^(@[^/]+\/)?[^/]+/.exec(name)[0])
        .filter((name) => !name.startsWith('node:') && !declared.has(name))
        .map((name) => `${path} loads ${name}, which is not a dependency`),
    );
  return [...stray.map((path) => `${path} is of no use in the package`), ...undeclared];
}

const loads = (path) =>
  path.endsWith('.js') ? /\brequire\("([^."][^"]*)"\)/g : /\b(?:from |import\()["']([^."'][^"']*)["']/g;
