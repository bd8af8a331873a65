/** Type of the metadata by which a warning of the build travels in a cloud assembly. */
export const WARNING_METADATA = 'framework53:warning';

/** A warning that the build of a release gave. */
export interface PlannedWarning {
  readonly text: string;
  /** Whether it is about a secret in files that every browser gets. */
  readonly secret: boolean;
}
