import { type Command, EXIT, optionValue, print, printJson, table } from './command';
import { environmentOptions, prepareOptions } from './environment-options';
import { verboseOption, warningsText } from './warnings';

export const build: Command = {
  summary: "Build the application's image context and client files",
  description: `Builds a release of an application. The application's own Vite builds the client, and esbuild bundles the server.
The command writes the Docker build context and the client files, and changes nothing in the application's folder.
The same sources give the same release id in every folder.`,
  options: {
    ...environmentOptions,
    out: { value: 'DIR', description: 'Folder for the release (default: a folder in your cache)' },
    json: { description: 'Print the release as JSON' },
    verbose: verboseOption,
  },
  examples: ['framework53 build --app ../shop', 'framework53 build --app ../shop --out /tmp/shop --json'],
  async run(given) {
    const { prepareEnvironment } = await import('../lib/prepare/prepare-environment.js');
    const { release, directory } = await prepareEnvironment({
      ...prepareOptions(given),
      out: optionValue(given, 'out'),
    });
    if (given['json']) {
      printJson({ ...release, directory });
      return EXIT.done;
    }
    const { port, healthPath, paths, secrets } = release.server;
    const rows = [
      ['server', `port ${port}, health ${healthPath}, answers ${paths.join(' ')}`],
      ['secrets', secrets.map(({ name, kind }) => `${name} (${kind})`).join(', ') || 'none'],
      ['migrations', release.migrations.kind],
      ['written to', directory],
    ];
    print(
      `${release.application} ${release.releaseId}\n${table(rows)}${warningsText(release.warnings, given['verbose'] === true)}`,
    );
    return EXIT.done;
  },
};
