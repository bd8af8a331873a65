/** Value of `PageDigest` for a page that the server renders for each request. */
export const ANY_PAGE = 'any';

/** Properties of the custom resources that verify a release. */
export interface ReleaseVerificationProperties {
  readonly ServiceToken: string;
  /** URL at which the release is verified. */
  readonly Url: string;
  /** Text that changes with each release, because two releases may have the same checks. */
  readonly Release: string;
  /** Checks as JSON, because CloudFormation would turn their numbers into strings. */
  readonly Checks: string;
  /** SHA-256 of the page, or `ANY_PAGE`; undefined for the server. */
  readonly PageDigest?: string;
}
