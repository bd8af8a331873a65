import { randomBytes } from 'node:crypto';
import { requireTwoZones } from '../core/availability-zones';
import { PlanError } from '../core/plan-error';
import { arn, found, named, need } from '../core/properties';
import type { Attributes, ResourceHandlers, ResourceRequest } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import type { ServiceLinkedRoles } from '../iam/service-linked-roles';
import type { Secrets } from '../secretsmanager/secrets';
import { Authority } from './authority';
import { DatabaseProxy } from './database-proxy';
import { PausingPort } from './pausing-port';
import { Postgres } from './postgres';
import type { ProxySettings, Rds } from './rds';

/** Cluster parameters that the real PostgreSQL server also gets. */
const PARAMETERS = [
  'idle_in_transaction_session_timeout',
  'log_min_duration_statement',
  'statement_timeout',
  'lock_timeout',
  'max_connections',
];

/** Resource types of RDS. */
export function rdsResources(
  rds: Rds,
  stage: Stage,
  { secrets, serviceLinkedRoles }: { secrets: Secrets; serviceLinkedRoles: ServiceLinkedRoles },
): ResourceHandlers {
  const { parameterGroups } = rds;
  return {
    'AWS::RDS::DBClusterParameterGroup': {
      supportedProperties: ['Parameters.rds.force_ssl', ...PARAMETERS.map((name) => `Parameters.${name}`)],
      apply(request) {
        parameterGroups.set(named(request), request.properties['Parameters'] ?? {});
        return { Ref: named(request) };
      },
    },
    'AWS::RDS::DBSubnetGroup': {
      supportedProperties: ['DBSubnetGroupName', 'SubnetIds'],
      apply(request) {
        const { SubnetIds, DBSubnetGroupName } = request.properties;
        requireTwoZones(stage.inventory, request, 'SubnetIds', SubnetIds);
        return { Ref: DBSubnetGroupName ?? named(request) };
      },
    },
    'AWS::RDS::DBCluster': {
      supportedProperties: [
        'Engine',
        'EngineVersion',
        'DatabaseName',
        'MasterUsername',
        'ManageMasterUserPassword',
        'DBClusterIdentifier',
        'DBClusterParameterGroupName',
        'EnableHttpEndpoint',
        'Port',
        'ServerlessV2ScalingConfiguration',
        'DBSubnetGroupName',
        'VpcSecurityGroupIds',
      ],
      apply(request) {
        if (request.before) return request.before.attributes;
        serviceLinkedRoles.assume(
          request.id,
          'rds.amazonaws.com',
          'Unable to create the resource. Verify that you have permission to create service linked role. Otherwise wait and try again later.',
        );
        return cluster(rds, stage, secrets, request);
      },
    },
    'AWS::RDS::DBInstance': {
      supportedProperties: ['DBClusterIdentifier'],
      apply(request) {
        const { database } = rds;
        const identifier = need(request, 'DBClusterIdentifier');
        if (database?.clusterArn.endsWith(`:${identifier}`)) database.hasWriter = true;
        return { Ref: named(request) };
      },
    },
    ...proxyResources(rds, stage),
  };
}

/** Resource types of proxies. */
function proxyResources(rds: Rds, stage: Stage): ResourceHandlers {
  const { proxies } = rds;
  return {
    'AWS::RDS::DBProxy': {
      supportedProperties: [
        'Auth.SecretArn',
        'Auth.AuthScheme',
        'DBProxyName',
        'RequireTLS',
        'VpcSecurityGroupIds',
        'VpcSubnetIds',
      ],
      apply(request) {
        const { properties } = request;
        const name = need(request, 'DBProxyName');
        requireTwoZones(stage.inventory, request, 'VpcSubnetIds', properties['VpcSubnetIds']);
        const endpoint = `${name}.proxy-rehearsal.${request.stack.region}.rds.amazonaws.com`;
        const auth = (properties['Auth'] ?? []) as { readonly SecretArn: string }[];
        proxies.set(name, {
          party: { name: request.id, stack: request.stack.name },
          endpoint,
          requireTls: properties['RequireTLS'] === true,
          role: String(properties['RoleArn']),
          secrets: auth.map(({ SecretArn }) => SecretArn),
        });
        return { Ref: name, Endpoint: endpoint, DBProxyArn: arn(request, 'rds', `db-proxy:${name}`) };
      },
    },
    'AWS::RDS::DBProxyTargetGroup': {
      supportedProperties: [
        'DBProxyName',
        'DBClusterIdentifiers',
        'ConnectionPoolConfigurationInfo.MaxConnectionsPercent',
        'ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout',
      ],
      async apply(request) {
        if (!request.before) await proxy(rds, stage, request);
        return { Ref: named(request) };
      },
    },
  };
}

/**
 * Returns the names of a cluster's master user and database. A cluster that is restored inherits both. In a rehearsal,
 * this cluster starts empty, with the database that other resources of the stack name.
 */
export function clusterNames(request: ResourceRequest): { username: string; database: string } {
  const { properties, stack } = request;
  const isRestored = ['SnapshotIdentifier', 'SourceDBClusterIdentifier'].some((name) => properties[name]);
  if (!isRestored)
    return { username: need(request, 'MasterUsername'), database: need(request, 'DatabaseName') };
  const named = Object.values(stack.resources ?? {}).map(({ Properties }) => Properties?.['DatabaseName']);
  return { username: 'restored', database: named.find((name) => typeof name === 'string') ?? 'postgres' };
}

