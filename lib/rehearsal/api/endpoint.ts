import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { ECS_OPERATIONS } from '../ecs/operations';
import type { EmulatedAccount } from '../emulated-account';
import { type Input, missing, type Operation, ServiceError } from './service-error';

const secretOf = (cloud: EmulatedAccount, { SecretId }: Input): string =>
  cloud.secrets.has(String(SecretId)) ? String(SecretId) : missing(SecretId);

/**
 * The operations of AWS that handlers use, as `Operation`, each on what this rehearsal has. Whoever adds a
 * handler adds what it calls; anything else is answered with an error that says so.
 */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  GetSecretValue: (cloud, input) => {
    const ARN = secretOf(cloud, input);
    return { ARN, Name: cloud.secrets.name(ARN), SecretString: cloud.secrets.value(ARN) ?? missing(ARN) };
  },
  PutSecretValue: (cloud, input) => {
    const ARN = secretOf(cloud, input);
    cloud.secrets.put(ARN, String(input['SecretString']));
    cloud.bus.put({
      source: 'aws.secretsmanager',
      'detail-type': 'Secret Label Updated',
      resources: [ARN],
      detail: { labelUpdated: 'AWSCURRENT' },
    });
    return { ARN, VersionId: randomUUID(), VersionStages: ['AWSCURRENT'] };
  },
  DescribeSecret: (cloud, input) => {
    const ARN = secretOf(cloud, input);
    const set = cloud.secrets.value(ARN) !== undefined;
    return { ARN, Name: cloud.secrets.name(ARN), VersionIdsToStages: set ? { v1: ['AWSCURRENT'] } : {} };
  },
  ...ECS_OPERATIONS,
  ExecuteStatement: executeStatement,
  DescribeAlarms: (cloud, { AlarmNames }) => ({
    MetricAlarms: (AlarmNames as string[]).flatMap((AlarmName) => {
      const alarm = cloud.alarms.get(AlarmName);
      return alarm?.inAlarm(0) ? [{ AlarmName, StateValue: 'ALARM' }] : [];
    }),
  }),
  PutMetricData: ({ metrics }, { Namespace, MetricData }) => {
    for (const { MetricName, Value } of MetricData as { MetricName: string; Value: number }[]) {
      metrics.announce(String(Namespace), MetricName);
      metrics.put(String(Namespace), MetricName, '', Number(Value));
    }
    return {};
  },
  GetLogEvents: (cloud, { logStreamName, limit }) => {
    const id = String(logStreamName).split('/').at(-1);
    const [, task] = [...cloud.tasks].find(([arn]) => arn.endsWith(`/${id}`)) ?? missing(logStreamName);
    return { events: task.lines.slice(-Number(limit ?? 100)).map((message: string) => ({ message })) };
  },
  DescribeStacks: (cloud, { StackName }) => {
    const name = String(StackName).split('/').at(-2) ?? String(StackName);
    const StackStatus = cloud.stackStatus.get(name) ?? missing(name);
    return xml(
      'DescribeStacks',
      `<Stacks><member><StackName>${name}</StackName><StackStatus>${StackStatus}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks>`,
    );
  },
  PutParameter: ({ parameters }, { Name, Value, Overwrite }) => {
    if (parameters.has(String(Name)) && !Overwrite)
      throw new ServiceError('ParameterAlreadyExists', `${Name} is there already`);
    parameters.set(String(Name), { Value: String(Value), LastModifiedDate: Date.now() / 1000 });
    return { Version: 1, Tier: 'Standard' };
  },
  GetParametersByPath: ({ parameters }, { Path }) => ({
    Parameters: [...parameters]
      .filter(([name]) => name.startsWith(`${Path}/`))
      .map(([Name, parameter]) => ({ Name, Type: 'String', ...parameter })),
  }),
  DeleteParameters: ({ parameters }, { Names }) => {
    for (const name of Names as string[]) parameters.delete(name);
    return { DeletedParameters: Names, InvalidParameters: [] };
  },
  DescribeManagedPrefixLists: (_, input) =>
    `<DescribeManagedPrefixListsResponse><prefixListSet><item><prefixListId>pl-3b927c52</prefixListId><prefixListName>${input['Filter.1.Value.1']}</prefixListName></item></prefixListSet></DescribeManagedPrefixListsResponse>`,
  DescribeKeyValueStore: (cloud, { KvsARN }) => ({ ...storeOf(cloud, KvsARN), ETag: 'rehearsal' }),
  GetKey: (cloud, { KvsARN, Key }) => {
    const { store } = storeOf(cloud, KvsARN);
    return { Key, Value: store.get(String(Key)) ?? missing(Key), ItemCount: store.size, TotalSizeInBytes: 0 };
  },
  PutKey: (cloud, { KvsARN, Key, Value }) => {
    const { store } = storeOf(cloud, KvsARN);
    if (cloud.events.emit('refuse pointer'))
      throw new ServiceError('InternalServerException', 'refused by the rehearsal', 500);
    store.set(String(Key), String(Value));
    cloud.tell('pointer moved', String(Value));
    return { ItemCount: store.size, TotalSizeInBytes: 0, ETag: 'rehearsal' };
  },
};

