import type { AppliedMigration, Schema } from '../../constructs/release-record';

/**
 * The migrations that were applied between two schemas, oldest first.
 *
 * @returns undefined if the records do not tell: one list of migrations does not continue the other, or more
 * migrations were applied than a record names
 */
export function migrationsSince(then: Schema, now: Schema): AppliedMigration[] | undefined {
  const added = now.count - then.count;
  if (added < 0 || added > now.newest.length) return undefined;
  const former = now.newest.slice(0, now.newest.length - added);
  const shared = Math.min(former.length, then.newest.length);
  if (then.count > 0 && shared === 0) return undefined;
  const tags = (migrations: readonly AppliedMigration[]) =>
    migrations
      .slice(migrations.length - shared)
      .map(({ tag }) => tag)
      .join('\n');
  if (tags(former) !== tags(then.newest)) return undefined;
  return now.newest.slice(now.newest.length - added);
}

/** The reason why a server of one schema must not run on another; undefined if it may. */
export function schemaProblem(then: Schema, now: Schema): string | undefined {
  const since = migrationsSince(then, now);
  if (since === undefined)
    return 'the records do not tell which migrations were applied since: the journal was rewritten, or they are too many';
  const contracting = since.filter(({ contracts }) => contracts === true).map(({ tag }) => tag);
  if (contracting.length > 0)
    return `since then ${list(contracting)} took away from the schema what that server may need`;
  const unjudged = since.filter(({ contracts }) => contracts === undefined).map(({ tag }) => tag);
  if (unjudged.length > 0)
    return `nobody has judged whether that server can live with ${list(unjudged)}, applied since then`;
  return undefined;
}

function list(tags: readonly string[]): string {
  const shown = tags.slice(0, 5).join(', ');
  const more = tags.length - 5;
  return `${tags.length === 1 ? 'migration' : 'migrations'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
