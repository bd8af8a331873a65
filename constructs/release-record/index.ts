export {
  type AppliedMigration,
  type ApprovedPlan,
  type Entry,
  type MigrationsEntry,
  type ReleaseEntry,
  type Schema,
  schemaOf,
} from './entry';
export { historyPath, type Recorded, ReleaseHistory } from './release-history';
export { type RecordedMigrations, ReleaseRecord, type ReleaseRecordProps } from './release-record';
