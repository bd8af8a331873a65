import { randomBytes } from 'node:crypto';
import { ACCOUNT, PlanError } from '../core/template';
import { found, named, need, type ResourceHandler, type ResourceRequest } from '../resource-handler';
import { generateSecret } from '../secretsmanager/secrets';
import { Authority } from './authority';
import { DatabaseProxy } from './database-proxy';
import { Postgres } from './postgres';

/** Parameters that PostgreSQL here takes over from the cluster. */
const PARAMETERS = [
  'idle_in_transaction_session_timeout',
  'log_min_duration_statement',
  'statement_timeout',
  'lock_timeout',
  'max_connections',
];

export const databaseResources: Readonly<Record<string, ResourceHandler>> = {
  'AWS::SecretsManager::Secret': {
    supportedProperties: ['Name', 'GenerateSecretString', 'SecretString'],
    apply(turn) {
      const { cloud, properties, before, stack } = turn;
      const name = properties['Name'] ?? named(turn);
      const arn =
        before?.attributes.Ref ?? `arn:aws:secretsmanager:${stack.region}:${ACCOUNT}:secret:${name}-abcdef`;
      const { GenerateSecretString: how, SecretString } = properties;
      // What people provide has no value in the plan; the rehearsal makes one up, as a person would set it.
      const value = how ? generateSecret(how) : (SecretString ?? `rehearsal-of-${name}`);
      if (!cloud.secrets.has(arn)) cloud.secrets.create(arn, name, value);
      return { Ref: arn, Id: arn };
    },
  },
  'AWS::RDS::DBClusterParameterGroup': {
    supportedProperties: ['Parameters.rds.force_ssl', ...PARAMETERS.map((name) => `Parameters.${name}`)],
    apply(turn) {
      turn.cloud.parts.set(named(turn), turn.properties);
      return { Ref: named(turn) };
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
    ],
    async apply(turn) {
      if (turn.before) return turn.before.attributes;
      return cluster(turn);
    },
  },
  'AWS::RDS::DBInstance': {
    supportedProperties: ['DBClusterIdentifier'],
    apply(turn) {
      const { database } = turn.cloud;
      if (database?.clusterArn.endsWith(`:${need(turn, 'DBClusterIdentifier')}`)) database.hasWriter = true;
      return { Ref: named(turn) };
    },
  },
  'AWS::RDS::DBProxy': {
    supportedProperties: ['Auth.SecretArn', 'Auth.AuthScheme', 'DBProxyName', 'RequireTLS'],
    apply(turn) {
      const name = need(turn, 'DBProxyName');
      turn.cloud.parts.set(name, turn.properties);
      return {
        Ref: name,
        Endpoint: `${name}.proxy-rehearsal.${turn.stack.region}.rds.amazonaws.com`,
        DBProxyArn: `arn:aws:rds:${turn.stack.region}:${ACCOUNT}:db-proxy:${name}`,
      };
    },
  },
  'AWS::RDS::DBProxyTargetGroup': {
    supportedProperties: [
      'DBProxyName',
      'DBClusterIdentifiers',
      'ConnectionPoolConfigurationInfo.MaxConnectionsPercent',
      'ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout',
    ],
    async apply(turn) {
      if (!turn.before) await proxy(turn);
      return { Ref: named(turn) };
    },
  },
};

async function cluster(turn: ResourceRequest) {
  const { cloud, properties, stack } = turn;
  const group = cloud.parts.get(properties['DBClusterParameterGroupName'])?.['Parameters'] ?? {};
  const master = { username: need(turn, 'MasterUsername'), password: randomBytes(16).toString('hex') };
  const identifier = need(turn, 'DBClusterIdentifier');
  const endpoint = `${identifier}.cluster-rehearsal.${stack.region}.rds.amazonaws.com`;
  const secretArn = `arn:aws:secretsmanager:${stack.region}:${ACCOUNT}:secret:rds!cluster-rehearsal-abcdef`;
  if (need(turn, 'Engine') !== 'aurora-postgresql')
    throw new PlanError(turn.id, 'Engine', `must be aurora-postgresql, got ${properties['Engine']}`);
  need(turn, 'ManageMasterUserPassword');
  const authority = new Authority('RDS of the rehearsal');
  const identity = authority.issue([endpoint]);
  const postgres = new Postgres(cloud.workspace, {
    major: need(turn, 'EngineVersion').split('.')[0]!,
    identity,
    forceTls: group['rds.force_ssl'] === '1',
    maxConnections: Number(group['max_connections'] ?? maxConnections(turn)),
    database: need(turn, 'DatabaseName'),
    master,
    parameters: Object.fromEntries(
      PARAMETERS.flatMap((name) => (group[name] === undefined ? [] : [[name, group[name]]])),
    ),
  });
  await postgres.start();
  const clusterArn = `arn:aws:rds:${stack.region}:${ACCOUNT}:cluster:${identifier}`;
  cloud.database = {
    clusterArn,
    endpoint,
    authority,
    postgres,
    hasWriter: false,
    dataApi: properties['EnableHttpEndpoint'] === true,
  };
  cloud.names[`${endpoint}:${properties['Port'] ?? 5432}`] = postgres.port;
  cloud.secrets.create(secretArn, `rds!cluster-${identifier}`, JSON.stringify(master));
  return {
    Ref: identifier,
    'Endpoint.Address': endpoint,
    'Endpoint.Port': String(properties['Port'] ?? 5432),
    'MasterUserSecret.SecretArn': secretArn,
    DBClusterArn: clusterArn,
  };
}

/**
 * What Aurora allows, by the capacity it may grow to.
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

async function proxy(turn: ResourceRequest): Promise<void> {
  const { cloud, properties } = turn;
  const name = need(turn, 'DBProxyName');
  const settings = found(turn, 'DBProxyName', cloud.parts, name);
  const { database } = cloud;
  const [identifier] = need<string[]>(turn, 'DBClusterIdentifiers');
  if (!database?.clusterArn.endsWith(`:${identifier}`))
    throw new PlanError(turn.id, 'DBClusterIdentifiers', 'names no cluster of the plan');
  if (!database.hasWriter)
    throw new PlanError(turn.id, 'DependsOn', 'lacks the DBInstance: the proxy finds no database');
  const pool = properties['ConnectionPoolConfigurationInfo'] ?? {};
  const host = `${name}.proxy-rehearsal.${turn.stack.region}.rds.amazonaws.com`;
  const secrets = (settings['Auth'] ?? []) as { SecretArn: string }[];
  const { postgres, authority, endpoint } = database;
  const logins = ['AWS/RDS', 'ClientConnectionsSetupFailedAuth'] as const;
  cloud.metrics.announce(...logins);
  database.proxy = new DatabaseProxy({
    identity: authority.issue([host]),
    authority: authority.certificate,
    requireTls: settings['RequireTLS'] === true,
    users: () =>
      secrets.map(
        ({ SecretArn }) =>
          (JSON.parse(cloud.secrets.value(SecretArn) ?? '{}') as { username: string }).username,
      ),
    maxConnections: Math.floor(
      (postgres.options.maxConnections * Number(pool['MaxConnectionsPercent'] ?? 100)) / 100,
    ),
    refused: () => cloud.metrics.put(...logins, name, 1),
    borrowTimeout: Number(pool['ConnectionBorrowTimeout'] ?? 120) * 1000,
    target: () => ({ host: endpoint, port: postgres.port }),
  });
  cloud.names[`${host}:5432`] = await database.proxy.listen();
}
