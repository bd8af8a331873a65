export {
  type AppliedMigration,
  type ApprovedPlan,
  type Entry,
  historyPath,
  type MigrationsEntry,
  type ReleaseEntry,
  type Schema,
  schemaOf,
} from './entry';
export { type Recorded, ReleaseHistory } from './release-history';
export { type RecordedMigrations, ReleaseRecord, type ReleaseRecordProps } from './release-record';
