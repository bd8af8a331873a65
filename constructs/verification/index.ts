export {
  type Check,
  type CheckLimits,
  type CheckResult,
  checkProblems,
  type Fetch,
  parseChecks,
  runChecks,
} from './checks';
export { ErrorComparison, type ErrorComparisonProps } from './error-comparison';
export { assetChecks } from './page-assets';
export { ReleaseVerification, type ReleaseVerificationProps } from './release-verification';
export { pageDigest, type ReleaseLimits, type ReleasePromise, verifyRelease } from './verify-release';
