/** Adds one environment of an application to your own CDK app. */
import type { App } from 'aws-cdk-lib';
import { ConfigError } from '../config';
import { printable } from './findings/printable';
import { type PrepareOptions, prepareEnvironment } from './prepare/prepare-environment';
import type { EnvironmentSelection } from './prepare/resolve-environment';
import { DeliveryStack } from './stacks/delivery-stack';
import { Environment } from './stacks/environment';

export {
  ConfigError,
  type Configuration,
  ENVIRONMENTS,
  type EnvironmentName,
  type Settings,
  type SettingsOverrides,
} from '../config';
export type { MigrationsKind, Release, SecretKind } from './application/release';
export type { LintedFile } from './migration-lint';
export { type PrepareOptions, prepareEnvironment } from './prepare/prepare-environment';
export type { PreparedEnvironment } from './prepare/prepared-environment';
export {
  type EnvironmentSelection,
  type ResolvedEnvironment,
  resolveEnvironment,
} from './prepare/resolve-environment';
export type { SmokeChecks } from './releases/smoke-checks';
export type { DataStack } from './stacks/data-stack';
export type { DeliveryStack } from './stacks/delivery-stack';
export type { Edge } from './stacks/edge';
export type { EdgeOperationsStack } from './stacks/edge-operations-stack';
export type { EdgeStack } from './stacks/edge-stack';
export { Environment } from './stacks/environment';
export { featureFlags } from './stacks/feature-flags';
export type { OperationsStack } from './stacks/operations-stack';
export type { ReleaseStack } from './stacks/release-stack';

/**
 * Builds the application and adds the stacks of one environment to an app. The CDK synthesises the app
 * when the process has no more work, so you need to await the promise only to change the stacks.
 *
 * ```ts
 * import { App } from 'aws-cdk-lib';
 * import { environment } from 'framework53-cdk/app';
 *
 * environment(new App());
 * ```
 *
 * @param app receives the stacks; its context names the environment (`-c env=production`) and the application's
 *   folder (`-c app=../shop`), unless `options` do
 * @throws ConfigError, ApplicationError or MigrationLintError, with all problems at once
 */
export async function environment(app: App, options: PrepareOptions = {}): Promise<Environment> {
  const prepared = await prepareEnvironment({
    environment: app.node.tryGetContext('env'),
    application: app.node.tryGetContext('app'),
    progress: (line) => process.stderr.write(`${printable(line)}\n`),
    ...options,
  });
  refuseOtherAccount(prepared.settings.account);
  return new Environment(app, prepared);
}

/**
 * Refuses credentials of another account, so that no asset or template goes to that account. The CDK's command passes
 * their account in `CDK_DEFAULT_ACCOUNT`.
 */
function refuseOtherAccount(account: string | undefined): void {
  const given = process.env['CDK_DEFAULT_ACCOUNT'];
  if (account === undefined || !given || given === account) return;
  throw new ConfigError(
    `account: is ${account}, and the credentials are of account ${given}; set AWS_PROFILE to a profile of ${account}, or unset the credentials to synthesise without an account`,
  );
}

/**
 * Adds the stack of the roles and rules of an environment's deployments to an app.
 *
 * ```ts
 * import { App } from 'aws-cdk-lib';
 * import { delivery } from 'framework53-cdk/app';
 *
 * delivery(new App());
 * ```
 *
 * @param app receives the stack; its context names the environment (`-c env=production`) and the application's
 *   folder (`-c app=../shop`), unless `selection` does
 * @throws ConfigError or ApplicationError, with all problems at once
 */
export function delivery(app: App, selection: EnvironmentSelection = {}): DeliveryStack {
  return new DeliveryStack(app, {
    environment: app.node.tryGetContext('env'),
    application: app.node.tryGetContext('app'),
    ...selection,
  });
}
