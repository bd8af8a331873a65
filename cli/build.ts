import type { Command } from './command';
import { target, targetOptions } from './target';

export const build: Command = {
  summary: "Build the application's image context and client files",
  description: `Builds a release of an application, without changing anything in its folder: the client with its own
Vite, the server with esbuild, and everything its container image is made of. The same sources give the
same release id wherever they lie.`,
  options: {
    ...targetOptions,
    out: { value: 'DIR', description: 'Where to write the release (default: below your cache folder)' },
    json: { description: 'Print the release as JSON' },
  },
  examples: ['framework53 build --app ../shop', 'framework53 build --app ../shop --out /tmp/shop --json'],
  async run(given) {
    const { prepare } = await import('../lib/prepare/prepare.js');
    const { release, directory } = await prepare(target(given));
    if (given['json']) {
      process.stdout.write(`${JSON.stringify({ ...release, directory }, null, 2)}\n`);
      return 0;
    }
    const warnings = release.warnings.map((warning) => `  ! ${warning}\n`).join('');
    process.stdout.write(`${release.application} ${release.releaseId}
  server      port ${release.server.port}, health ${release.server.healthPath}, answers ${release.server.paths.join(' ')}
  secrets     ${release.server.secrets.map(({ name, kind }) => `${name} (${kind})`).join(', ') || 'none'}
  migrations  ${release.migrations.kind}
  written to  ${directory}
${warnings}`);
    return 0;
  },
};
