import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { wildcard } from '../../files/wildcard';
import type { Metrics } from '../core/metrics';
import { runningTime } from '../core/running-time';
import { asksForWebSocket, passUpgrade, refuseUpgrade, type Upgrade } from '../core/upgrade';
import { ELB, type Target, type TargetGroup } from './target-group';

/** A listener rule: its path patterns, and the weights of its target groups. */
export interface Rule {
  readonly priority: number;
  /** Path patterns. */
  readonly paths: readonly string[];
  readonly weights: Map<TargetGroup, number>;
  /** True if the rule has target group stickiness. */
  readonly bindsToGroup?: boolean;
}

export interface ListenerOptions {
  /** The dimension `LoadBalancer` of its metrics. */
  readonly balancer: string;
  readonly port: number;
  /** Idle timeout in seconds. */
  readonly idleTimeout: number;
  /** Status of the answer if no rule matches. */
  readonly defaultStatus: number;
  /** True if header fields with invalid names are dropped. */
  readonly dropsInvalidHeaders: boolean;
}

/**
 * Matches header field names that a load balancer accepts.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 */
const VALID_NAME = /^[-a-z0-9]+$/i;

/** A listener of an application load balancer: a real HTTP server that forwards requests to tasks. */
export class Listener {
  readonly rules: Rule[] = [];
  private readonly server: Server;
  private readonly agent: Agent;

  constructor(
    private readonly options: ListenerOptions,
    private readonly metrics: Metrics,
  ) {
    this.agent = new Agent({ keepAlive: true, timeout: options.idleTimeout * 1000 });
    this.server = createServer((incoming, outgoing) => this.serve(incoming, outgoing));
    this.server.keepAliveTimeout = options.idleTimeout * 1000;
    this.server.on('upgrade', (incoming, socket, head) => void this.upgrade({ incoming, socket, head }));
  }

  /** Listens on a free port of this machine and returns it. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
    this.agent.destroy();
  }

  private serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.metrics.arrived();
    const { group, target } = this.route(incoming);
    if (!group) answer(outgoing, this.options.defaultStatus);
    else if (!target) this.refuse(group, outgoing, 503);
    else this.forward(group, target, incoming, outgoing);
  }

  /** Picks the target of a request. */
  private route({ url, headers }: IncomingMessage): {
    readonly group?: TargetGroup;
    readonly target?: Target;
  } {
    const path = url!.split('?')[0]!;
    const rule = [...this.rules]
      .sort((a, b) => a.priority - b.priority)
      .find(({ paths }) => paths.some((pattern) => wildcard(pattern).test(path)));
    const group = rule && weighted(rule.weights);
    return { group, target: group?.pick(headers.cookie) };
  }

  /** Forwards a WebSocket. The connection counts as a request of the target until it closes. */
  private async upgrade(upgrade: Upgrade): Promise<void> {
    const { incoming, socket } = upgrade;
    const { group, target } = this.route(incoming);
    if (!group) return refuseUpgrade(socket, this.options.defaultStatus);
    const port = target && group.reach(target);
    if (!target || port === undefined) {
      this.report(group, 'HTTPCode_ELB_5XX_Count');
      return refuseUpgrade(socket, target ? 502 : 503);
    }
    if (!asksForWebSocket(incoming)) return refuseUpgrade(socket, 400);
    this.report(group, 'RequestCount');
    target.pending.set(incoming, undefined);
    socket.once('close', () => target.pending.delete(incoming));
    // Unlike a request, an idle WebSocket is closed although nobody waits for an answer.
    incoming.socket.setTimeout(this.options.idleTimeout * 1000, () => socket.destroy());
    const next = { port, path: incoming.url!, headers: this.headers(incoming) };
    if ((await passUpgrade(upgrade, next)) !== undefined) return;
    this.report(group, 'TargetConnectionErrorCount');
    refuseUpgrade(socket, 502);
  }

  private forward(
    group: TargetGroup,
    target: Target,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): void {
    this.report(group, 'RequestCount');
    let sent = runningTime();
    incoming.once('end', () => {
      sent = runningTime();
    });
    const fail = (): void => {
      this.report(group, 'TargetConnectionErrorCount');
      target.pending.delete(incoming);
      if (outgoing.headersSent) outgoing.destroy();
      else this.refuse(group, outgoing, 502);
    };
    const port = group.reach(target);
    if (port === undefined) {
      fail();
      return;
    }
    const { method, url: path } = incoming;
    const headers = this.headers(incoming);
    const onward = request({ host: '127.0.0.1', port, method, path, headers, agent: this.agent }, (reply) => {
      // The response time begins after the load balancer has sent the whole request, so a slow upload does not count.
      this.report(group, 'TargetResponseTime', (runningTime() - sent) / 1000);
      if (reply.statusCode! >= 400)
        this.report(group, `HTTPCode_Target_${String(reply.statusCode)[0]}XX_Count`);
      const cookies = [...(reply.headers['set-cookie'] ?? []), ...group.cookies(target)];
      outgoing.writeHead(reply.statusCode!, {
        ...reply.headers,
        ...(cookies.length > 0 && { 'set-cookie': cookies }),
      });
      reply.pipe(outgoing);
      reply.on('error', () => outgoing.destroy()).on('close', () => target.pending.delete(incoming));
    });
    target.pending.set(incoming, onward);
    onward.on('error', fail);
    incoming.on('error', () => onward.destroy()).pipe(onward);
  }

  private refuse(group: TargetGroup, outgoing: ServerResponse, status: number): void {
    this.report(group, 'HTTPCode_ELB_5XX_Count');
    answer(outgoing, status);
  }

  private report(group: TargetGroup, metric: string, value = 1): void {
    for (const about of [group.options.fullName, this.options.balancer])
      this.metrics.put(ELB, metric, about, value);
  }

  private headers({ headers: given, socket }: IncomingMessage) {
    const before = given['x-forwarded-for'];
    const accepted = Object.entries(given).filter(
      ([name]) => !this.options.dropsInvalidHeaders || VALID_NAME.test(name),
    );
    return {
      ...Object.fromEntries(accepted),
      'x-forwarded-for': [before, socket.remoteAddress?.replace('::ffff:', '')].filter(Boolean).join(', '),
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(this.options.port),
      'x-amzn-trace-id': given['x-amzn-trace-id'] ?? `Root=1-${Date.now().toString(16)}-rehearsal`,
    };
  }
}

/** Picks a random target group by the weights. */
function weighted(weights: ReadonlyMap<TargetGroup, number>): TargetGroup | undefined {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  let point = Math.random() * total;
  for (const [group, weight] of weights) {
    point -= weight;
    if (weight > 0 && point < 0) return group;
  }
  return undefined;
}

function answer(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status, { 'content-type': 'text/html' }).end(`<h1>${status}</h1>`);
}
