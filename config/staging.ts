import type { SettingsOverrides } from './schema';

/** Settings of an environment like production, at a smaller size. */
export const staging: SettingsOverrides = {
  database: { minimumCapacity: 1 },
  server: { minimumTasks: 2, maximumTasks: 4, shell: true },
  verification: { compareErrorsMinutes: 5 },
  monitoring: { canaryMinutes: 15 },
  customerKeys: true,
};
