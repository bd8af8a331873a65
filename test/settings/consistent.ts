import { isDeepStrictEqual } from 'node:util';
import type { EnvironmentName, Settings } from '../../config';
import { windowProblem } from '../../config/contradictions/windows';
import { connectionBudget, maxConnections } from '../../constructs/database/connection-budget';
import { ZONES_WITH_VPC_ORIGINS, zoneIdPrefix } from '../../constructs/network/vpc-origin-zones';
import { memorySizes } from '../../constructs/server/fargate-sizes';

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
type Draft = Mutable<Settings>;
type Tier = Draft['escalation']['tiers'][number];

/**
 * Changes values that are allowed one by one, so that they agree with each other. The generator knows the schema and no
 * rule between two settings.
 */
export function consistent(settings: Settings, environment: EnvironmentName): Settings {
  const draft = structuredClone(settings) as Draft;
  for (const agree of [
    policies,
    network,
    server,
    database,
    client,
    verification,
    monitoring,
    application,
    escalation,
    delivery,
  ])
    agree(draft);
  if (draft.delivery.promoteFrom === environment) delete draft.delivery.promoteFrom;
  return draft as Settings;
}

const ordered = (one: number, other: number) => [Math.min(one, other), Math.max(one, other)] as const;
const unique = <T>(items: readonly T[], by: (item: T) => unknown) =>
  items.filter((item, index) => items.findIndex((other) => isDeepStrictEqual(by(other), by(item))) === index);

function policies(draft: Draft): void {
  if (draft.policyPacks.length > 0) draft.customerKeys = draft.retainData = true;
}

function network({ network, region }: Draft): void {
  const known =
    ZONES_WITH_VPC_ORIGINS[region] ?? [1, 2, 3].map((number) => `${zoneIdPrefix(region)}${number}`);
  const { availabilityZones: zones } = network;
  network.availabilityZones =
    typeof zones === 'number' ? Math.min(zones, known.length) : known.slice(0, Math.max(2, zones.length));
  const count = typeof zones === 'number' ? zones : zones.length;
  network.natGateways = Math.min(network.natGateways, count, known.length);
}

function server({ server }: Draft): void {
  const sizes = memorySizes(server.cpu);
  server.memory = sizes.find((size) => size >= server.memory) ?? sizes.at(-1)!;
  [server.minimumTasks, server.maximumTasks] = ordered(server.minimumTasks, server.maximumTasks);
  if (server.deployment !== 'rolling') server.stickySessionMinutes = 0;
  server.deregistrationDelay = Math.max(server.deregistrationDelay, server.requestTimeout);
}

function database({ database, server }: Draft): void {
  [database.minimumCapacity, database.maximumCapacity] = ordered(
    database.minimumCapacity,
    Math.max(1, database.maximumCapacity),
  );
  if (database.minimumCapacity === 0) database.proxy = false;
  if (windowProblem(database.backupWindow, database.maintenanceWindow).length > 0) setApart(database);
  const { restore } = database;
  if (restore) {
    if (restore.cluster === restore.identifier) restore.identifier += '2';
    if (restore.cluster !== undefined) delete restore.snapshot;
    else {
      restore.snapshot ??= 'before-migration';
      delete restore.at;
    }
  }
  fitConnections({ database, server });
}

function setApart(database: Draft['database']): void {
  const hour = (Number(database.backupWindow.slice(0, 2)) + 12) % 24;
  const [weekday, apart] = [database.maintenanceWindow.slice(0, 3), String(hour).padStart(2, '0')];
  database.maintenanceWindow = `${weekday}:${apart}:10-${weekday}:${apart}:40`;
}

function fitConnections({ database, server }: Pick<Draft, 'database' | 'server'>): void {
  const limit = database.instanceClass
    ? 1600
    : maxConnections({
        serverlessV2MinCapacity: database.minimumCapacity,
        serverlessV2MaxCapacity: database.maximumCapacity,
      })!;
  database.proxyConnectionsPercent = Math.min(database.proxyConnectionsPercent, 93);
  const fits = () =>
    connectionBudget(
      { maximumTasks: server.maximumTasks, poolSize: database.poolSize },
      {
        maxConnections: limit,
        origin: 'the settings',
        proxyPercent: database.proxy ? database.proxyConnectionsPercent : undefined,
      },
    ).verdict !== 'exceeded';
  while (!fits() && database.poolSize > 1) database.poolSize = Math.ceil(database.poolSize / 2) - 1 || 1;
  if (!fits()) database.proxyConnectionsPercent = 85;
  while (!fits() && server.maximumTasks > 1) server.maximumTasks = Math.floor(server.maximumTasks / 2);
  server.minimumTasks = Math.min(server.minimumTasks, server.maximumTasks);
}

