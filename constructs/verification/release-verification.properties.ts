/** What the template tells the handler that verifies a release through its address. */
export interface ReleaseVerificationProperties {
  readonly ServiceToken: string;
  /** Where the release is verified. */
  readonly Url: string;
  /** Changes with what is verified, which may share its checks with what was there before. */
  readonly Release: string;
  /** The checks as JSON: CloudFormation would turn their numbers into text. */
  readonly Checks: string;
  /** SHA-256 of `index.html`; absent where the client is not verified. */
  readonly PageDigest?: string;
}
