/** What the template tells the handler that verifies a release through its address. */
export interface ReleaseVerificationProperties {
  readonly ServiceToken: string;
  /** Where the release is verified. */
  readonly Url: string;
  /** Every release is verified, also one that shares its checks with the one before. */
  readonly ReleaseId: string;
  /** The checks as JSON: CloudFormation would turn their numbers into text. */
  readonly Checks: string;
  /** SHA-256 of `index.html`; absent where the client is not verified. */
  readonly PageDigest?: string;
}
