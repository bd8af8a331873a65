#!/usr/bin/env node
// `cdk` runs this app. It defines the stacks of an environment, or with `-c delivery=true` the environment's delivery roles.
import { App } from 'aws-cdk-lib';
import { delivery, environment } from '../lib/app';
import { printable } from '../lib/findings/printable';
import { wrappedLines } from '../lib/findings/wrapped';

const app = new App();
const defined = async () => (app.node.tryGetContext('delivery') ? delivery(app) : environment(app));
defined()
  .then(() => app.synth())
  .catch((error: Error) => {
    process.stderr.write(
      `${printable(process.stderr.isTTY ? wrappedLines(error.message) : error.message)}\n`,
    );
    process.exitCode = 1;
  });
