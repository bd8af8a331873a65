/** Environment variables of the canary. */
export interface CanaryVariables {
  /** Address of the application, without a trailing slash. */
  readonly BASE_URL: string;
  /** The checks, as JSON. */
  readonly CHECKS: string;
}
