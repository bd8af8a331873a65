import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { ConfigError, type Settings } from '../../config';
import type { ContentSecurityPolicyOptions, ErrorPageOptions } from '../../constructs/client';
import { DeploymentStrategy, type ServerLoadBalancerOptions } from '../../constructs/server';

/** Returns a digest of the settings that a release is deployed with. A change of these settings changes the digest. */
export function settingsDigest({ client, server, verification }: Settings): string {
  return createHash('sha256')
    .update(JSON.stringify({ client, server, verification }))
    .digest('hex')
    .slice(0, 8);
}

/**
 * Returns the Content Security Policy of a client. A directive in the settings replaces the sources that the build
 * found for this directive. The sources of monitoring are always added.
 */
export function policyOf(
  { reportOnly, reportUri, sources: stated }: Settings['client']['contentSecurityPolicy'],
  found: Readonly<Record<string, readonly string[]>> = {},
  monitoring: Readonly<Record<string, readonly string[]>> = {},
): ContentSecurityPolicyOptions {
  const sources: Record<string, readonly string[]> = { ...found, ...stated };
  for (const [directive, more] of Object.entries(monitoring))
    sources[directive] = [...(sources[directive] ?? []), ...more];
  return { reportOnly, reportUri, sources };
}

/**
 * Returns the value of the `Permissions-Policy` header, such as `camera=(), microphone=(self
 * "https://call.example.com")`.
 */
export function permissionsPolicy({ permissionsPolicy: features }: Settings['client']): string {
  const quoted = (source: string) => (source === 'self' ? source : `"${source}"`);
  return Object.entries(features)
    .map(([feature, allowed]) =>
      allowed.includes('*') ? `${feature}=*` : `${feature}=(${allowed.map(quoted).join(' ')})`,
    )
    .join(', ');
}

/**
 * Returns the error page of a client.
 * @param files folder of the built client
 * @throws ConfigError if the build has no such page
 */
export function errorPage(
  { errorPage: { file, statuses } }: Settings['client'],
  files: string,
): ErrorPageOptions {
  if (file === undefined) return { statuses };
  const path = join(files, file);
  if (!existsSync(path))
    throw new ConfigError(
      `client.errorPage.file: is ${file}, which the built client does not contain. Put the page into the folder that Vite copies, such as client/public/${file}`,
    );
  return { statuses, html: readFileSync(path, 'utf8') };
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

/**
 * Returns the options of the load balancer.
 * @param removalPolicy removal policy of the bucket for access logs
 */
export function loadBalancerOptions(
  { server: { stickySessionMinutes } }: Settings,
  removalPolicy: RemovalPolicy,
): ServerLoadBalancerOptions {
  return {
    // The load balancer holds no data. With deletion protection, a failed first release could not delete it.
    deletionProtection: false,
    accessLogsRemovalPolicy: removalPolicy,
    ...(stickySessionMinutes > 0 && { stickinessCookieDuration: Duration.minutes(stickySessionMinutes) }),
  };
}
