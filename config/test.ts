import type { SettingsOverrides } from './schema';

/**
 * Where automated tests run against a whole environment; made and deleted often. Without a proxy, which on
 * Serverless v2 costs as if the database had 8 ACU.
 */
export const test: SettingsOverrides = {
  database: { proxy: false, backupRetentionDays: 1 },
  server: { shell: true },
  retainData: false,
  logRetentionDays: 7,
};
