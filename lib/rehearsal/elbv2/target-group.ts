import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Stage } from '../core/stage';
import { compressed, pause, until } from '../core/time';

export interface TargetGroupOptions {
  readonly logicalId: string;
  /** Name of its stack. */
  readonly stack: string;
  /** The dimension `TargetGroup` of its metrics. */
  readonly fullName: string;
  readonly healthPath: string;
  /**
   * Port of health checks.
   * @default - that of the target
   */
  readonly healthPort?: number;
  /** Interval of health checks in seconds. */
  readonly interval: number;
  /** Timeout of a health check in seconds. */
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** `Matcher.HttpCode`: `200`, `200,302` or `200-299`. */
  readonly codes: string;
  /** Seconds in which a deregistering target may finish its requests. */
  readonly deregistrationDelay: number;
  /** Duration of the load balancer's stickiness cookie in seconds; absent without stickiness. */
  readonly stickySeconds?: number;
}

/** The parts of a task that a load balancer uses. */
export interface Host {
  /** Address in the rehearsal's network. */
  readonly address: string;
  readonly running: boolean;
  /** True while the task runs and does not listen yet. */
  readonly starting: boolean;
}

export interface Target {
  readonly host: Host;
  readonly port: number;
  state: 'initial' | 'healthy' | 'unhealthy' | 'draining';
  /** Result of the last health check. */
  answers?: boolean;
  /** Last wrong answer to a health check, such as `429`, or `301 to https://…`. */
  wrong?: string;
  /** Number of health checks in a row with that result. */
  streak: number;
  /** Requests in progress, each with its copy to the target. A WebSocket has no copy. */
  readonly pending: Map<IncomingMessage, ClientRequest | undefined>;
}

/** Advice for an answer of the health path with status 429. */
export const HEALTH_LIMITED =
  "a rate limit of the application refuses health checks: exclude the health path from the limit (option skip), and set 'trust proxy' to 1 so that users do not share one limit";
/** Namespace of a load balancer's metrics. */
export const ELB = 'AWS/ApplicationELB';
/** Metrics of a load balancer that a rehearsal reports. */
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

/** A target group: its targets and their health. */
export class TargetGroup {
  readonly targets = new Set<Target>();
  private next = 0;

  constructor(
    public options: TargetGroupOptions,
    private readonly stage: Stage,
  ) {
    stage.metrics.announce(ELB, ...REPORTED);
  }

  get healthy(): Target[] {
    return [...this.targets].filter(({ state }) => state === 'healthy');
  }

  register(host: Host, port: number): void {
    const target: Target = { host, port, state: 'initial', streak: 0, pending: new Map() };
    this.targets.add(target);
    void this.watch(target);
  }

  /** Deregisters a target. It gets no new requests, and finishes its requests within the deregistration delay. */
  async deregister(host: Host): Promise<void> {
    const target = [...this.targets].find((candidate) => candidate.host === host);
    if (!target) return;
    target.state = 'draining';
    // Requests take as long as in AWS, so this delay is not compressed.
    await until(() => target.pending.size === 0, this.options.deregistrationDelay * 1000);
    for (const pending of target.pending.keys()) pending.destroy();
    this.targets.delete(target);
  }

  /** Returns the next healthy target. If no target is healthy, returns any target, as a load balancer does. */
  pick(cookie?: string): Target | undefined {
    const open = [...this.targets].filter(({ state }) => state !== 'draining');
    const healthy = this.healthy;
    const choice = healthy.length > 0 ? healthy : open;
    return this.bound(choice, cookie) ?? choice[this.next++ % choice.length];
  }

  /** Returns the target that the stickiness cookie names. */
  private bound(choice: readonly Target[], cookie = ''): Target | undefined {
    if (this.options.stickySeconds === undefined) return undefined;
    const value = /(?:^|;\s*)AWSALB=([^;]+)/.exec(cookie)?.[1];
    return value === undefined ? undefined : choice.find((target) => this.cookieValue(target) === value);
  }

  /**
   * Returns the stickiness cookies for a target. One of them is for requests from other sites.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html
   */
  cookies(target: Target): string[] {
    const { stickySeconds } = this.options;
    if (stickySeconds === undefined) return [];
    const rest = `${this.cookieValue(target)}; Expires=${new Date(Date.now() + stickySeconds * 1000).toUTCString()}; Path=/`;
    return [`AWSALB=${rest}`, `AWSALBCORS=${rest}; SameSite=None; Secure`];
  }

  private cookieValue({ host }: Target): string {
    return Buffer.from(`${this.options.fullName} ${host.address}`).toString('base64url');
  }

  /** Returns the port of this machine for a target, or undefined if the target does not listen. */
  reach({ host, port }: Target): number | undefined {
    const { logicalId: name, stack } = this.options;
    return this.stage.network.reach({ name, stack }, `${host.address}:${port}`);
  }

  /** Describes why the health checks of a host fail, as the end of a sentence about its tasks. */
  complaint(host: Host | undefined, port: number): string {
    const { healthPath, codes } = this.options;
    const check = `the health check on port ${port}, path ${healthPath}`;
    const { wrong } = [...this.targets].find((target) => target.host === host) ?? {};
    if (!wrong) return `never answer ${check}`;
    const why = wrong === '429' ? `; ${HEALTH_LIMITED}` : '';
    return `answer ${check}, with ${wrong} instead of ${codes}${why}`;
  }

  private async watch(target: Target): Promise<void> {
    const { interval, timeout, healthPath, healthPort, codes, healthyThreshold, unhealthyThreshold } =
      this.options;
    const { metrics } = this.stage;
    while (this.targets.has(target) && target.state !== 'draining') {
      const checked = { ...target, port: healthPort ?? target.port };
      const port = target.host.running ? this.reach(checked) : undefined;
      const { ok, wrong } =
        port === undefined ? { ok: false } : await check(port, healthPath, codes, timeout * 1000);
      if (wrong) target.wrong = wrong;
      // Compressed health checks run before a task can start, so the checks of a starting task do not count.
      if (!target.host.starting) target.streak = ok === target.answers ? target.streak + 1 : 1;
      target.answers = ok;
      const enough = target.streak >= (ok ? healthyThreshold : unhealthyThreshold);
      if (enough && (target.state as string) !== 'draining') target.state = ok ? 'healthy' : 'unhealthy';
      const { fullName } = this.options;
      const count = (state: string) => [...this.targets].filter((one) => one.state === state).length;
      metrics.put(ELB, 'HealthyHostCount', fullName, count('healthy'));
      metrics.put(ELB, 'UnHealthyHostCount', fullName, count('unhealthy'));
      await pause(compressed(interval));
    }
  }
}

interface HealthCheck {
  readonly ok: boolean;
  readonly wrong?: string;
}

/** Makes one health check. */
function check(port: number, path: string, codes: string, timeout: number): Promise<HealthCheck> {
  return new Promise((resolve) => {
    const headers = { host: 'target', 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' };
    const asked = request({ host: '127.0.0.1', port, path, headers, timeout, agent: false }, (answer) => {
      answer.resume();
      const { statusCode: status, headers: given } = answer;
      const wrong = given.location ? `${status} to ${given.location}` : String(status);
      resolve(matches(codes, status!) ? { ok: true } : { ok: false, wrong });
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve({ ok: false }));
    asked.end();
  });
}

function matches(codes: string, status: number): boolean {
  return codes.split(',').some((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return status >= from! && status <= to!;
  });
}
