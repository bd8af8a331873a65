import type { SettingsOverrides } from './schema';

/** Settings of an environment for experiments: cheap, paused when idle, and deleted completely. */
export const development: SettingsOverrides = {
  database: {
    minimumCapacity: 0,
    maximumCapacity: 2,
    proxy: false,
    rotatePasswords: false,
    backupRetentionDays: 1,
  },
  server: {
    cpu: 256,
    memory: 512,
    deployment: 'rolling',
    maximumTasks: 1,
    deployDespiteAlarms: true,
    shell: true,
    logLevel: 'debug',
  },
  retainData: false,
  logRetentionDays: 7,
};
