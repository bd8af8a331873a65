import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { crashReason } from '../../../constructs/handler/crash-reason';
import type { LogStream } from '../core/log-streams';
import type { Party } from '../core/network';
import { processEnvironment } from '../core/process-environment';
import type { Stage } from '../core/stage';
import { CACHE, signal } from '../core/workspace';
import type { TaskDefinition } from './task-definition';
import { withoutSecrets } from './without-secrets';

/** Milliseconds in which a task must listen. Starting a process takes as long as in AWS. */
export const START_TIMEOUT = 30_000;

/** An ECS task: a process with the command and environment of its task definition, and an address of its own. */
export class Task {
  readonly ended: Promise<number | null>;
  /** Settles when the process listens or ends. */
  readonly started: Promise<unknown>;
  /** Milliseconds since 1970, on the clock of the rehearsal. */
  readonly startedAt: number;
  exitCode: number | null | undefined;
  /** True after ECS has asked the task to stop. */
  asked = false;
  /** True if ECS killed the task after its stop timeout. */
  killed = false;
  /** Called with the reason of each connection that the plan refuses. */
  refused?: (reason: string) => void;
  private listens = false;
  private readonly begun = Date.now();
  private readonly child: ChildProcess;
  private readonly log: LogStream;

  /**
   * @param secrets present values of the container's secrets
   * @param fault fault of the process
   */
  constructor(
    stage: Stage,
    readonly id: string,
    readonly definition: TaskDefinition,
    /** The task as one end of its connections. */
    readonly party: Party,
    readonly secrets: Readonly<Record<string, string>>,
    fault?: string,
  ) {
    this.startedAt = stage.clock.now;
    const { image, container } = definition;
    const { command = image.recipe.command, environment, log } = container;
    const given = { ...image.recipe.environment, ...environment, ...secrets };
    const [program, ...words] = command.map((word) => image.local(word));
    this.log = stage.logs.open(log.group, `${log.prefix}/${container.name}/${id}`);
    this.child = stage.workspace.start(program === 'node' ? process.execPath : program!, words, {
      cwd: image.folder,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: {
        ...processEnvironment(stage, party, { tell: 3, guard: 4, isServer: true, fault }),
        ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, image.local(value)])),
      },
    });
    const [, out, error, tell] = this.child.stdio as Readable[];
    for (const stream of [out!, error!])
      createInterface(stream).on('line', (line) => this.log.write(withoutSecrets(line, secrets)));
    const listens = new Promise<void>((resolve) => {
      stage.network.readMessages(party, tell!, {
        listens: (port, local) => {
          stage.network.attach(this.address, port, local, party);
          this.listens = true;
          resolve();
        },
        refused: (reason) => this.refused?.(reason),
      });
    });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (problem) => {
        this.log.lines.push(problem.message);
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

  /** Address in the rehearsal's network. */
  get address(): string {
    return this.id;
  }

  get running(): boolean {
    return this.exitCode === undefined;
  }

  /** True while the process runs, does not listen yet, and has time left to begin. */
  get starting(): boolean {
    return this.running && !this.listens && Date.now() - this.begun < START_TIMEOUT;
  }

  /** Sends a signal to the process. SIGUSR2 starts a fault that waits for traffic. */
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
    }, this.definition.container.stopTimeout * 1000);
    await this.ended;
    clearTimeout(limit);
  }

  /** Kills the process, and writes the reason as the last line of its log. */
  kill(reason: string): void {
    if (this.running) this.log.write(reason);
    this.signal('SIGKILL');
  }

  /** Returns the reason why the process ended, or its last lines, and the file with all lines. */
  exitReason(): string {
    const { lines } = this.log;
    const reason =
      this.exitCode === 0
        ? ['the process ended by itself: does the server listen if NODE_ENV is production?']
        : crashReason(lines);
    const file = join(CACHE, 'logs', `${this.definition.container.name}.log`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return [...reason.map((line) => line.slice(0, 400)), `all lines: ${file}`]
      .map((line) => `\n    ${line}`)
      .join('');
  }
}
