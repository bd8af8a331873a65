import { describe, expect, test } from 'vitest';
import { Inventory } from '../../lib/rehearsal/core/inventory';
import { canonical, type JudgedConnection, Trace } from '../../lib/rehearsal/core/trace';

const connection = (port: number): JudgedConnection => ({
  source: { resource: { stack: 'shop-release', logicalId: 'Service' } },
  target: { outside: 'secretsmanager' },
  port,
  verdict: 'allowed',
});

describe('a trace', () => {
  test('has equal connections once, with a count, in a stable order', () => {
    const traces = [
      [443, 80, 443],
      [80, 443, 443],
    ].map((ports) => {
      const trace = new Trace();
      for (const port of ports) trace.connection(connection(port));
      return trace.connections;
    });
    expect(traces[0]).toEqual(traces[1]);
    expect(traces[0]!.map(({ port, times }) => [port, times]).sort()).toEqual([
      [443, 2],
      [80, 1],
    ]);
  });

  test('is written with sorted keys', () => {
    expect(canonical({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });
});

describe('an inventory', () => {
  const item = (id: string, attributes?: { Ref: string }, type = 'AWS::EC2::SecurityGroup') => ({
    stack: 'shop-data',
    id,
    type,
    properties: {},
    attributes,
  });

  test('finds a resource by its return value, and not by a custom resource with the same value', () => {
    const inventory = new Inventory();
    inventory.put(item('Group', { Ref: 'sg-0123' }));
    inventory.put(item('Other', { Ref: 'sg-0123' }, 'Custom::Lookup'));
    expect(inventory.having('sg-0123')?.id).toBe('Group');
    expect(inventory.having('sg-4567')).toBeUndefined();
  });

  test('keeps return values of an updated resource', () => {
    const inventory = new Inventory();
    inventory.put(item('Group', { Ref: 'sg-0123' }));
    inventory.put({ ...item('Group'), properties: { VpcId: 'vpc-1' } });
    expect(inventory.get('shop-data', 'Group')).toMatchObject({
      properties: { VpcId: 'vpc-1' },
      attributes: { Ref: 'sg-0123' },
    });
    expect(inventory.having('sg-0123')?.properties['VpcId']).toBe('vpc-1');
  });

  test('drops resources that a stack no longer has', () => {
    const inventory = new Inventory();
    inventory.put(item('Group', { Ref: 'sg-0123' }));
    inventory.put({ ...item('Group', { Ref: 'sg-4567' }), stack: 'shop-release' });
    inventory.prune('shop-data', () => false);
    expect(inventory.all.map(({ stack }) => stack)).toEqual(['shop-release']);
    expect(inventory.having('sg-0123')).toBeUndefined();
  });
});
