import type { SettingsOverrides } from './schema';

/**
 * The environment for automated tests, which is created and deleted often. It has no RDS Proxy: with Serverless v2,
 * a proxy costs as much as 8 ACUs.
 */
export const test: SettingsOverrides = {
  database: { proxy: false, backupRetentionDays: 1 },
  server: { shell: true },
  retainData: false,
  logRetentionDays: 7,
};
