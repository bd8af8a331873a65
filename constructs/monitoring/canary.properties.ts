/** Variables through which the canary learns what to walk. */
export interface CanaryVariables {
  /** Address people use, without a slash at its end. */
  readonly BASE_URL: string;
  /** The checks, as JSON. */
  readonly CHECKS: string;
}