async function cluster(
  rds: Rds,
  { workspace, network }: Stage,
  secrets: Secrets,
  request: ResourceRequest,
): Promise<Attributes> {
  const { properties, stack, id } = request;
  const group = rds.parameterGroups.get(properties['DBClusterParameterGroupName']) ?? {};
  const { username, database } = clusterNames(request);
  const master = { username, password: randomBytes(16).toString('hex') };
  const identifier = need(request, 'DBClusterIdentifier');
  const endpoint = `${identifier}.cluster-rehearsal.${stack.region}.rds.amazonaws.com`;
  const readEndpoint = endpoint.replace('.cluster-', '.cluster-ro-');
  const secretArn = arn(request, 'secretsmanager', 'secret:rds!cluster-rehearsal-abcdef');
  if (need(request, 'Engine') !== 'aurora-postgresql')
    throw new PlanError(id, 'Engine', `must be aurora-postgresql, got ${properties['Engine']}`);
  need(request, 'ManageMasterUserPassword');
  const authority = new Authority('RDS of the rehearsal');
  const postgres = new Postgres(workspace, {
    major: need(request, 'EngineVersion').split('.')[0]!,
    identity: authority.issue([endpoint, readEndpoint]),
    forceTls: group['rds.force_ssl'] === '1',
    maxConnections: Number(group['max_connections'] ?? maxConnections(request)),
    database,
    master,
    parameters: Object.fromEntries(
      PARAMETERS.flatMap((name) => (group[name] === undefined ? [] : [[name, group[name]]])),
    ),
  });
  await postgres.start();
  const clusterArn = arn(request, 'rds', `cluster:${identifier}`);
  const port = Number(properties['Port'] ?? 5432);
  const dataApi = properties['EnableHttpEndpoint'] === true;
  const pauses = Number(properties['ServerlessV2ScalingConfiguration']?.MinCapacity ?? 1) === 0;
  const pausing = pauses ? new PausingPort(() => postgres.port) : undefined;
  const party = { name: id, stack: stack.name };
  rds.database = {
    party,
    clusterArn,
    endpoint,
    port,
    authority,
    postgres,
    hasWriter: false,
    dataApi,
    pausing,
  };
  const local = (await pausing?.listen()) ?? postgres.port;
  for (const host of [endpoint, readEndpoint]) network.listen(host, port, local, party);
  secrets.create(secretArn, `rds!cluster-${identifier}`, JSON.stringify(master));
  return {
    Ref: identifier,
    'Endpoint.Address': endpoint,
    'Endpoint.Port': String(port),
    'ReadEndpoint.Address': readEndpoint,
    'MasterUserSecret.SecretArn': secretArn,
    DBClusterArn: clusterArn,
  };
}

/**
 * Returns the connections that Aurora allows for the maximum capacity of the cluster.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
function maxConnections({ properties }: ResourceRequest): number {
  const { MinCapacity, MaxCapacity } = properties['ServerlessV2ScalingConfiguration'] ?? {
    MinCapacity: 8,
    MaxCapacity: 8,
  };
  const byCapacity = Math.min(5000, Math.max(80, Math.floor(211.4 * Number(MaxCapacity) - 22.4)));
  return Number(MinCapacity) <= 0.5 ? Math.min(2000, byCapacity) : byCapacity;
}

async function proxy(rds: Rds, stage: Stage, request: ResourceRequest): Promise<void> {
  const { database } = rds;
  const name = need(request, 'DBProxyName');
  const settings = found(request, 'DBProxyName', rds.proxies, name);
  const [identifier] = need<string[]>(request, 'DBClusterIdentifiers');
  if (!database?.clusterArn.endsWith(`:${identifier}`))
    throw new PlanError(request.id, 'DBClusterIdentifiers', 'names no cluster of the plan');
  if (!database.hasWriter)
    throw new PlanError(request.id, 'DependsOn', 'lacks the DBInstance, so the proxy finds no database');
  const pool = request.properties['ConnectionPoolConfigurationInfo'] ?? {};
  const { postgres, authority, endpoint, port } = database;
  const refusals = ['AWS/RDS', 'ClientConnectionsSetupFailedAuth'] as const;
  stage.metrics.announce(...refusals);
  const share = Number(pool['MaxConnectionsPercent'] ?? 100) / 100;
  database.proxy = new DatabaseProxy({
    identity: authority.issue([settings.endpoint]),
    authority: authority.certificate,
    requireTls: settings.requireTls,
    users: () => usersOf(stage, settings),
    maxConnections: Math.floor(postgres.options.maxConnections * share),
    refused: () => stage.metrics.put(...refusals, name, 1),
    borrowTimeout: Number(pool['ConnectionBorrowTimeout'] ?? 120) * 1000,
    database: endpoint,
    reach: () => stage.network.reach(settings.party, `${endpoint}:${port}`),
  });
  // A proxy connects to its database immediately.
  stage.network.refusal(settings.party, database.party, port);
  stage.network.listen(settings.endpoint, 5432, await database.proxy.listen(), settings.party);
}

/** Returns the users whose secret a proxy can read, from the present secrets. */
function usersOf({ api }: Stage, { party, role, secrets }: ProxySettings): Promise<string[]> {
  const caller = { name: party.name, principal: role };
  return Promise.all(
    secrets.map(async (SecretId) => {
      const call = api.call<{ SecretString: string }>(caller, 'secretsmanager:GetSecretValue', { SecretId });
      const { SecretString } = await call.catch(() => ({ SecretString: '{}' }));
      return (JSON.parse(SecretString) as { username: string }).username;
    }),
  );
}
