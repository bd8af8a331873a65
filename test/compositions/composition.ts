import fc from 'fast-check';

/** Choices that a team makes when it puts our constructs into a stack of its own. */
export interface Composition {
  readonly stack: 'without env' | 'in a region' | 'in an account and region' | 'in a stage without env';
  readonly flags: 'of this package' | 'none';
  readonly vpc: Vpc;
  /** Parts that lie in another stack of the team. */
  readonly elsewhere: 'nothing' | 'network' | 'network and database';
  /** Physical names are given, or derived. */
  readonly named: boolean;
  readonly cluster: 'own' | 'new' | 'imported';
  /** The stack has a permissions boundary. */
  readonly boundary: boolean;
  readonly key: 'none' | 'new' | 'imported';
  /** The stack has `LogDefaults`, and `LogProtection` watches over it. */
  readonly logs: boolean;
  readonly servers: readonly Server[];
  readonly database?: Database;
  readonly migrations: boolean;
  readonly client?: Client;
  /** Verification, comparison of errors and record of the release, as far as server and client allow. */
  readonly release: boolean;
  readonly monitoring: boolean;
  readonly alarms: 'nobody' | 'new topic' | 'imported topic' | 'tickets' | 'escalation';
}

type Vpc =
  | 'Network'
  | 'new Vpc'
  | 'imported'
  | 'imported with isolated'
  | 'imported public only'
  | 'new public only';

export interface Server {
  readonly name: string;
  readonly deployment: 'blue-green' | 'canary' | 'linear' | 'rolling';
  readonly tls: boolean;
  readonly accessLogs: 'own' | 'imported';
  readonly secrets: boolean;
  readonly cpu: 256 | 1024;
}

export interface Database {
  readonly capacity: 'serverless' | 'paused' | 'instances';
  readonly pooling: boolean;
  readonly rotation: boolean;
  readonly restore: boolean;
  readonly tool: boolean;
}

export interface Client {
  readonly domain: 'none' | 'certificate' | 'certificate and zone';
  readonly firewall: boolean;
  readonly withServer: boolean;
  readonly realUsers: boolean;
}

const server = (name: string): fc.Arbitrary<Server> =>
  fc.record({
    name: fc.constant(name),
    deployment: fc.constantFrom('blue-green', 'canary', 'linear', 'rolling'),
    tls: fc.boolean(),
    accessLogs: fc.constantFrom('own', 'imported'),
    secrets: fc.boolean(),
    cpu: fc.constantFrom(256, 1024),
  });

const database: fc.Arbitrary<Database> = fc.record({
  capacity: fc.constantFrom('serverless', 'paused', 'instances'),
  pooling: fc.boolean(),
  rotation: fc.boolean(),
  restore: fc.boolean(),
  tool: fc.boolean(),
});

const client: fc.Arbitrary<Client> = fc.record({
  domain: fc.constantFrom('none', 'certificate', 'certificate and zone'),
  firewall: fc.boolean(),
  withServer: fc.boolean(),
  realUsers: fc.boolean(),
});

/** Every composition; it shrinks to the first of each choice, and to fewer parts. */
export const compositions: fc.Arbitrary<Composition> = fc.record({
  stack: fc.constantFrom('without env', 'in a region', 'in an account and region', 'in a stage without env'),
  flags: fc.constantFrom('of this package', 'none'),
  vpc: fc.constantFrom<Vpc[]>(
    'Network',
    'new Vpc',
    'imported',
    'imported with isolated',
    'imported public only',
    'new public only',
  ),
  elsewhere: fc.constantFrom('nothing', 'network', 'network and database'),
  cluster: fc.constantFrom('own', 'new', 'imported'),
  named: fc.boolean(),
  boundary: fc.boolean(),
  key: fc.constantFrom('none', 'new', 'imported'),
  logs: fc.boolean(),
  servers: fc.oneof(
    fc.tuple(server('orders')),
    fc.constant([]),
    fc.tuple(server('orders'), server('invoices')),
  ),
  database: fc.option(database, { nil: undefined }),
  migrations: fc.boolean(),
  client: fc.option(client, { nil: undefined }),
  release: fc.boolean(),
  monitoring: fc.boolean(),
  alarms: fc.constantFrom('nobody', 'new topic', 'imported topic', 'tickets', 'escalation'),
});
