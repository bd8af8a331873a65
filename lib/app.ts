/** The composition: one environment of an application in a CDK app of one's own. */
import type { App } from 'aws-cdk-lib';
import { prepare, type Target } from './prepare/prepare';
import { Environment } from './stacks/environment';

export {
  ConfigError,
  type Configuration,
  ENVIRONMENTS,
  type EnvironmentName,
  type Override,
  type Settings,
} from '../config';
export type { MigrationsKind, Release, SecretKind } from './application/release';
export type { LintedFile } from './migration-lint';
export { type Located, locate, type Prepared, prepare, type Target } from './prepare/prepare';
export type { SmokeChecks } from './releases/smoke-checks';
export type { DataStack } from './stacks/data-stack';
export type { Edge } from './stacks/edge';
export type { EdgeOperationsStack } from './stacks/edge-operations-stack';
export type { EdgeStack } from './stacks/edge-stack';
export { Environment } from './stacks/environment';
export { featureFlags } from './stacks/feature-flags';
export type { OperationsStack } from './stacks/operations-stack';
export type { ReleaseStack } from './stacks/release-stack';

/**
 * Builds the application and composes the stacks of one environment. The CDK synthesises an app once nothing is
 * left to do, so nobody has to wait for the promise, unless to add to what it gives.
 *
 * ```ts
 * import { App } from 'aws-cdk-lib';
 * import { environment } from 'framework53-cdk/app';
 *
 * environment(new App());
 * ```
 *
 * @param app where the stacks go; its context names the environment (`-c env=production`) and the application's
 *   folder (`-c app=../shop`), where `target` does not
 * @throws ConfigError, ApplicationError or MigrationLintError, with everything that is wrong
 */
export async function environment(app: App, target: Target = {}): Promise<Environment> {
  const prepared = await prepare({
    environment: app.node.tryGetContext('env'),
    application: app.node.tryGetContext('app'),
    progress: (line) => process.stderr.write(`${line}\n`),
    ...target,
  });
  return new Environment(app, prepared);
}
