import type { Settings } from './schema';

/** What holds for every environment unless its own file says otherwise. */
export const defaults: Settings = {
  application: {},
  region: 'us-east-1',
  network: { availabilityZones: 2, natGateways: 1 },
  database: {
    minimumCapacity: 0.5,
    maximumCapacity: 4,
    readers: 0,
    proxy: true,
    poolSize: 20,
    applicationRole: 'application',
    rotatePasswords: true,
    backupRetentionDays: 7,
    slowStatementMilliseconds: 1000,
  },
  server: {
    cpu: 512,
    memory: 1024,
    architecture: 'arm64',
    minimumTasks: 1,
    maximumTasks: 2,
    deployment: 'blue-green',
    bakeMinutes: 5,
    deployDespiteAlarms: false,
    deregistrationDelay: 30,
    stopTimeout: 60,
    shell: false,
    logLevel: 'info',
  },
  client: {
    contentSecurityPolicy: { reportOnly: false, sources: {} },
    corsOrigins: [],
    requestsPerFiveMinutes: 2000,
  },
  verification: { checks: [] },
  customerKeys: false,
  retainData: true,
  logRetentionDays: 30,
};
