import {
  connectionBudget,
  connectionsOfClass,
  maxConnections,
} from '../../constructs/database/connection-budget';
import type { Settings } from '../schema';
import type { Problems, Rule } from './rule';
import { windowProblem } from './windows';

/** Rules for the database and its connections. */
export const databaseRules: readonly Rule[] = [
  {
    reads: ['database.minimumCapacity', 'database.maximumCapacity'],
    problems: ({ database: { minimumCapacity: min, maximumCapacity: max } }) =>
      min > max ? [['database.maximumCapacity', `at least 'database.minimumCapacity', which is ${min}`]] : [],
  },
  {
    reads: ['database.minimumCapacity', 'database.instanceClass', 'database.proxy'],
    problems: ({ database: { minimumCapacity, instanceClass, proxy } }) =>
      minimumCapacity === 0 && proxy && instanceClass === undefined
        ? [
            [
              'database.minimumCapacity',
              "at least 0.5 with 'database.proxy', whose open connections never let the database pause; or turn the proxy off",
            ],
          ]
        : [],
  },
  { reads: ['database', 'server.maximumTasks', 'server.minimumTasks'], problems: connections },
  {
    reads: ['database.backupWindow', 'database.maintenanceWindow'],
    problems: ({ database: { backupWindow, maintenanceWindow } }) =>
      windowProblem(backupWindow, maintenanceWindow),
  },
  {
    reads: ['database.restore'],
    problems: ({ database: { restore } }) =>
      restore?.cluster !== undefined && restore.cluster === restore.identifier
        ? [['database.restore.identifier', 'an identifier other than that of the cluster to restore from']]
        : [],
  },
];

function connections({ database, server }: Settings): Problems {
  const { instanceClass, minimumCapacity, maximumCapacity, proxy, proxyConnectionsPercent, poolSize } =
    database;
  // Other rules check these.
  if (minimumCapacity > maximumCapacity || server.minimumTasks > server.maximumTasks) return [];
  const limit = instanceClass
    ? connectionsOfClass(instanceClass)
    : maxConnections({ serverlessV2MinCapacity: minimumCapacity, serverlessV2MaxCapacity: maximumCapacity });
  if (limit === undefined) return [];
  const budget = connectionBudget(
    { maximumTasks: server.maximumTasks, poolSize },
    {
      maxConnections: limit,
      origin: instanceClass ?? `${minimumCapacity} to ${maximumCapacity} ACU`,
      proxyPercent: proxy ? proxyConnectionsPercent : undefined,
    },
  );
  if (budget.verdict !== 'exceeded') return [];
  return [
    [
      'database.poolSize',
      `a pool size that fits the database's connections: ${budget.sum.join('; ')}. ${budget.remedies.map((remedy) => `Either ${remedy}`).join('. ')}`,
    ],
  ];
}
