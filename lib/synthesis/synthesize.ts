import { App } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { PreparedEnvironment } from '../prepare/prepared-environment';
import { Environment } from '../stacks/environment';
import { featureFlags } from '../stacks/feature-flags';

/**
 * Synthesises an environment in this process. `cdk synth` does the same in a process of its own.
 *
 * @param outdir folder of the cloud assembly
 * @throws if the plan violates a rule of cdk-nag
 */
export function synthesize(prepared: PreparedEnvironment, outdir: string): CloudAssembly {
  const app = new App({
    outdir,
    analyticsReporting: false,
    // Takes seconds. `cdk synth --validation` includes it.
    builtinCloudFormationValidation: false,
    context: {
      ...featureFlags,
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
    },
  });
  new Environment(app, prepared);
  return app.synth();
}
