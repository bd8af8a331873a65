import { wrapped } from '../lib/findings/wrapped';
import { type Command, EXIT, print } from './command';
import { environmentOptions } from './environment-options';

export const pipeline: Command = {
  summary: 'Write GitHub Actions workflows that run these commands',
  description: `Writes .github/workflows/framework53-*.yml into the application's repository, for each environment that has
delivery.github and an account. One workflow builds, tests, rehearses and reviews pull requests. One plans, deploys and
verifies the main branch, environment by environment, with the same image. One rolls back on demand, and one reports
drift every night. If a file exists and differs, the command shows the difference and exits with 2; --write overwrites
the file. Needs no AWS account.`,
  options: {
    app: environmentOptions.app,
    write: { description: 'Overwrite workflow files that differ' },
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
        : { same: 'up to date', new: '', changed: 'differs; --write overwrites it' }[file.state];
      print(`${file.path}: ${done}\n${file.difference}`);
    }
    const names = options.environments.map(({ environment }) => environment);
    if (written.length > 0)
      print(`
Next
  roles         ${names.map((name) => `npx cdk deploy -c env=${name} -c delivery=true`).join('\n                ')}
${wrapped(
  `environments  on GitHub, in the repository's settings: ${names.flatMap((name) => [name, `${name}-plan`, `${name}-read`]).join(', ')}; allow only the branch ${options.branch} in each, and require reviewers for ${names.at(-1)}`,
  '  ',
  ' '.repeat(16),
)}
`);
    return written.length < files.filter(({ state }) => state !== 'same').length
      ? EXIT.foundWanting
      : EXIT.done;
  },
};
