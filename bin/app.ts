#!/usr/bin/env node
// What `cdk` runs.
import { App } from 'aws-cdk-lib';
import { environment } from '../lib/app';

const app = new App();
environment(app)
  .then(() => app.synth())
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
