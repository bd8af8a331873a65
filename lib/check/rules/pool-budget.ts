import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { connectionBudget, maxConnections } from '../../../constructs/database/connection-budget';
import type { CheckSettings } from '../check-settings';

/** Default maximum of a process's connections, from A.1. */
const usual = 20;

/** The connections that a server process may open, and a function that calculates the total for another number. */
export interface PoolBudget {
  readonly allowed: number;
  /** Returns a clause that compares pools of a size with the connections of the database. */
  readonly sumFor: (size: number) => string;
}

/** Reads the connection budget from the settings of the environment. */
export function poolBudget({ database, server }: CheckSettings): PoolBudget {
  const allowed = database?.poolSize ?? usual;
  return {
    allowed,
    sumFor(size) {
      const limit = database && limitOf(database);
      if (limit === undefined || !server) return 'the connection budget uses the setting';
      const origin =
        database?.instanceClass ?? `${database?.minimumCapacity} to ${database?.maximumCapacity} ACU`;
      const demand = { maximumTasks: server.maximumTasks, poolSize: size };
      const proxyPercent = database?.proxy ? database.proxyConnectionsPercent : undefined;
      const { sum, verdict } = connectionBudget(demand, { maxConnections: limit, origin, proxyPercent });
      return `${sum[0]}, and ${sum.at(-1)!}${verdict === 'exceeded' ? ', which is too few' : ''}`;
    },
  };
}

function limitOf({
  instanceClass,
  minimumCapacity,
  maximumCapacity,
}: NonNullable<CheckSettings['database']>) {
  if (instanceClass === undefined)
    return maxConnections({
      serverlessV2MinCapacity: minimumCapacity,
      serverlessV2MaxCapacity: maximumCapacity,
    });
  return maxConnections({ instanceType: { toString: () => instanceClass } as InstanceType });
}
