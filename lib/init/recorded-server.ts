import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import http from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { runtimeBundle } from '../files/runtime-bundle';
import { signal, type Workspace } from '../rehearsal/core/workspace';
import type { Observation } from './observation';

/** Milliseconds within which a server must answer. */
const patience = 20_000;

/** The answer to a request. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A server that runs as in its image, with the actions that the recorder saw. */
export class RecordedServer {
  readonly seen: Observation[] = [];
  /** Lines of the server's output. */
  readonly lines: string[] = [];
  /** Exit code; undefined while the server runs. */
  exitCode: number | null | undefined;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private changed = () => {};

  /**
   * @param image folder with the image's files and its packages
   * @param command arguments after `node`
   * @param log file that receives the server's output
   */
  constructor(
    workspace: Workspace,
    image: string,
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
    log: string,
  ) {
    const words = command.map((word) => word.replace(/^\/app(?=\/)/, image));
    this.child = workspace.start(process.execPath, [`--import=${runtimeBundle('recorder')}`, ...words], {
      cwd: image,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: workspace.folder('tmp'),
        TMPDIR: workspace.folder('tmp'),
        ...environment,
      },
    });
    const file = createWriteStream(log, { flags: 'a' });
    const [, out, error, told] = this.child.stdio as Readable[];
    for (const stream of [out!, error!])
      createInterface(stream).on('line', (line) => {
        this.lines.push(line);
        file.write(`${line}\n`);
      });
    createInterface(told!).on('line', (line) => {
      this.seen.push(JSON.parse(line) as Observation);
      this.changed();
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code) => {
        this.exitCode = code;
        file.end();
        this.changed();
        resolve();
      });
      this.child.once('error', (problem) => this.lines.push(problem.message));
    });
  }

  /** Returns the port of this machine that replaces a port of the server. */
  portFor(port: number): number | undefined {
    const all = this.seen.flatMap((each) => (each.kind === 'listening' ? [each] : []));
    return (all.find((each) => each.port === port) ?? all[0])?.actualPort;
  }

  /**
   * Waits until the server answers a path with a status below 500.
   * @returns false if the server ends or does not answer in time
   */
  async answers(port: number, path: string): Promise<boolean> {
    const end = Date.now() + patience;
    while (this.exitCode === undefined && Date.now() < end) {
      const actual = this.portFor(port);
      if (actual !== undefined) {
        const status = await this.get(port, path).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status > 0 && status < 500) return true;
      }
      await this.somethingNew(actual === undefined ? end - Date.now() : 100);
    }
    return false;
  }

  /** Waits 700 ms, or until the server ends. */
  async staysUp(): Promise<void> {
    const end = Date.now() + 700;
    while (this.exitCode === undefined && Date.now() < end) await this.somethingNew(end - Date.now());
  }

  /** Waits until the recorder has reported all routes, at most 2 s. */
  async report(): Promise<void> {
    signal(this.child, 'SIGUSR2');
    const end = Date.now() + 2_000;
    while (
      this.exitCode === undefined &&
      Date.now() < end &&
      !this.seen.some(({ kind }) => kind === 'reported')
    )
      await this.somethingNew(end - Date.now());
  }

  /** Requests a path as a browser does when it opens a page. */
  get(port: number, path: string): Promise<RecordedAnswer> {
    return new Promise((resolve, reject) => {
      const request = http.get(
        {
          host: '127.0.0.1',
          port: this.portFor(port),
          path,
          agent: false,
          timeout: 5_000,
          headers: { host: 'localhost', accept: 'text/html', 'x-forwarded-proto': 'https' },
        },
        (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk) => {
            body += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode!, headers: response.headers, body }),
          );
        },
      );
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', reject);
    });
  }

  /** Returns true if the server upgrades a path to a WebSocket. */
  upgrades(port: number, path: string): Promise<boolean> {
    return new Promise((resolve) => {
      const request = http.get({
        host: '127.0.0.1',
        port: this.portFor(port),
        path,
        agent: false,
        timeout: 2_000,
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        },
      });
      const settle = (answer: boolean) => () => {
        request.destroy();
        resolve(answer);
      };
      request.on('upgrade', settle(true)).on('response', settle(false));
      request.on('timeout', settle(false)).on('error', settle(false));
    });
  }

  async stop(): Promise<void> {
    if (this.exitCode === undefined) signal(this.child, 'SIGKILL');
    await this.ended;
  }

  private somethingNew(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, Math.max(1, milliseconds));
      this.changed = () => {
        clearTimeout(limit);
        resolve();
      };
    });
  }
}
