import type { CheckResult } from '../../constructs/verification/checks';
import { verifyRelease } from '../../constructs/verification/verify-release';
import { readApplication } from '../application/read-application';
import { locate, type Target } from '../prepare/prepare';
import { smokeChecks } from './smoke-checks';

/** Verifies an address by what an application's releases are verified by in an environment. */
export async function verifyAddress(
  target: Pick<Target, 'environment' | 'application'>,
  url: string,
): Promise<CheckResult[]> {
  const { application, settings } = locate(target);
  const { server } = readApplication(application, settings.application);
  const { all } = smokeChecks(settings.verification.checks, {
    healthPath: server.health.path,
    paths: server.paths,
  });
  return await verifyRelease(url, { checks: all, page: true }, fetch);
}
