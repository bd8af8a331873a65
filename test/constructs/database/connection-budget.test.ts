import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConnectionDemand, ConnectionPooling } from '../../../constructs/database';
import {
  type ConnectionSupply,
  connectionBudget,
  maxConnections,
  memoryWarning,
} from '../../../constructs/database/connection-budget';
import { type DatabaseCapacity, describeCapacity } from '../../../constructs/database/database-capacity';
import { testDatabase } from './database-stack';

const serverless = (serverlessV2MinCapacity: number, serverlessV2MaxCapacity: number) => ({
  serverlessV2MinCapacity,
  serverlessV2MaxCapacity,
});
/** Connections of a database of a capacity that is known. */
const offered = (capacity: DatabaseCapacity, proxyPercent?: number): ConnectionSupply => ({
  maxConnections: maxConnections(capacity)!,
  origin: describeCapacity(capacity),
  proxyPercent,
});

describe('max_connections', () => {
  test.each([
    [1, 1, 189],
    [1, 4, 823],
    [1, 8, 1669],
    [1, 16, 3360],
    [1, 32, 5000],
    [1, 256, 5000],
    [0.5, 8, 1669],
    [0.5, 16, 2000],
    [0, 32, 2000],
    [1, 2, 400],
  ])('%d to %d ACU accept %d connections', (minimum, maximum, connections) => {
    expect(maxConnections(serverless(minimum, maximum))).toBe(connections);
  });
  test.each([
    ['r6g.large', 1600],
    ['r8g.xlarge', 3300],
    ['r7g.16xlarge', 5000],
    ['x2g.large', 1600],
  ])('%s accepts %d connections', (type, connections) => {
    expect(maxConnections({ instanceType: new InstanceType(type) })).toBe(connections);
  });
  test.each(['m5.large', 't4g.medium', 'r6g.metal'])('of %s is unknown', (type) => {
    expect(maxConnections({ instanceType: new InstanceType(type) })).toBeUndefined();
  });
  test('never falls if the maximum capacity is raised', () => {
    const acu = fc.integer({ min: 2, max: 512 }).map((half) => half / 2);
    fc.assert(
      fc.property(acu, acu, (one, other) => {
        const [small, large] = [Math.min(one, other), Math.max(one, other)];
        return maxConnections(serverless(1, small))! <= maxConnections(serverless(1, large))!;
      }),
    );
  });
});

describe('the budget, for any demand and supply', () => {
  const demand: fc.Arbitrary<Required<ConnectionDemand>> = fc.record({
    maximumTasks: fc.integer({ min: 1, max: 200 }),
    poolSize: fc.integer({ min: 1, max: 100 }),
    overlap: fc.integer({ min: 1, max: 2 }),
    migrations: fc.integer({ min: 0, max: 10 }),
    reserve: fc.integer({ min: 0, max: 50 }),
  });
  const supply: fc.Arbitrary<ConnectionSupply> = fc
    .tuple(
      fc.integer({ min: 1, max: 512 }),
      fc.integer({ min: 2, max: 512 }),
      fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    )
    .map(([one, other, percent]) =>
      offered(serverless(Math.min(one, other) / 2, Math.max(one, other) / 2), percent),
    );
  const holds = (property: (demand: Required<ConnectionDemand>, supply: ConnectionSupply) => boolean) =>
    fc.assert(fc.property(demand, supply, property), { numRuns: 500 });

  test('is exceeded exactly if a connection could be refused', () => {
    holds((demand, supply) => {
      const { maxConnections, lent, verdict } = connectionBudget(demand, supply);
      const server = demand.maximumTasks * demand.overlap * demand.poolSize;
      const direct = demand.migrations + demand.reserve;
      return (verdict === 'exceeded') === (server > lent || lent + direct > maxConnections);
    });
  });
  test('never allots more connections than exist', () => {
    holds((demand, supply) => {
      const { lent, maxConnections } = connectionBudget(demand, supply);
      return lent >= 0 && lent <= maxConnections;
    });
  });
  test('never improves with more tasks', () => {
    holds((demand, supply) => {
      const more = { ...demand, maximumTasks: demand.maximumTasks + 1 };
      return connectionBudget(more, supply).used >= connectionBudget(demand, supply).used;
    });
  });
  test('never worsens with a larger database', () => {
    holds((demand, supply) => {
      const larger = { ...supply, maxConnections: supply.maxConnections + 100 };
      return connectionBudget(demand, larger).used <= connectionBudget(demand, supply).used + 1e-9;
    });
  });
  test('names three remedies if it does not fit', () => {
    holds((demand, supply) => {
      const { verdict, remedies } = connectionBudget(demand, supply);
      return remedies.length === (verdict === 'fits' ? 0 : 3);
    });
  });
  test('fits, or nearly, with the suggested smaller pool', () => {
    holds((demand, supply) => {
      const { remedies } = connectionBudget(demand, supply);
      const poolSize = Number(/smaller pool: (\d+)/.exec(remedies[0] ?? '')?.[1]);
      if (!poolSize) return true;
      const { server, lent } = connectionBudget({ ...demand, poolSize }, supply);
      return server <= lent;
    });
  });
  test('has enough connections for the server with the suggested larger database', () => {
    holds((demand, supply) => {
      const { remedies } = connectionBudget(demand, supply);
      const acu = Number(/maximum of (\d+) ACU/.exec(remedies[1] ?? '')?.[1]);
      if (!acu || supply.proxyPercent === 100) return true;
      return (
        connectionBudget(demand, offered(serverless(1, acu), supply.proxyPercent)).verdict !== 'exceeded'
      );
    });
  });
});

