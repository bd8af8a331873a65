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

/** An event of an AWS service on the default event bus. */
export interface ServiceEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources?: readonly string[];
  readonly detail: { readonly [name: string]: Json };
}

/** The shared state of all emulated services. Services call each other through its API. */
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
  /** Events of AWS services. EventBridge listens to them. */
  readonly bus = new EventEmitter<{ event: [ServiceEvent] }>();
  /** Milestones of the rehearsal, emitted as `(event, detail)`. Faults and the report listen to them. */
  readonly milestones = new EventEmitter();
  /** The first failure of background work, such as a state machine. */
  failure?: Error;

  constructor(
    readonly workspace: Workspace,
    readonly region: string,
    /** Prints a line of progress. */
    readonly say: (line: string) => void,
  ) {
    this.milestones.setMaxListeners(100);
  }

  /** Emits a milestone, and emits it as `any`. */
  announce(event: string, detail = ''): void {
    this.milestones.emit('any', event, detail);
    this.milestones.emit(event, detail);
  }

  /** Records a failure of background work. */
  fail(error: Error): void {
    this.failure ??= error;
  }
}
