export { Migrations, type MigrationsProps, type SnapshotOptions } from './migrations';
