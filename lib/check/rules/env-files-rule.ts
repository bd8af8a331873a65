import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';

/** Matches .env files of an environment, such as `.env.production` or `server/.env.staging`. */
const environmentFile = /^((?:.*\/)?\.env)\.(development|dev|test|testing|staging|stage|production|prod)$/;
const exampleFile = /(^|\/)\.env\.(example|sample|template)$/;

export const envFilesDiffer: Rule = {
  rule: 'env-files-differ',
  asks: 'The .env files of all environments contain the same variables.',
  section: '5.2',
  severity: 'warning',
  why: 'the application works in one environment, but lacks a value in another',
  fix: [
    'add the variable to the file',
    'if the environment does not need the variable, write `# NAME=` instead',
  ],
  example: '# .env.production\nVITE_API_URL=https://shop.example\n# MAIL_FROM=',
  find(application) {
    const files = application.files.flatMap(({ file }) => {
      const folder = environmentFile.exec(file)?.[1];
      return folder ? [{ file, folder, names: namesOf(application, file) }] : [];
    });
    const example = application.files.find(({ file }) => exampleFile.test(file))?.file;
    return files.flatMap(({ file, folder, names }): Found[] => {
      // Every environment reads these files.
      const shared = namesOf(application, folder);
      const others = files.filter((other) => other.folder === folder && other.file !== file);
      // A file with only client variables says nothing about server variables; in development, .env contains those.
      const ofServer =
        /\.(production|prod|staging|stage)$/.test(file) &&
        [...names.keys()].some((name) => !name.startsWith('VITE_'));
      const known =
        example && ofServer ? [{ file: example, names: namesOf(application, example, true) }] : [];
      const lacking = new Map<string, string>();
      for (const other of [...others, ...known])
        for (const name of other.names.keys())
          if (!names.has(name) && !shared.has(name) && !lacking.has(name)) lacking.set(name, other.file);
      const [first] = lacking.values();
      if (first === undefined) return [];
      return [{ file, line: 1, what: `the file lacks ${[...lacking.keys()].join(', ')}, unlike ${first}` }];
    });
  },
};

/** Returns the names of the variables in a file, with their lines. Commented names count, unless they are optional. */
function namesOf(application: CheckedApplication, file: string, needed = false): ReadonlyMap<string, number> {
  const pattern = needed ? /^\s*(?:export\s+)?([A-Z]\w*)\s*=/ : /^\s*#?\s*(?:export\s+)?([A-Z]\w*)\s*=/;
  const names = new Map<string, number>();
  (application.text(file) ?? '').split('\n').forEach((line, index) => {
    const name = pattern.exec(line)?.[1];
    if (name) names.set(name, index + 1);
  });
  return names;
}
