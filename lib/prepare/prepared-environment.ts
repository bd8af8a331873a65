import type { Release } from '../application/release';
import type { LintedFile } from '../migration-lint';
import type { ResolvedEnvironment } from './resolve-environment';

/** An environment with a built release: all inputs of its stacks. The sources are not included. */
export interface PreparedEnvironment extends Omit<ResolvedEnvironment, 'application'> {
  /** The release that was built from the application. */
  readonly release: Release;
  /** Folder of the release, which holds `release.json`, `image/`, `client/` and `.env.example`. */
  readonly directory: string;
  /** The migrations of the release with the lint's findings; none if files do not define the schema. */
  readonly migrations: readonly LintedFile[];
}
