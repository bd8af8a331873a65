import { type Command, EXIT } from './command';
import { environmentOptions } from './environment-options';

export const pipeline: Command = {
  summary: 'Write the GitHub Actions workflows that call these commands',
  description: `Writes .github/workflows/framework53-*.yml into the repository of the application, for each environment that has
delivery.github and an account: a pull request is built, tested, rehearsed and reviewed; the main branch is planned,
approved, deployed and verified, environment by environment, with one image; a rollback by hand; drift every night.
Files that are there and differ are shown, and not written without --write (exit 2). Needs no AWS account.`,
  options: {
    app: environmentOptions.app,
    write: { description: 'Write files over those that differ' },
  },
  examples: ['framework53 pipeline', 'framework53 pipeline --app apps/shop --write'],
  async run(given) {
    const { pipelineOf, compareWorkflows, writeWorkflows } = await import(
      '../lib/pipeline/write-workflows.js'
    );
    const options = pipelineOf({ application: given['app'] as string | undefined });
    const files = await compareWorkflows(options);
    const written = files.filter(({ state }) => state === 'new' || (state === 'changed' && given['write']));
    writeWorkflows(options.root, written);
    for (const file of files) {
      const done = written.includes(file)
        ? 'written'
        : { same: 'the same', new: '', changed: 'differs' }[file.state];
      process.stdout.write(`${file.path}: ${done}\n${file.difference}`);
    }
    const names = options.environments.map(({ environment }) => environment);
    if (written.length > 0)
      process.stdout.write(`
Next
  roles         ${names.map((name) => `npx cdk deploy -c env=${name} -c delivery=true`).join('\n                ')}
  environments  in the repository's settings on GitHub: ${names.flatMap((name) => [name, `${name}-plan`, `${name}-read`]).join(', ')};
                each for the branch ${options.branch} alone, and ${names.at(-1)} with required reviewers
`);
    return written.length < files.filter(({ state }) => state !== 'same').length
      ? EXIT.foundWanting
      : EXIT.done;
  },
};