function client({ client, account }: Draft): void {
  const { domain } = client;
  if (!domain) return;
  if (!domain.certificateArn && domain.name.length > 64)
    domain.name = domain.name.slice(-64).replace(/^-/, 'x');
  if (domain.zone) domain.zone.name = domain.name;
  if (!domain.zone && !domain.certificateArn) domain.zone = { id: 'Z0123456789', name: domain.name };
  if (account && domain.certificateArn)
    domain.certificateArn = domain.certificateArn.replace(/:\d{12}:/, `:${account}:`);
}

function monitoring({ monitoring }: Draft): void {
  monitoring.businessMetrics = unique(monitoring.businessMetrics, ({ name }) => name);
  for (const metric of monitoring.businessMetrics) {
    if (metric.embedded) {
      delete metric.event;
      delete metric.pattern;
      delete metric.value;
    } else if (metric.event !== undefined) delete metric.pattern;
    else metric.pattern ??= '"ERROR"';
    const { alarm } = metric;
    if (!alarm) continue;
    if (alarm.above !== undefined) {
      delete alarm.below;
      delete alarm.unusualBy;
    } else if (alarm.below !== undefined) delete alarm.unusualBy;
    else alarm.unusualBy ??= 2;
  }
}

function verification({ verification, monitoring }: Draft): void {
  const most = monitoring.canaryMinutes > 0 ? 2700 : 7700;
  while (JSON.stringify(verification.checks).length > most) verification.checks.pop();
}

function application({ application }: Draft): void {
  const given =
    /^(DATABASE_URL|PG\w+|PORT|SHUTDOWN_TIMEOUT_MS|RELEASE_\w+|NODE_EXTRA_CA_CERTS|FRAMEWORK53_\w+)$/;
  const plain = /^(NODE_ENV|APP_ENV|LOG_LEVEL|DATABASE_POOL_SIZE)$/;
  for (const name of Object.keys(application.environment ?? {}))
    if (given.test(name)) delete application.environment![name];
  for (const name of Object.keys(application.secrets ?? {})) {
    if (given.test(name) || plain.test(name)) delete application.secrets![name];
    else delete application.environment?.[name];
  }
}

function escalation({ escalation }: Draft): void {
  escalation.contacts = unique(escalation.contacts, ({ name }) => name.toLowerCase());
  for (const contact of escalation.contacts) if (!contact.phone) contact.email ??= 'anna@example.com';
  const { contacts, rotation } = escalation;
  const named = (index: string) => contacts[Number(index) % contacts.length]?.name ?? '';
  if (contacts.length === 0) delete escalation.rotation;
  else if (rotation) {
    rotation.members = (rotation.members.length > 0 ? rotation.members : ['0']).map(named);
    // One after the other, in the order of their time.
    const spans = (rotation.overrides ?? []).sort(
      (one, other) => Date.parse(one.from) - Date.parse(other.from),
    );
    for (const span of spans) {
      span.contact = named(span.contact);
      if (Date.parse(span.to) <= Date.parse(span.from)) [span.from, span.to] = [span.to, span.from];
    }
    if (rotation.overrides)
      rotation.overrides = spans.filter(
        ({ from, to }, index) =>
          Date.parse(from) < Date.parse(to) &&
          spans.slice(0, index).every((before) => Date.parse(before.to) <= Date.parse(from)),
      );
  }
  let steps = 0;
  escalation.tiers = escalation.tiers.flatMap((tier) => {
    const targets = tier.targets.flatMap((target): Tier['targets'] => {
      if (target.kind === 'on-call' && !escalation.rotation) return [];
      if (target.kind === 'webhook') escalation.webhook ??= 'https://hooks.example.com/pages';
      if (target.kind !== 'contact') return [target];
      return contacts.length > 0 ? [{ ...target, contact: named(target.contact) }] : [];
    });
    if (targets.length === 0 || steps + tier.times > 50) return [];
    steps += tier.times;
    return [{ ...tier, targets }];
  });
  escalation.tiers = escalation.tiers.slice(0, 10);
  if (escalation.tiers.length > 0) escalation.fallbackEmail ??= 'fallback@example.com';
  else delete escalation.testPage;
  escalation.maintenance = unique(escalation.maintenance, ({ name }) => name).slice(0, 10);
}

function delivery({ delivery }: Draft): void {
  delivery.people = unique(
    unique(delivery.people, ({ name }) => name),
    ({ userId }) => userId,
  );
  const approvers = delivery.people.filter(({ may }) => may.includes('approve')).length;
  if (delivery.people.length > 0) delivery.approvals = Math.min(delivery.approvals, approvers);
  for (const window of delivery.freeze) {
    if (typeof window.from !== 'string' || typeof window.until !== 'string') continue;
    if (window.from > window.until) [window.from, window.until] = [window.until, window.from];
  }
  delivery.freeze = delivery.freeze.filter(({ from, until }) => !isDeepStrictEqual(from, until));
}
