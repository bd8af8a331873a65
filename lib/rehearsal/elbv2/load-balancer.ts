import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '../cloudwatch/metrics';
import { compressed, pause, until } from '../core/time';
import type { Task } from '../ecs/task';

/** What a target group says. */
export interface TargetGroupOptions {
  /** What its dimension in metrics is. */
  readonly fullName: string;
  readonly healthPath: string;
  /** Seconds. */
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly codes: string;
  /** Seconds a target that leaves keeps its requests. */
  readonly deregistrationDelay: number;
}

interface Target {
  readonly task: Task;
  readonly port: number;
  state: 'initial' | 'healthy' | 'unhealthy' | 'draining';
  /** What the last check said, and how many in a row have said so. */
  answers?: boolean;
  streak: number;
  readonly pending: Set<IncomingMessage>;
}

const ELB = 'AWS/ApplicationELB';
/** Metrics of a load balancer that are reported here. */
const REPORTED = [
  'HealthyHostCount',
  'UnHealthyHostCount',
  'RequestCount',
  'TargetResponseTime',
  'TargetConnectionErrorCount',
  'HTTPCode_Target_4XX_Count',
  'HTTPCode_Target_5XX_Count',
  'HTTPCode_ELB_5XX_Count',
];

/** A target group: tasks, and which of them are healthy. */
export class TargetGroup {
  readonly targets = new Set<Target>();
  private next = 0;

  constructor(
    public options: TargetGroupOptions,
    private readonly metrics: Metrics,
  ) {
    metrics.announce(ELB, ...REPORTED);
  }

  get healthy(): Target[] {
    return [...this.targets].filter(({ state }) => state === 'healthy');
  }

  register(task: Task, port: number): void {
    const target: Target = { task, port, state: 'initial', streak: 0, pending: new Set() };
    this.targets.add(target);
    void this.watch(target);
  }

  /** Takes a task out: no new requests at once, and none of those it has after the delay. */
  async deregister(task: Task): Promise<void> {
    const target = [...this.targets].find((candidate) => candidate.task === task);
    if (!target) return;
    target.state = 'draining';
    // Requests take as long here as anywhere: what is not compressed is the time they get.
    await until(() => target.pending.size === 0, this.options.deregistrationDelay * 1000);
    for (const pending of target.pending) pending.destroy();
    this.targets.delete(target);
  }

  /** The next healthy target; any target when none is, as an ALB does. */
  pick(): Target | undefined {
    const open = [...this.targets].filter(({ state }) => state !== 'draining');
    const healthy = this.healthy;
    const choice = healthy.length > 0 ? healthy : open;
    return choice[this.next++ % choice.length];
  }

  private async watch(target: Target): Promise<void> {
    const { interval, timeout, healthPath, codes, healthyThreshold, unhealthyThreshold } = this.options;
    while (this.targets.has(target) && target.state !== 'draining') {
      const ok = await check(target, healthPath, codes, timeout * 1000);
      // Of a task that is starting, checks that go by faster than its start say nothing.
      if (!target.task.starting) target.streak = ok === target.answers ? target.streak + 1 : 1;
      target.answers = ok;
      const enough = target.streak >= (ok ? healthyThreshold : unhealthyThreshold);
      if (enough && (target.state as string) !== 'draining') target.state = ok ? 'healthy' : 'unhealthy';
      const { fullName } = this.options;
      const count = (state: string) => [...this.targets].filter((one) => one.state === state).length;
      this.metrics.put(ELB, 'HealthyHostCount', fullName, count('healthy'));
      this.metrics.put(ELB, 'UnHealthyHostCount', fullName, count('unhealthy'));
      await pause(compressed(interval));
    }
  }
}

