import type { SettingsOverrides } from './schema';

/** Settings of the environment that serves users. */
export const production: SettingsOverrides = {
  network: { natGateways: 2 },
  database: { minimumCapacity: 2, maximumCapacity: 16, readers: 1, backupRetentionDays: 30 },
  server: { cpu: 1024, memory: 2048, minimumTasks: 2, maximumTasks: 10, bakeMinutes: 15 },
  verification: { compareErrorsMinutes: 10 },
  monitoring: { availabilityObjective: 99.9, latencyObjective: 99, canaryMinutes: 5 },
  delivery: { approvals: 1, evidence: ['review', 'rehearsal'] },
  customerKeys: true,
  logRetentionDays: 365,
};
