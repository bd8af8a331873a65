import type { AppliedMigration, Schema } from '../../constructs/release-record';

/**
 * Returns the migrations that were applied between two schemas, oldest first.
 * @returns undefined if the records do not tell: one list of migrations does not continue the other, or a record does
 * not list all the migrations that were applied
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

/** Returns the reason why a server built for one schema must not run on another; undefined if it may. */
export function schemaProblem(then: Schema, now: Schema): string | undefined {
  const since = migrationsSince(then, now);
  if (since === undefined)
    return 'the records do not show which migrations were applied since then: the journal was rewritten, or there are too many migrations';
  const contracting = since.filter(({ contracts }) => contracts === true).map(({ tag }) => tag);
  if (contracting.length > 0)
    return `since then ${list(contracting)} removed something that its server may need`;
  const unjudged = since.filter(({ contracts }) => contracts === undefined).map(({ tag }) => tag);
  if (unjudged.length > 0) return `the migration lint did not check ${list(unjudged)}, applied since then`;
  return undefined;
}

function list(tags: readonly string[]): string {
  const shown = tags.slice(0, 5).join(', ');
  const more = tags.length - 5;
  return `${tags.length === 1 ? 'migration' : 'migrations'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