function check(target: Target, path: string, codes: string, timeout: number): Promise<boolean> {
  const port = target.task.ports.get(target.port);
  if (port === undefined || !target.task.running) return Promise.resolve(false);
  return new Promise((resolve) => {
    const headers = { host: 'target', 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' };
    const asked = request({ host: '127.0.0.1', port, path, headers, timeout, agent: false }, (answer) => {
      answer.resume();
      resolve(matches(codes, answer.statusCode!));
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve(false));
    asked.end();
  });
}

/** `200`, `200,302` or `200-299`. */
function matches(codes: string, status: number): boolean {
  return codes.split(',').some((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return status >= from! && status <= to!;
  });
}

/** One rule: which paths it is for, and the shares of its groups. */
export interface Rule {
  readonly priority: number;
  readonly paths: readonly string[];
  readonly weights: Map<TargetGroup, number>;
}

/** A listener of an application load balancer: a real server that sends what it gets on to tasks. */
export class Listener {
  readonly rules: Rule[] = [];
  readonly server: Server;
  private readonly agent: Agent;

  constructor(
    private readonly options: { balancer: string; port: number; idleTimeout: number; defaultStatus: number },
    private readonly metrics: Metrics,
  ) {
    this.agent = new Agent({ keepAlive: true, timeout: options.idleTimeout * 1000 });
    this.server = createServer((incoming, outgoing) => this.forward(incoming, outgoing));
    this.server.keepAliveTimeout = options.idleTimeout * 1000;
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
    this.agent.destroy();
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.metrics.arrived();
    const path = incoming.url!.split('?')[0]!;
    const rule = [...this.rules]
      .sort((a, b) => a.priority - b.priority)
      .find(({ paths }) => paths.some((pattern) => wildcard(pattern).test(path)));
    const group = rule && weighted(rule.weights);
    if (!group) {
      answer(outgoing, this.options.defaultStatus);
      return;
    }
    const report = (name: string, value = 1): void => {
      for (const about of [group.options.fullName, this.options.balancer])
        this.metrics.put(ELB, name, about, value);
    };
    const refuse = (status: number): void => {
      report('HTTPCode_ELB_5XX_Count');
      answer(outgoing, status);
    };
    const target = group.pick();
    if (!target) {
      refuse(503);
      return;
    }
    report('RequestCount');

    let sent = Date.now();
    incoming.once('end', () => {
      sent = Date.now();
    });
    const fail = (): void => {
      report('TargetConnectionErrorCount');
      target.pending.delete(incoming);
      if (outgoing.headersSent) outgoing.destroy();
      else refuse(502);
    };
    const port = target.task.ports.get(target.port);
    if (port === undefined) {
      fail();
      return;
    }
    target.pending.add(incoming);
    const { method, url, headers } = incoming;
    const onward = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: url,
        headers: this.headers(headers, incoming),
        agent: this.agent,
      },
      (reply) => {
        // From when the whole request has left the load balancer: how slowly it came is not the target's doing.
        report('TargetResponseTime', (Date.now() - sent) / 1000);
        if (reply.statusCode! >= 400) report(`HTTPCode_Target_${String(reply.statusCode)[0]}XX_Count`);
        outgoing.writeHead(reply.statusCode!, reply.headers);
        reply.pipe(outgoing);
        reply.on('error', () => outgoing.destroy()).on('close', () => target.pending.delete(incoming));
      },
    );
    onward.on('error', fail);
    incoming.on('error', () => onward.destroy()).pipe(onward);
  }

  private headers(given: IncomingMessage['headers'], { socket }: IncomingMessage) {
    const before = given['x-forwarded-for'];
    return {
      ...given,
      'x-forwarded-for': [before, socket.remoteAddress?.replace('::ffff:', '')].filter(Boolean).join(', '),
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(this.options.port),
      'x-amzn-trace-id': given['x-amzn-trace-id'] ?? `Root=1-${Date.now().toString(16)}-rehearsal`,
    };
  }
}

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

const patterns = new Map<string, RegExp>();

/** A path pattern of a load balancer or of CloudFront: `*` for any characters, `?` for one. */
export function wildcard(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const made = new RegExp(`^${source}$`);
  patterns.set(pattern, made);
  return made;
}
