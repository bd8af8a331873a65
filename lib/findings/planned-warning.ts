/** Type of the metadata that carries a warning of the build in a cloud assembly. */
export const WARNING_METADATA = 'framework53:warning';

/** A warning from the build of a release. */
export interface PlannedWarning {
  readonly text: string;
  /** True if the warning is about a secret in files that every browser gets. */
  readonly secret: boolean;
  /** True if nobody has to act: a note of the check, or a finding that a comment in the application suppresses. */
  readonly note?: boolean;
}
