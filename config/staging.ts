import type { SettingsOverrides } from './schema';

/** Production's shape at a smaller size: what works here works there. */
export const staging: SettingsOverrides = {
  database: { minimumCapacity: 1 },
  server: { minimumTasks: 2, maximumTasks: 4, shell: true },
  verification: { compareErrorsMinutes: 5 },
  monitoring: { canaryMinutes: 15 },
  customerKeys: true,
};
