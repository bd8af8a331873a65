import type { Release } from '../application/release';
import type { LintedFile } from '../migration-lint';
import type { ResolvedEnvironment } from './resolve-environment';

/** An environment whose release is built: all that its stacks are made from. The sources are no part of it. */
export interface PreparedEnvironment extends Omit<ResolvedEnvironment, 'application'> {
  /** The release that was built from the application. */
  readonly release: Release;
  /** Folder of the release, which holds `release.json`, `image/`, `client/` and `.env.example`. */
  readonly directory: string;
  /** The migrations of the release with the lint's findings; none if the schema is not migrated by files. */
  readonly migrations: readonly LintedFile[];
}
