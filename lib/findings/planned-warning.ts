/** Metadata type of a build warning in a cloud assembly. */
export const WARNING_METADATA = 'framework53:warning';

/** Metadata type of the folder of a release's migrations, relative to the application, in a cloud assembly. */
export const MIGRATIONS_FOLDER_METADATA = 'framework53:migrations-folder';

/** A warning from the build of a release. */
export interface PlannedWarning {
  readonly text: string;
  /** True for a warning about a secret in client files. */
  readonly secret: boolean;
  /** True if no action is needed: a note of the check, or a finding that a comment in the application suppresses. */
  readonly note?: boolean;
}
