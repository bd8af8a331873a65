import { createHash } from 'node:crypto';
import { Duration } from 'aws-cdk-lib';
import type { Settings } from '../../config';
import type { ContentSecurityPolicyOptions } from '../../constructs/client';
import { DeploymentStrategy } from '../../constructs/server';

/** Returns a text that changes with the settings of a release. */
export function settingsDigest({ client, server, verification }: Settings): string {
  return createHash('sha256')
    .update(JSON.stringify({ client, server, verification }))
    .digest('hex')
    .slice(0, 8);
}

/** Adds the sources that monitoring needs to a Content Security Policy. */
export function withSources(
  policy: Settings['client']['contentSecurityPolicy'],
  more: Readonly<Record<string, readonly string[]>> = {},
): ContentSecurityPolicyOptions {
  const sources = Object.fromEntries(
    [...Object.keys(policy.sources), ...Object.keys(more)].map((directive) => [
      directive,
      [...(policy.sources[directive] ?? []), ...(more[directive] ?? [])],
    ]),
  );
  return { ...policy, sources };
}

/** Returns the deployment strategy that the settings choose. */
export function deploymentStrategy({ server }: Settings): DeploymentStrategy {
  const options = { bakeTime: Duration.minutes(server.bakeMinutes) };
  switch (server.deployment) {
    case 'rolling':
      return DeploymentStrategy.rolling();
    case 'canary':
      return DeploymentStrategy.canary(options);
    case 'linear':
      return DeploymentStrategy.linear(options);
    case 'blue-green':
      return DeploymentStrategy.blueGreen(options);
  }
}
