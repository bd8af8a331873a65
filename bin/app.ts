import { App } from 'aws-cdk-lib';
import { Environment } from '../lib/environment';
import { prepare } from '../lib/prepare';

/** What `cdk` runs: builds the application and composes the stacks of one environment. */
async function main(): Promise<void> {
  const app = new App();
  const prepared = await prepare({
    environment: app.node.tryGetContext('env'),
    application: app.node.tryGetContext('app'),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  new Environment(app, prepared);
  app.synth();
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