describe('explanation', () => {
  const demand = { maximumTasks: 10, poolSize: 20 };

  test('shows the whole calculation and three remedies', () => {
    const { sum, remedies } = connectionBudget(demand, offered(serverless(1, 1), 85));
    expect(sum).toEqual([
      'the server needs 400: 10 tasks × 2 during a release × a pool of 20',
      '12 bypass the proxy: 2 for migrations + 10 in reserve',
      'the database accepts 189 (1 to 1 ACU)',
      'the proxy may use 160 of them (85 %), which leaves 29',
    ]);
    expect(remedies).toEqual([
      'use a smaller pool: 6 connections per task',
      'use a larger database: 589 connections require a maximum of 3 ACU',
      'give the proxy a larger share: up to 93 % leaves enough for the rest',
    ]);
  });
  test('suggests a proxy if there is none', () => {
    const { sum, remedies } = connectionBudget(demand, offered(serverless(0.5, 1)));
    expect(sum.at(-1)).toBe('the server may use 177 of them, without a proxy');
    expect(remedies[2]).toBe('use a proxy, which lets many tasks share few connections');
  });
  test('says when even the largest database is too small', () => {
    const { remedies } = connectionBudget(
      { maximumTasks: 500, poolSize: 50 },
      offered(serverless(1, 32), 85),
    );
    expect(remedies[1]).toContain('none accepts the');
  });
});

describe('memory at the minimum capacity', () => {
  test('is too small if open pools need more than half of it', () => {
    expect(memoryWarning({ maximumTasks: 10, poolSize: 20 }, serverless(0.5, 8))).toBe(
      '200 open connections use about 2000 MiB, more than half of the 1024 MiB at 0.5 ACU, so the database would hardly scale down; raise the minimum to 2 ACU or use a smaller pool',
    );
  });
  test('is enough otherwise', () => {
    expect(memoryWarning({ maximumTasks: 10, poolSize: 10 }, serverless(1, 8))).toBeUndefined();
  });
  test('does not matter if the database may pause', () => {
    expect(memoryWarning({ maximumTasks: 10, poolSize: 20 }, serverless(0, 8))).toBeUndefined();
  });
});

describe('the check of a database', () => {
  const warnings = (props: Parameters<typeof testDatabase>[0], demand: ConnectionDemand) => {
    const { stack, database } = testDatabase(props);
    database.checkConnections(demand);
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('connections|memory|MiB'));
  };

  test('fails with the calculation and the remedies', () => {
    const { database } = testDatabase({ capacity: serverless(1, 1) });
    expect(() => database.checkConnections({ maximumTasks: 10, poolSize: 20 })).toThrow(
      /Test\/Database: the database has too few connections\n.*needs 400[\s\S]*(remedy: .*\s*){3}$/,
    );
  });
  test('warns if the budget is nearly used', () => {
    const found = warnings({ capacity: serverless(2, 4) }, { maximumTasks: 15, poolSize: 20 });
    expect(found[0]!.entry.data).toContain('86 % of the connections are used');
  });
  test('warns of the memory at the minimum capacity', () => {
    expect(
      warnings({ capacity: serverless(0.5, 8) }, { maximumTasks: 5, poolSize: 20 })[0]!.entry.data,
    ).toContain('MiB');
  });
  test('gives no message if the budget fits', () => {
    expect(warnings({ capacity: serverless(2, 8) }, { maximumTasks: 4, poolSize: 10 })).toEqual([]);
  });
  test('uses the share of the proxy', () => {
    const { database } = testDatabase({
      pooling: ConnectionPooling.rdsProxy({ maxConnectionsPercent: 50 }),
    });
    expect(database.checkConnections({ maximumTasks: 2, poolSize: 5 }).lent).toBe(411);
  });
  test('uses max_connections from the parameters', () => {
    const { database } = testDatabase({ parameters: { max_connections: '300' } });
    const { maxConnections, sum } = database.checkConnections({ maximumTasks: 2, poolSize: 5 });
    expect(maxConnections).toBe(300);
    expect(sum[2]).toBe("the database accepts 300 (set in 'parameters')");
  });
  test('fails for an unknown instance class, unless the parameters set max_connections', () => {
    const capacity = { instanceType: new InstanceType('m5.large') };
    const demand = { maximumTasks: 2, poolSize: 5 };
    expect(() => testDatabase({ capacity }).database.checkConnections(demand)).toThrow(
      "Test/Database: this package does not know 'max_connections' of m5.large; set it with 'parameters: { max_connections: … }'",
    );
    const { database } = testDatabase({ capacity, parameters: { max_connections: '900' } });
    expect(database.checkConnections(demand).maxConnections).toBe(900);
  });
});
