import { App } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { PreparedEnvironment } from '../prepare/prepared-environment';
import { Environment } from '../stacks/environment';
import { featureFlags } from '../stacks/feature-flags';

/**
 * Synthesises an environment in this process. `cdk synth` does the same in a separate process.
 * @param outdir folder of the cloud assembly
 * @param lifetime `temporary` for a folder that the caller removes; the CDK's messages then omit its path
 * @throws if the plan violates a rule of cdk-nag
 */
export function synthesize(
  prepared: PreparedEnvironment,
  outdir: string,
  lifetime: 'kept' | 'temporary' = 'kept',
): CloudAssembly {
  const app = new App({
    outdir,
    analyticsReporting: false,
    // This takes seconds. `cdk synth --validation` includes it.
    builtinCloudFormationValidation: false,
    context: {
      ...featureFlags,
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
    },
  });
  new Environment(app, prepared);
  return lifetime === 'kept' ? app.synth() : withoutPlaces(() => app.synth());
}

/** Suppresses messages about a report in a temporary folder. */
function withoutPlaces<T>(work: () => T): T {
  const { error } = console;
  console.error = (...texts: unknown[]) =>
    error(
      ...texts.map((text) =>
        typeof text === 'string' ? text.replace(/\n*A copy of this report can be found in: .*/, '') : text,
      ),
    );
  try {
    return work();
  } finally {
    console.error = error;
  }
}
