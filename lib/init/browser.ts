import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { signal, type Workspace } from '../rehearsal/core/workspace';

/** Milliseconds that a page may take to load, and milliseconds in which the loaded page may report faults. */
const loading = 15_000;
const complaining = 1_500;

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Finds the Chromium of this machine. */
export function findChromium(path = process.env['PATH'] ?? ''): string | undefined {
  const candidates = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find((file) => existsSync(file));
}

/** A message of Chromium's DevTools protocol. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the protocol defines the shapes
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: the protocol defines the shapes
  readonly result?: any;
}

/**
 * A headless Chromium. The constructor connects to it through a pipe, which needs no port and no package.
 * https://chromedevtools.github.io/devtools-protocol/
 */
export class Browser {
  private readonly child: ChildProcess;
  private readonly listeners = new Set<(message: Message) => void>();
  private last = 0;
  private rest = '';

  constructor(executable: string, workspace: Workspace) {
    const options = ['--headless', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage'];
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    this.child = workspace.start(
      executable,
      [...options, ...root, '--remote-debugging-pipe', `--user-data-dir=${workspace.folder('chromium')}`],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    (this.child.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => this.read(chunk));
    this.child.stdio[3]?.on('error', () => {});
    this.child.on('error', () => {});
  }

  /**
   * Opens a page.
   * @returns the faults that the page reports: violations of its policy, exceptions, and errors on the console
   */
  async visit(url: string): Promise<string[]> {
    const complaints = new Set<string>();
    const { targetId } = await this.ask('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.ask('Target.attachToTarget', { targetId, flatten: true });
    let loaded = () => {};
    const isLoaded = new Promise<void>((resolve) => {
      loaded = resolve;
    });
    const listen = ({ method, params }: Message): void => {
      if (method === 'Page.loadEventFired') loaded();
      const complaint = complaintOf(method, params, new URL(url).origin);
      if (complaint) complaints.add(complaint.split('\n')[0]!.slice(0, 300));
    };
    this.listeners.add(listen);
    for (const domain of ['Page', 'Runtime', 'Log']) await this.ask(`${domain}.enable`, {}, sessionId);
    await this.ask('Page.navigate', { url }, sessionId);
    await Promise.race([isLoaded, pause(loading)]);
    await pause(complaining);
    this.listeners.delete(listen);
    await this.ask('Target.closeTarget', { targetId });
    return [...complaints];
  }

  close(): void {
    signal(this.child, 'SIGKILL');
  }

  // biome-ignore lint/suspicious/noExplicitAny: the protocol defines the shapes
  private ask(method: string, params: object, sessionId?: string): Promise<any> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error('Chromium has ended'));
      if (this.child.exitCode !== null || this.child.signalCode !== null) return fail();
      this.child.once('exit', fail);
      const listen = (message: Message): void => {
        if (message.id !== id) return;
        this.listeners.delete(listen);
        this.child.off('exit', fail);
        resolve(message.result ?? {});
      };
      this.listeners.add(listen);
      (this.child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  private read(chunk: string): void {
    const parts = (this.rest + chunk).split('\0');
    this.rest = parts.pop()!;
    for (const part of parts)
      for (const listener of [...this.listeners]) listener(JSON.parse(part) as Message);
  }
}

/**
 * Returns the text of a message that reports a fault. Network errors of other origins are left out: this machine may
 * not reach them, which is not a fault of the application.
 */
function complaintOf(
  method: string | undefined,
  params: Message['params'],
  origin: string,
): string | undefined {
  if (method === 'Runtime.exceptionThrown') {
    const { text, exception } = params.exceptionDetails;
    return `${text} ${exception?.description ?? ''}`.trim();
  }
  if (method === 'Runtime.consoleAPICalled' && params.type === 'error')
    return params.args.map((each: Message['params']) => each.value ?? each.description ?? '').join(' ');
  if (method !== 'Log.entryAdded' || params.entry.level !== 'error') return undefined;
  const { text, url = '', source } = params.entry;
  // A browser requests the icon without being told to.
  if (source === 'network' && (!url.startsWith(origin) || url.endsWith('/favicon.ico'))) return undefined;
  return source === 'network' ? `${text} (${url.slice(origin.length)})` : text;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
