import { EventEmitter } from 'node:events';
import type { Edge } from './cloudfront/distribution';
import type { Alarm } from './cloudwatch/alarm';
import type { CompositeAlarm } from './cloudwatch/composite-alarm';
import { Metrics } from './cloudwatch/metrics';
import type { Assembly } from './core/assembly';
import { Clock } from './core/clock';
import type { Workspace } from './core/workspace';
import type { Image } from './ecs/image';
import type { Service } from './ecs/service';
import type { ContainerDefinition, Task } from './ecs/task';
import type { Listener, Rule, TargetGroup } from './elbv2/load-balancer';
import { EventBus } from './events/event-bus';
import type { Lambda } from './lambda/lambda';
import type { MetricFilter } from './logs/log-metrics';
import type { Authority } from './rds/authority';
import type { DatabaseProxy } from './rds/database-proxy';
import type { Postgres } from './rds/postgres';
import type { Properties } from './resource-handler';
import type { Bucket } from './s3/bucket';
import { Secrets } from './secretsmanager/secrets';
import type { StateMachine } from './stepfunctions/state-machine';

/** The database of the plan, once it has one. */
export interface Database {
  readonly clusterArn: string;
  readonly endpoint: string;
  readonly authority: Authority;
  readonly postgres: Postgres;
  /** Whether the Data API is on. */
  readonly dataApi: boolean;
  hasWriter: boolean;
  proxy?: DatabaseProxy;
}

export interface TaskDefinition {
  readonly logicalId: string;
  readonly image: Image;
  readonly container: ContainerDefinition;
}

/** What the resources played so far have become, by ARN or name: the account of one rehearsal. */
export class EmulatedAccount {
  /** `host:port` inside the cloud → port of this machine. */
  readonly names: Record<string, number> = {};
  readonly region: string;
  readonly metrics = new Metrics();
  readonly clock = new Clock(() => this.metrics.overdue);
  readonly secrets = new Secrets();
  readonly bus = new EventBus(this.metrics);
  readonly functions = new Map<string, Lambda>();
  readonly taskDefinitions = new Map<string, TaskDefinition>();
  readonly images = new Map<string, Image>();
  readonly tasks = new Map<string, Task>();
  readonly targetGroups = new Map<string, TargetGroup>();
  readonly listeners = new Map<string, Listener>();
  readonly rules = new Map<string, Rule>();
  readonly alarms = new Map<string, Alarm>();
  readonly composites = new Map<string, CompositeAlarm>();
  readonly services = new Map<string, Service>();
  readonly machines = new Map<string, StateMachine>();
  readonly metricFilters = new Map<string, MetricFilter>();
  readonly buckets = new Map<string, Bucket>();
  readonly keyValueStores = new Map<string, Map<string, string>>();
  /** Of the Parameter Store, by name. */
  readonly parameters = new Map<string, { readonly Value: string; readonly LastModifiedDate: number }>();
  readonly parts = new Map<string, Properties>();
  readonly stackStatus = new Map<string, string>();
  /** What happens, as `emit(event, detail)`; faults and the report listen. */
  readonly events = new EventEmitter();
  database?: Database;
  edge?: Edge;
  /** Port of the edge; 0 for a free one. */
  edgePort = 0;
  /** What failed by itself, without anybody who waited for it: the first such thing. */
  broken?: Error;
  /** Told each line that a task writes. */
  onLine?: (line: string) => void;
  /** Which fault a process that starts now gets, by what it is. */
  faultOf: (what: 'server' | 'migration') => string | undefined = () => undefined;

  constructor(
    readonly workspace: Workspace,
    /** The plan that is being played. */
    public assembly: Assembly,
    readonly say: (line: string) => void,
  ) {
    this.region = assembly.stacks[0]?.region ?? 'us-east-1';
    this.events.setMaxListeners(100);
  }

  /** A line that a task writes into a log group. */
  log(group: string, line: string): void {
    let parsed: unknown;
    const json = () => {
      if (parsed === undefined) parsed = parsedLine(line);
      return parsed;
    };
    this.onLine?.(line);
    for (const filter of this.metricFilters.values())
      if (filter.options.group === group) filter.read(line, json);
  }

  /** One line about something that happened. */
  tell(event: string, detail = ''): void {
    this.events.emit('any', event, detail);
    this.events.emit(event, detail);
  }
}

/** A line as JSON; null when it is none. */
function parsedLine(line: string): unknown {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
