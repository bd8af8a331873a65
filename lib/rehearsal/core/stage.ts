import { EventEmitter } from 'node:events';
import type { Json } from './assembly';
import { AwsApi } from './aws-api';
import { Clock } from './clock';
import { Inventory } from './inventory';
import { LogStreams } from './log-streams';
import { Metrics } from './metrics';
import { Network } from './network';
import { Trace } from './trace';
import type { Workspace } from './workspace';

/** An event that an AWS service puts on the default event bus. */
export interface ServiceEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources?: readonly string[];
  readonly detail: { readonly [name: string]: Json };
}

/** The ground of every emulated service. Services know the stage, and reach one another through its API. */
export class Stage {
  readonly metrics = new Metrics();
  readonly clock = new Clock(() => this.metrics.overdue);
  /** Resources of all stacks. */
  readonly inventory = new Inventory();
  /** Judged calls and connections. */
  readonly trace = new Trace();
  readonly network = new Network(this.trace);
  readonly api = new AwsApi();
  readonly logs = new LogStreams();
  /** Events of AWS services; EventBridge listens. */
  readonly bus = new EventEmitter<{ event: [ServiceEvent] }>();
  /** Happenings of the rehearsal, emitted as `(event, detail)`; faults and the report listen. */
  readonly happenings = new EventEmitter();
  /** The first failure of something that nobody waits for, such as a state machine. */
  failure?: Error;

  constructor(
    readonly workspace: Workspace,
    readonly region: string,
    /** Prints a line of progress. */
    readonly say: (line: string) => void,
  ) {
    this.happenings.setMaxListeners(100);
  }

  /** Announces a happening, as `any` too. */
  tell(event: string, detail = ''): void {
    this.happenings.emit('any', event, detail);
    this.happenings.emit(event, detail);
  }

  /** Notes a failure that nobody waits for. */
  fail(error: Error): void {
    this.failure ??= error;
  }
}
