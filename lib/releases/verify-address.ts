import type { CheckResult } from '../../constructs/verification/checks';
import { verifyRelease } from '../../constructs/verification/verify-release';
import { readApplication } from '../application/read-application';
import { type EnvironmentSelection, resolveEnvironment } from '../prepare/resolve-environment';
import { smokeChecks } from './smoke-checks';

/** Verifies an address with the same checks that verify the application's releases in an environment. */
export async function verifyAddress(selection: EnvironmentSelection, url: string): Promise<CheckResult[]> {
  const { application, settings } = resolveEnvironment(selection);
  const { server } = readApplication(application, settings.application);
  const { all } = smokeChecks(settings.verification.checks, {
    healthPath: server.health.path,
    paths: server.paths,
  });
  return await verifyRelease(url, { checks: all, page: true }, fetch);
}
