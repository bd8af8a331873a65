import { expect, test } from 'vitest';
import type { ResourceRequest } from '../../lib/rehearsal/core/resource-handler';
import { clusterNames } from '../../lib/rehearsal/rds/resources';

const request = (properties: object, resources = {}) =>
  ({ id: 'Cluster', properties, stack: { resources } }) as unknown as ResourceRequest;

test('a cluster has the names of its properties', () => {
  const named = { MasterUsername: 'postgres', DatabaseName: 'shop' };
  expect(clusterNames(request(named))).toEqual({ username: 'postgres', database: 'shop' });
  expect(() => clusterNames(request({ DatabaseName: 'shop' }))).toThrow('MasterUsername is missing');
});

test.each(['SnapshotIdentifier', 'SourceDBClusterIdentifier'])(
  'a cluster with %s has the database that other resources of its stack name',
  (property) => {
    const roles = { Type: 'Custom::DatabaseRoles', Properties: { DatabaseName: 'shop' } };
    expect(clusterNames(request({ [property]: 'x' }, { Roles: roles, Other: {} })).database).toBe('shop');
  },
);
