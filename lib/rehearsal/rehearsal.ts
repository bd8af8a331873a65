import { parse } from 'node:path';
import { AwsEndpoint } from './api/endpoint';
import { call, type Firing, firedAlarms, judgedAlarms, notEvaluated } from './cloudwatch/alarm-report';
import { Assembly } from './core/assembly';
import { PlanError, type Published } from './core/template';
import { pause, until } from './core/time';
import { Workspace } from './core/workspace';
import { Unwatched } from './ecs/service';
import { EmulatedAccount } from './emulated-account';
import { type Fault, faultNamed } from './fault';
import { Lambda } from './lambda/lambda';
import { Load } from './load';
import { nextRelease } from './next-release';
import { Report, type Summary } from './report';
import { liveReleases, loadPaths, smokeTest } from './smoke-test';
import { checkOrder, StackDeployment } from './stack-deployment';

export interface RehearsalOptions {
  /** The plan: folder of its cloud assembly. */
  readonly assembly: string;
  /**
   * The plan of the release that is there already.
   * @default the same release under another name
   */
  readonly releaseFrom?: string;
  /**
   * Whether a second release is played on top of the first.
   * @default true
   */
  readonly secondRelease?: boolean;
  /** Names of what goes wrong, in a release each. @default nothing, in one release */
  readonly faults?: readonly string[];
  /** What a person does after the last release, while users are there. */
  readonly afterwards?: PersonsCommand;
  /** Port of the edge. @default a free one */
  readonly port?: number;
  /** Further paths of the server that the load asks for. */
  readonly paths?: readonly string[];
  /** Told each line of progress. */
  readonly progress?: (line: string) => void;
  /** Told each line that the tasks write, as it is. */
  readonly logs?: (line: string) => void;
  /** Called with the URL once the first release is there; the second one starts when it is done. */
  readonly whenReady?: (url: string) => Promise<void>;
  /** Ends the rehearsal early when it settles. */
  readonly until?: Promise<void>;
  /** Called when all is over but everything still runs; its end ends the rehearsal. */
  readonly beforeEnd?: (summary: Summary) => Promise<void>;
}

/** A command that somebody gives: a module that is asked as a function is, in a process of its own. */
export interface PersonsCommand {
  readonly name: string;
  /** File whose `handler` gets the event. */
  readonly module: string;
  readonly event: unknown;
}

/** Milliseconds in which alarms fall silent after a release that was taken back. */
const QUIET_PATIENCE = 30_000;

/** Plays a plan on this machine. Nothing of it is left when the promise settles. */
export async function rehearse(options: RehearsalOptions): Promise<Summary> {
  const faults = (options.faults ?? []).map(faultNamed);
  const rehearsal = new Rehearsal(options, faults);
  const interrupted = options.until?.then(() => {
    if (rehearsal.result) return rehearsal.result;
    throw new Error('interrupted; nothing is left of the rehearsal');
  });
  try {
    return await (interrupted ? Promise.race([rehearsal.run(), interrupted]) : rehearsal.run());
  } finally {
    await rehearsal.close();
  }
}

class Rehearsal {
  result?: Summary;
  private readonly workspace: Workspace;
  private readonly report: Report;
  private readonly first: Assembly;
  private readonly cloud: EmulatedAccount;
  private readonly endpoint: AwsEndpoint;
  private readonly plays = new Map<string, StackDeployment>();
  private readonly published: Published = { outputs: new Map(), exports: new Map() };
  private load?: Load;
  /** Alarms that fired, by what was going on. */
  private readonly fired: Record<string, string[]> = {};
  private readonly firings: Record<string, Firing[]> = {};
  private closed = false;

  constructor(
    private readonly options: RehearsalOptions,
    private readonly faults: readonly Fault[],
  ) {
    this.first = new Assembly(options.releaseFrom ?? options.assembly);
    this.report = new Report(options.progress ?? (() => {}));
    this.workspace = new Workspace();
    this.cloud = new EmulatedAccount(this.workspace, this.first, (line) => this.report.say(line));
    this.cloud.edgePort = options.port ?? 0;
    this.cloud.onLine = options.logs;
    this.endpoint = new AwsEndpoint(this.cloud);
  }

