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

/**
 * Returns the Content Security Policy of a client. A directive in the settings replaces the sources that the build
 * found for it. The sources of monitoring are always added.
 */
export function policyOf(
  { reportOnly, sources: stated }: Settings['client']['contentSecurityPolicy'],
  found: Readonly<Record<string, readonly string[]>> = {},
  monitoring: Readonly<Record<string, readonly string[]>> = {},
): ContentSecurityPolicyOptions {
  const sources: Record<string, readonly string[]> = { ...found, ...stated };
  for (const [directive, more] of Object.entries(monitoring))
    sources[directive] = [...(sources[directive] ?? []), ...more];
  return { reportOnly, sources };
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