function storeOf(cloud: EmulatedAccount, arn: unknown) {
  const store = cloud.keyValueStores.get(String(arn)) ?? (missing(arn) as never);
  return { store, KvsARN: arn, ItemCount: store.size, TotalSizeInBytes: 0, Created: 1.7e9 };
}

const xml = (action: string, body: string): string =>
  `<${action}Response><${action}Result>${body}</${action}Result></${action}Response>`;

/** The RDS Data API, on the real database. */
async function executeStatement(cloud: EmulatedAccount, input: Input): Promise<unknown> {
  const { database, secrets } = cloud;
  if (!database || input['resourceArn'] !== database.clusterArn)
    throw new ServiceError('BadRequestException', `there is no cluster ${input['resourceArn']}`);
  if (!database.dataApi)
    throw new ServiceError('BadRequestException', 'EnableHttpEndpoint is not set on the cluster');
  if (!database.hasWriter)
    throw new ServiceError(
      'BadRequestException',
      'the cluster has no instance yet; its DBInstance is missing or comes later',
    );
  const value = secrets.value(String(input['secretArn'])) ?? missing(input['secretArn']);
  const { username, password } = JSON.parse(value) as { username: string; password: string };
  const { postgres, authority, endpoint } = database;
  const client = new Client({
    host: '127.0.0.1',
    port: postgres.port,
    user: username,
    password,
    database: String(input['database']),
    ssl: { ca: authority.certificate, servername: endpoint },
  });
  try {
    await client.connect();
    const { rows, rowCount } = await client.query(String(input['sql']));
    return { formattedRecords: JSON.stringify(rows), numberOfRecordsUpdated: rowCount ?? 0 };
  } catch (error) {
    throw new ServiceError('DatabaseErrorException', (error as Error).message);
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * What an operation answers. Throws a `ServiceError`, one of type `NotRehearsed` when there is none of the name.
 *
 * @param by who asks
 */
export async function perform(
  cloud: EmulatedAccount,
  name: string,
  input: Input,
  by: string,
): Promise<unknown> {
  const operation = OPERATIONS[name];
  if (!operation) throw new ServiceError('NotRehearsed', `the rehearsal does not know ${name}`, 501);
  return operation(cloud, input, by);
}

/** One endpoint for all services: what handlers ask is told apart by how each service names its operations. */
export class AwsEndpoint {
  /** Operations that handlers asked for and that are not there. */
  readonly unknown = new Set<string>();
  private readonly server: Server;

  constructor(private readonly cloud: EmulatedAccount) {
    this.server = createServer((request, response) => {
      this.answer(request).then(
        (result) => {
          const text = typeof result === 'string';
          const { ETag } = result as { ETag?: string };
          response.writeHead(200, {
            'content-type': text ? 'text/xml' : 'application/json',
            ...(ETag && { etag: ETag }),
          });
          response.end(text ? result : JSON.stringify(result));
        },
        ({ type = 'InternalError', status = 500, message }: ServiceError) => {
          response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
          response.end(JSON.stringify({ __type: type, message, Message: message }));
        },
      );
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    for (const host of ['api.aws.rehearsal', '*.aws.rehearsal', '*.api.aws.rehearsal'])
      this.cloud.names[`${host}:80`] = port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<unknown> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { name, input } = operation(request, body);
    if (!(name in OPERATIONS)) this.unknown.add(name);
    return perform(this.cloud, name, input, 'a handler');
  }
}

function operation({ headers, url, method }: IncomingMessage, body: string): { name: string; input: Input } {
  const target = headers['x-amz-target'];
  if (target) return { name: String(target).split('.').at(-1)!, input: JSON.parse(body || '{}') as Input };
  const [, , arn, , key] = url!.split('?')[0]!.split('/').map(decodeURIComponent);
  if (url!.startsWith('/key-value-stores/')) {
    const name = key === undefined ? 'DescribeKeyValueStore' : `${method === 'PUT' ? 'Put' : 'Get'}Key`;
    return { name, input: { KvsARN: arn, Key: key, ...(JSON.parse(body || '{}') as Input) } };
  }
  if (url === '/Execute') return { name: 'ExecuteStatement', input: JSON.parse(body) as Input };
  const form = Object.fromEntries(new URLSearchParams(body));
  return { name: form['Action'] ?? `${method} ${url}`, input: form };
}