  async run(): Promise<Summary> {
    const { options, faults, cloud } = this;
    let problem: string | undefined;
    try {
      this.listen();
      await this.endpoint.listen();
      const since = this.cloud.metrics.now;
      await this.play(this.first, 'first release');
      this.requireIntact();
      await this.open();
      this.judge('first release', since);
      let from = this.first;
      for (const fault of faults.length > 0 ? faults : [undefined]) {
        if (options.secondRelease === false) break;
        from = await this.release(from, fault);
      }
      if (options.afterwards) await this.command(options.afterwards);
    } catch (error) {
      problem = (error as Error).message;
    }
    // Whoever closed it took away what the rest would have needed: there is nothing to report.
    if (this.closed) throw new Error('the rehearsal was closed');
    cloud.metrics.expect(0);
    await this.load?.stop();
    this.result = this.summary(problem);
    await options.beforeEnd?.(this.result);
    return this.result;
  }

  async close(): Promise<void> {
    this.closed = true;
    const { cloud } = this;
    cloud.clock.stop();
    this.report.close();
    await this.load?.stop();
    for (const service of cloud.services.values()) service.close();
    cloud.edge?.close();
    for (const group of cloud.targetGroups.values()) group.targets.clear();
    for (const listener of cloud.listeners.values()) listener.close();
    this.endpoint.close();
    await cloud.database?.proxy?.close();
    await cloud.database?.postgres.stop();
    await this.workspace.close();
  }

  private listen(): void {
    const { cloud, report } = this;
    cloud.events.removeAllListeners();
    cloud.events.on('any', (event: string, detail: string) => report.event(event, detail));
    cloud.events.on('pointer moved', (pointer: string) => void this.watch(pointer));
    cloud.faultOf = () => undefined;
  }

  /** Says how long it takes until a user gets the page that the pointer names. */
  private async watch(pointer: string): Promise<void> {
    if (!this.load) return;
    const moved = Date.now();
    const seen = await until(() => this.cloud.edge!.page.includes(pointer), 10_000);
    if (seen) this.report.event('users see it', `after ${Date.now() - moved} ms`);
  }

  private async play(assembly: Assembly, what: string): Promise<void> {
    this.cloud.assembly = assembly;
    for (const { template } of assembly.stacks) checkOrder(template.Resources);
    for (const stack of assembly.stacks) {
      const play = this.plays.get(stack.name) ?? new StackDeployment(this.cloud, this.published, this.report);
      this.plays.set(stack.name, play);
      const step = `${what}: ${stack.name}`;
      if (this.load) this.load.step = step;
      await this.report.step(step, () => play.deploy(stack));
    }
  }

  /** Looks whether users are served, and lets them in. */
  private async open(): Promise<void> {
    const { edge } = this.cloud;
    if (!edge) throw new Error('the plan has no AWS::CloudFront::Distribution, so there is nothing to open');
    await this.report.step(`open ${edge.url}`, () => smokeTest(this.cloud));
    await this.options.whenReady?.(edge.url);
    const inShares = [...this.cloud.services.values()].some((service) => service.inShares);
    this.load = new Load(edge.url, loadPaths(this.first, this.cloud, this.options.paths), inShares);
    this.load.step = 'first release serves';
    this.load.start();
    this.cloud.metrics.expect(this.load.quota);
  }

