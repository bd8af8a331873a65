import { readApplication } from '../application/read-application';
import { type EnvironmentSelection, resolveEnvironment } from '../prepare/resolve-environment';
import type { PlannedStack } from '../rehearsal/core/assembly';

/** An environment in an AWS account, identified by the names of its resources. */
export interface EnvironmentPlace {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly region: string;
}

/**
 * Finds the place of an environment of an application.
 * @throws ConfigError if the name or a setting is wrong; ApplicationError if the application's folder does not exist
 */
export function placeOf(selection: EnvironmentSelection): EnvironmentPlace {
  const { application, environment, settings } = resolveEnvironment(selection);
  const { name } = readApplication(application, settings.application);
  return { name: `${name}-${environment}`, region: settings.region };
}

/** Finds the place of the environment that a plan deploys to; undefined if the plan records no releases. */
export function placeInPlan(stacks: readonly PlannedStack[]): EnvironmentPlace | undefined {
  for (const { template, region } of stacks)
    for (const { Type, Properties } of Object.values(template.Resources)) {
      const name = Type === 'Custom::ReleaseRecord' ? Properties?.['Name'] : undefined;
      if (typeof name === 'string') return { name, region };
    }
  return undefined;
}
