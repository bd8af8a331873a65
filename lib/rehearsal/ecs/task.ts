import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { runtimeBundle } from '../../files/runtime-bundle';
import type { Clock } from '../core/clock';
import { signal, type Workspace } from '../core/workspace';
import type { Image } from './image';

/** What a task definition says about its container. */
export interface ContainerDefinition {
  /** Of its task definition. */
  readonly logicalId: string;
  readonly name: string;
  /** @default the image's own */
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  readonly log: { readonly group: string; readonly prefix: string };
}

/** What a process of the rehearsal is told about its surroundings. */
export interface Surroundings {
  readonly workspace: Workspace;
  /** `host:port` → port of this machine. */
  readonly names: Readonly<Record<string, number>>;
  readonly region: string;
}

/** What a task is told about, and where its lines go. */
export interface TaskSurroundings extends Surroundings {
  readonly clock: Clock;
  /** A line for a log group. */
  log(group: string, line: string): void;
}

/** Loaded into each process; see runtime/private-network.runtime.ts. */
const NETWORK = runtimeBundle('private-network');
const KEPT_LINES = 500;

/** Variables that make a process of Node.js one of the rehearsal. */
export function processEnvironment(
  surroundings: Surroundings,
  own: { tell?: number; guard?: number; fault?: string } = {},
) {
  return {
    PATH: process.env['PATH'],
    TMPDIR: surroundings.workspace.folder('tmp'),
    HOME: surroundings.workspace.folder('tmp'),
    AWS_REGION: surroundings.region,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_OPTIONS: `--import=${NETWORK}`,
    REHEARSAL: JSON.stringify({ names: surroundings.names, ...own }),
  };
}

/** One task of ECS: a process started as its definition says, with an address of its own. */
export class Task {
  /** Port of the container → port of this machine; filled as the process listens. */
  readonly ports = new Map<number, number>();
  readonly lines: string[] = [];
  readonly ended: Promise<number | null>;
  /** Settles when it listens, or has ended. */
  readonly started: Promise<unknown>;
  readonly startedAt: number;
  exitCode: number | null | undefined;
  /** What it was given of the secrets there were when it started. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Whether somebody has asked it to end. */
  asked = false;
  /** Killed because it had not ended within its stop timeout. */
  killed = false;
  private readonly child: ChildProcess;

  constructor(
    readonly id: string,
    image: Image,
    readonly definition: ContainerDefinition,
    surroundings: TaskSurroundings,
    fault?: string,
  ) {
    this.startedAt = surroundings.clock.now;
    const { command = image.recipe.command, environment, secrets } = definition;
    this.secrets = secrets;
    const given = { ...image.recipe.environment, ...environment, ...secrets };
    const [program, ...words] = command.map((word) => image.local(word));
    this.child = surroundings.workspace.start(program === 'node' ? process.execPath : program!, words, {
      cwd: image.folder,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: {
        ...processEnvironment(surroundings, { tell: 3, guard: 4, fault }),
        ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, image.local(value)])),
      },
    });
    const [, out, error, tell] = this.child.stdio as Readable[];
    for (const stream of [out!, error!])
      createInterface(stream).on('line', (line) => {
        this.lines.push(line);
        if (this.lines.length > KEPT_LINES) this.lines.shift();
        surroundings.log(definition.log.group, line);
      });
    const listens = new Promise<void>((resolve) => {
      createInterface(tell!).on('line', (line) => {
        const [port, actual] = line.split(' ').map(Number);
        this.ports.set(port!, actual!);
        resolve();
      });
    });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (problem) => {
        this.lines.push(problem.message);
        this.exitCode = 127;
        resolve(127);
      });
      this.child.once('close', (code) => {
        this.exitCode = code;
        resolve(code);
      });
    });
    this.started = Promise.race([listens, this.ended]);
  }

  get running(): boolean {
    return this.exitCode === undefined;
  }

  /** Runs and does not listen yet. */
  get starting(): boolean {
    return this.running && this.ports.size === 0;
  }

  /** Stands for what happens to this task from now on, such as the fault that waits for traffic. */
  signal(name: NodeJS.Signals): void {
    if (this.running) signal(this.child, name);
  }

  /** Stops the process as ECS does: SIGTERM, then SIGKILL after the stop timeout. */
  async stop(): Promise<void> {
    this.asked = true;
    this.signal('SIGTERM');
    const limit = setTimeout(() => {
      this.killed = this.running;
      this.signal('SIGKILL');
    }, this.definition.stopTimeout * 1000);
    await this.ended;
    clearTimeout(limit);
  }

  /** What it said last, for an error. */
  lastWords(count = 10): string {
    return this.lines
      .slice(-count)
      .map((line) => `\n    ${line.slice(0, 400)}`)
      .join('');
  }
}