  /** A further release, with or without something that goes wrong; what comes after it goes on from its plan. */
  private async release(from: Assembly, fault: Fault | undefined): Promise<Assembly> {
    const { cloud, options, workspace, report } = this;
    const what = fault ? `release with ${fault.name}` : 'second release';
    const next = options.releaseFrom
      ? new Assembly(options.assembly)
      : new Assembly(nextRelease(from, workspace.folder('next', fault?.name ?? ''), what));
    const since = cloud.metrics.now;
    const rows = await cloud.database?.postgres.rows();
    const live = liveReleases(cloud);
    const finish = fault?.arrange(cloud);
    let failure: Error | undefined;
    await this.play(next, what).catch((error: Error) => {
      failure = error;
    });
    if (failure && (!fault?.undone || failure instanceof Unwatched)) throw failure;
    this.requireIntact();
    const after = `${what}: afterwards`;
    this.load!.step = after;
    await report.step(after, async () => {
      const gone = await finish?.().then(
        () => undefined,
        (error: Error) => error,
      );
      const killed = report.events.find((event) => event.startsWith('task killed'));
      if (killed) throw new Error(killed);
      if (gone) throw gone;
      if (fault?.undone) {
        if (!failure)
          throw new Error(`nothing in the plan noticed the fault: ${fault.description}${fault.where(cloud)}`);
        report.event('detected', failure.message.split('\n')[0]!);
        if (liveReleases(cloud) !== live) throw new Error('users are not on the last good release');
        report.event('undone', 'users are on the last good release');
      }
      this.listen();
      await pause(400);
      // A release does not begin while alarms fire that are to judge it.
      await until(() => ![...cloud.services.values()].some(({ firing }) => firing), QUIET_PATIENCE);
      await smokeTest(cloud);
      const now = await cloud.database?.postgres.rows();
      const lost = Object.entries(rows ?? {}).filter(([table, count]) => (now?.[table] ?? 0) < count);
      if (lost.length > 0) throw new Error(`rows were lost in ${lost.map(([table]) => table).join(', ')}`);
      const failed = this.load!.failedDuring(what);
      if (failed && !fault?.mayFail) throw new Error(`${failed}${fault?.where(cloud) ?? ''}`);
      this.requireIntact();
    });
    this.judge(what, since, fault);
    return failure ? from : next;
  }

  /** What a person does, which no request of a user may notice; afterwards it is another release they have. */
  private async command({ name, module, event }: PersonsCommand): Promise<void> {
    const { cloud, load, report } = this;
    const live = liveReleases(cloud);
    load!.step = name;
    await report.step(name, async () => {
      const { dir, name: file } = parse(module);
      const options = {
        logicalId: name,
        code: dir,
        handler: `${file}.handler`,
        environment: {},
        timeout: 120,
      };
      await new Lambda(options, cloud).invoke(event);
      await smokeTest(cloud);
      if (liveReleases(cloud) === live) throw new Error('users have the same release as before');
      const failed = load!.failedDuring(name);
      if (failed) throw new Error(failed);
    });
  }

  /** Throws when something of the plan failed that nobody waited for. */
  private requireIntact(): void {
    if (this.cloud.broken) throw this.cloud.broken;
  }

  /** Notes which alarms fired since a release began; throws when one did for nothing. */
  private judge(what: string, since: number, fault?: Fault): void {
    const fired = firedAlarms(this.cloud, since);
    this.fired[what] = fired.map(({ name }) => name);
    this.firings[what] = fired.map(({ firing }) => firing);
    for (const name of this.fired[what]) this.report.event('alarm fired', name);
    const needless = fault ? undefined : call(this.cloud, fired);
    if (needless)
      throw new PlanError(needless.alarm.logicalId, '', `(${needless.name}) fired, and nothing was wrong`);
  }

  private summary(problem: string | undefined): Summary {
    const { load, report, cloud, faults } = this;
    for (const step of report.steps) step.requests = load?.steps.get(step.name);
    const asked = [...this.endpoint.unknown].map((name) => `operation ${name}`);
    return {
      plan: { directory: this.options.assembly, digest: this.first.digest },
      faults: faults.map(({ name }) => name),
      verdict: problem === undefined ? 'passed' : 'failed',
      problem,
      url: cloud.edge?.url,
      seconds: report.seconds,
      steps: report.steps,
      requests: load && { ...load.total, failures: Object.fromEntries(load.failures) },
      events: report.events,
      alarms: { judged: judgedAlarms(cloud), fired: this.fired, firings: this.firings },
      claims: report.claims([...asked, ...notEvaluated(cloud)]),
    };
  }
}
