/** One end of a TCP connection: a task, a function, a load balancer, a distribution, or a database proxy. */
export interface Party {
  /** Logical id. */
  readonly name: string;
}

/**
 * The network of the emulated account: host names and task addresses, and the ports of this machine behind them.
 *
 * Every TCP connection that a task, a function, the edge, a load balancer or a proxy opens is looked up here, with
 * both of its ends: `reach` decides whether it gets there.
 */
export class Network {
  /** `host:port` → port of this machine. */
  private readonly hosts = new Map<string, number>();
  private readonly tasks = new Map<string, number>();
  private readonly sites = new Map<string, string>();

  /** Gives a host name a port of this machine. `*` as the first label stands for any. */
  listen(host: string, port: number, local: number): void {
    this.hosts.set(`${host}:${port}`, local);
  }

  /** Gives a task's address a port of this machine. Only load balancers connect to tasks. */
  attach(address: string, port: number, local: number): void {
    this.tasks.set(`${address}:${port}`, local);
  }

  /** True if something listens on a port of a host. */
  has(host: string | undefined, port: number): boolean {
    return this.hosts.has(`${host}:${port}`);
  }

  /** Has a public site, such as `https://d111111abcdef8.cloudfront.net/`, served by a server of this machine. */
  serveSite(site: string, local: string): void {
    this.sites.set(site, local);
  }

  /**
   * The port of this machine where a connection ends; nothing when nobody listens there.
   *
   * @param from the party that connects
   * @param to `host:port` or `address:port`
   */
  reach(_from: Party, to: string): number | undefined {
    return this.hosts.get(to) ?? this.tasks.get(to);
  }

  /** All host names that a process may connect to, as `reach` decides; the process looks them up by itself. */
  hostsFor(from: Party): Readonly<Record<string, number>> {
    const reached = [...this.hosts.keys()].map((to) => [to, this.reach(from, to)]);
    return Object.fromEntries(reached.filter(([, port]) => port !== undefined));
  }

  /** Public sites that a process may fetch, with the servers of this machine behind them. */
  sitesFor(_from: Party): Readonly<Record<string, string>> {
    return Object.fromEntries(this.sites);
  }
}
