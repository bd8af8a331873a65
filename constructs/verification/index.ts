export {
  type Check,
  type CheckLimits,
  type CheckResult,
  checkProblems,
  type Fetch,
  parseChecks,
  runChecks,
} from './checks';
