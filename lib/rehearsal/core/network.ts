import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Placement } from './placement';
import type { JudgedConnection, Trace } from './trace';

/** One end of a TCP connection: a task, a function, a load balancer, a distribution, a proxy, or a database. */
export interface Party {
  /** Logical id. */
  readonly name: string;
  /** Name of the stack. */
  readonly stack?: string;
  /**
   * Network of a task that a caller of `RunTask` chose.
   * @default - the network in the resource's properties
   */
  readonly placement?: Placement;
}

/** The other end of a connection: a party, an AWS service such as `ecs`, any AWS service (`aws`), or `internet`. */
export type Destination = Party | { readonly outside: string };

/** Judges a connection by the plan. Returns undefined if one end is not part of the plan. */
export type ConnectionJudge = (from: Party, to: Destination, port: number) => JudgedConnection | undefined;

interface Listening {
  /** Port of this machine. */
  readonly local: number;
  readonly at: Destination;
}

/**
 * The network of the emulated account: host names and task addresses, with the ports of this machine behind them.
 *
 * Every TCP connection of a task, a function, the edge, a load balancer or a proxy goes through here. The judge
 * decides if the plan allows the connection.
 */
export class Network {
  /** Judges connections. Without a judge, all connections are allowed. */
  judge: ConnectionJudge = () => undefined;
  private readonly hosts = new Map<string, Listening>();
  private readonly tasks = new Map<string, Listening>();
  private readonly sites = new Map<string, string>();

  constructor(private readonly trace: Trace) {}

  /** Maps a host name to a port of this machine. `*` as the first label matches any label. */
  listen(host: string, port: number, local: number, at: Destination): void {
    this.hosts.set(`${host}:${port}`, { local, at });
  }

  /** Maps a task's address to a port of this machine. Only load balancers connect to tasks. */
  attach(address: string, port: number, local: number, at: Destination): void {
    this.tasks.set(`${address}:${port}`, { local, at });
  }

  /** Returns true if something listens on a port of a host. */
  has(host: string | undefined, port: number): boolean {
    return this.hosts.has(`${host}:${port}`);
  }

  /** Maps a public site, such as `https://d111111abcdef8.cloudfront.net/`, to a server of this machine. */
  serveSite(site: string, local: string): void {
    this.sites.set(site, local);
  }

  /**
   * Returns the port of this machine for a connection, or undefined if nothing listens there or the plan refuses the
   * connection.
   * @param from the party that connects
   * @param to `host:port` or `address:port`
   */
  reach(from: Party, to: string): number | undefined {
    const found = this.hosts.get(to) ?? this.tasks.get(to);
    if (!found) return undefined;
    return this.refusal(from, found.at, portOf(to)) === undefined ? found.local : undefined;
  }

  /**
   * Judges a connection before it is opened, and records the verdict.
   * @returns the reason if the plan refuses the connection
   */
  refusal(from: Party, to: Destination, port: number): string | undefined {
    const judged = this.judge(from, to, port);
    if (judged) this.trace.connection(judged);
    return judged?.verdict === 'denied' ? judged.reason : undefined;
  }

  /**
   * Returns all host names that a process may use, as `host:port`, each with the port of this machine, or null if the
   * plan refuses the connection. The process reports the names that it uses.
   */
  hostsFor(from: Party): Readonly<Record<string, number | null>> {
    const hosts = [...this.hosts].map(([to, { local, at }]) => {
      const isRefused = this.judge(from, at, portOf(to))?.verdict === 'denied';
      return [to, isRefused ? null : local];
    });
    return Object.fromEntries(hosts);
  }

  /**
   * Reads the messages of a process: `connect host:port` for each connection, `listen port local` for a port that it
   * listens on, and `provider host` for an identity provider that the rehearsal replaces. `refused` receives the reason
   * for each refused connection to the plan or to AWS.
   */
  readMessages(
    from: Party,
    lines: Readable,
    {
      listens,
      refused,
    }: { listens?(port: number, local: number): void; refused?(reason: string): void } = {},
  ): void {
    createInterface(lines).on('line', (line) => {
      const [verb, ...words] = line.split(' ');
      if (verb === 'provider') return void this.trace.standIns.add(words[0]!);
      if (verb !== 'connect') return listens?.(Number(words[0]), Number(words[1]));
      const reason = this.used(from, words[0]!);
      if (reason !== undefined) refused?.(reason);
    });
  }

  /**
   * Records a connection of a process, to a host of `hostsFor` or another one. Returns the reason if the plan refuses
   * the connection; undefined for connections to the internet.
   */
  private used(from: Party, to: string): string | undefined {
    const found = this.hosts.get(to) ?? this.hosts.get(to.replace(/^[^.]+/, '*'));
    const at = found?.at ?? { outside: 'internet' };
    const isAnyService = 'outside' in at && at.outside === 'aws';
    // If the plan allows the connection, the endpoint learns the service from the call.
    if (isAnyService && this.judge(from, at, portOf(to))?.verdict !== 'denied') return undefined;
    const reason = this.refusal(from, at, portOf(to));
    return 'outside' in at && at.outside === 'internet' ? undefined : reason;
  }

  /** Records the connections to hosts in a text of a process, such as the database host in its environment. */
  named(from: Party, text: string): void {
    for (const [to, { at }] of this.hosts)
      if (text.includes(to.slice(0, to.lastIndexOf(':')))) this.refusal(from, at, portOf(to));
  }

  /** Returns the public sites that a process may fetch, with the servers of this machine behind them. */
  sitesFor(from: Party): Readonly<Record<string, string>> {
    const isShutIn = this.judge(from, { outside: 'internet' }, 443)?.verdict === 'denied';
    return isShutIn ? {} : Object.fromEntries(this.sites);
  }
}

const portOf = (to: string): number => Number(to.split(':').at(-1));
