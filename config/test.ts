import type { Override } from './schema';

/** Where automated tests run against a whole environment; made and deleted often. */
export const test: Override = {
  database: { backupRetentionDays: 1 },
  server: { shell: true },
  retainData: false,
  logRetentionDays: 7,
};
