import { parse } from 'node:path';
import { AwsEndpoint } from './api/endpoint';
import { RollbackFailed } from './cloudformation/stack-deployment';
import { checkKeyValueStores } from './cloudfront/key-value-stores';
import type { Firing } from './cloudwatch/alarms';
import { Assembly } from './core/assembly';
import { PlanError } from './core/plan-error';
import { Stage } from './core/stage';
import { pause, until } from './core/time';
import { Workspace } from './core/workspace';
import { logInAsServers } from './database-login';
import { judgedPermissions, withDenials } from './denials';
import { EndlessStart } from './ecs/start-tasks';
import { EmulatedAccount } from './emulated-account';
import { type Fault, faultNamed } from './fault';
import { LambdaFunction } from './lambda/lambda-function';
import { usedGrants } from './least-privilege';
import { Load } from './load';
import { nextRelease } from './next-release';
import { type Measured, measuredTimes, measureFirstLoad } from './performance';
import { startPersonsTasks } from './persons-tasks';
import { judgedNetwork, withRefusals } from './refusals';
import type { PersonsCommand, RehearsalOptions } from './rehearsal-options';
import { checkReleaseOrder } from './release-order';
import { Report, type Summary } from './report';
import { ReturningVisitor } from './returning-visitor';
import { liveReleases, loadPaths, smokeTest } from './smoke-test';
import { watchRollback } from './watch-rollback';
import { openWebSockets } from './web-sockets';
import { writeTrace } from './write-trace';

/** Milliseconds in which alarms must return to OK after a rollback. */
const QUIET_PATIENCE = 30_000;

/** Rehearses a plan on this machine. Afterwards, no process and no file of the rehearsal remains. */
export async function rehearse(options: RehearsalOptions): Promise<Summary> {
  const faults = (options.faults ?? []).map(faultNamed);
  const rehearsal = new Rehearsal(options, faults);
  const interrupted = options.until?.then(() => {
    if (rehearsal.result) return rehearsal.result;
    throw new Error('interrupted; the rehearsal has removed its processes and files');
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
  private readonly stage: Stage;
  private readonly account: EmulatedAccount;
  private readonly endpoint: AwsEndpoint;
  private readonly visitor = new ReturningVisitor();
  private load?: Load;
  private firstLoad?: Measured['firstLoad'];
  /** Names of alarms that fired, by release. */
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
    const region = this.first.stacks[0]?.region ?? 'us-east-1';
    this.stage = new Stage(this.workspace, region, (line) => this.report.say(line));
    this.stage.logs.on('line', (_, line) => options.logs?.(line));
    this.account = new EmulatedAccount(this.stage, { progress: this.report, edgePort: options.port ?? 0 });
    this.endpoint = new AwsEndpoint(this.stage.api, this.stage.network);
  }

  async run(): Promise<Summary> {
    const { options, faults, stage } = this;
    let problem: string | undefined;
    try {
      this.listen();
      await this.endpoint.listen();
      const since = stage.metrics.now;
      await this.deploy(this.first, 'first release');
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
      problem = this.report.explained((error as Error).message);
    }
    problem = withRefusals(withDenials(problem, stage.trace), stage.trace);
    // A closed rehearsal has nothing to report, because its services were gone.
    if (this.closed) throw new Error('the rehearsal was closed');
    stage.metrics.expect(0);
    await this.load?.stop();
    this.result = this.summary(problem);
    // The application may keep running for a person, who needs no more progress.
    this.report.close();
    if (options.trace) writeTrace(options.trace, stage, this.first.digest);
    await options.beforeEnd?.(this.result);
    return this.result;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stage.clock.stop();
    this.report.close();
    await this.load?.stop();
    this.endpoint.close();
    await this.account.close();
    await this.workspace.close();
  }

  private listen(): void {
    const { account, report } = this;
    const { milestones } = this.stage;
    milestones.removeAllListeners();
    milestones.on('any', (event: string, detail: string) => report.event(event, detail));
    milestones.on('pointer moved', (pointer: string) => void this.watch(pointer));
    account.ecs.faultOf = () => undefined;
  }

  /** Reports the time until users receive the page that the pointer names. */
  private async watch(pointer: string): Promise<void> {
    if (!this.load) return;
    const moved = Date.now();
    const seen = await until(() => this.account.cloudFront.distribution!.page.includes(pointer), 10_000);
    if (seen) this.report.event('users see it', `after ${Date.now() - moved} ms`);
  }

  private async deploy(assembly: Assembly, what: string): Promise<void> {
    for (const { template } of assembly.stacks) {
      checkReleaseOrder(template.Resources);
      checkKeyValueStores(template.Resources);
    }
    for (const stack of assembly.stacks) {
      const step = `${what}: ${stack.name}`;
      if (this.load) this.load.step = step;
      await this.report.step(step, () => this.account.cloudFormation.deploy(assembly, stack));
    }
  }

  /** Checks that the application serves users, and starts the load. */
  private async open(): Promise<void> {
    const { account } = this;
    const url = account.cloudFront.distribution?.url;
    if (!url) throw new Error('the plan has no AWS::CloudFront::Distribution, so there is nothing to open');
    await this.report.step(`open ${url}`, async () => {
      await smokeTest(account);
      await openWebSockets(this.first, account, this.stage);
      await this.visitor.visit(url);
      this.firstLoad = await measureFirstLoad(url);
      await logInAsServers(account);
      for (const family of await startPersonsTasks(account)) this.report.event('a person starts', family);
    });
    await this.options.whenReady?.(url);
    const inShares = [...account.ecs.services.values()].some((service) => service.inShares);
    this.load = new Load(url, loadPaths(this.first, account, this.options.paths), inShares);
    this.load.step = 'first release serves';
    this.load.start();
    this.stage.metrics.expect(this.load.quota);
  }

  /** Deploys a further release, with or without a fault. Returns the plan that is live afterwards. */
  private async release(from: Assembly, fault: Fault | undefined): Promise<Assembly> {
    const { account, options, workspace, report } = this;
    const what = fault ? `release with ${fault.name}` : 'second release';
    const next = options.releaseFrom
      ? new Assembly(options.assembly)
      : new Assembly(nextRelease(from, workspace.folder('next', fault?.name ?? ''), what), from.origin);
    const since = this.stage.metrics.now;
    const { database } = account.rds;
    const rows = await database?.postgres.rows();
    const live = liveReleases(account);
    const finish = fault?.arrange(account);
    const rollbackProblem = watchRollback(account);
    // Simulates weeks without a release.
    for (const one of account.functions.values()) one.idle();
    database?.pausing?.pause();
    let failure: Error | undefined;
    await this.deploy(next, what).catch((error: Error) => {
      failure = error;
    });
    if (failure && (!fault?.undone || failure instanceof EndlessStart || failure instanceof RollbackFailed))
      throw failure;
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
      const mixed = rollbackProblem();
      if (mixed) throw new Error(mixed);
      if (fault?.undone) {
        if (!failure)
          throw new Error(
            `nothing in the plan detected the fault: ${fault.description}${fault.where(account)}`,
          );
        report.event('detected', failure.message.split('\n')[0]!);
        if (liveReleases(account) !== live) throw new Error('users are not on the last good release');
        report.event('undone', 'users are on the last good release');
      }
      this.listen();
      await pause(400);
      // A release does not start while its rollback alarms fire.
      const { services } = account.ecs;
      await until(() => ![...services.values()].some(({ firing }) => firing), QUIET_PATIENCE);
      await smokeTest(account);
      await openWebSockets(failure ? from : next, account, this.stage);
      await this.visitor.visit(account.cloudFront.distribution!.url);
      const now = await database?.postgres.rows();
      const lost = Object.entries(rows ?? {}).filter(([table, count]) => (now?.[table] ?? 0) < count);
      if (lost.length > 0) throw new Error(`rows were lost in ${lost.map(([table]) => table).join(', ')}`);
      const failed = this.load!.failedDuring(what);
      if (failed && !fault?.mayFail) throw new Error(`${failed}${fault?.where(account) ?? ''}`);
      this.requireIntact();
    });
    this.judge(what, since, fault);
    return failure ? from : next;
  }

  /** Runs a person's command. No request may fail meanwhile, and users must have another release afterwards. */
  private async command({ name, module, event }: PersonsCommand): Promise<void> {
    const { account, load, report } = this;
    const live = liveReleases(account);
    load!.step = name;
    await report.step(name, async () => {
      const { dir, name: file } = parse(module);
      const options = {
        logicalId: name,
        code: dir,
        handler: `${file}.handler`,
        role: '',
        environment: {},
        timeout: 120,
      };
      await new LambdaFunction(options, this.stage).invoke(event);
      await smokeTest(account);
      if (liveReleases(account) === live) throw new Error('users have the same release as before');
      const failed = load!.failedDuring(name);
      if (failed) throw new Error(failed);
    });
  }

  /** Throws the failure of background work. */
  private requireIntact(): void {
    if (this.stage.failure) throw this.stage.failure;
  }

  /** Records the alarms that fired during a release. Throws if an alarm that pages a person fired without a fault. */
  private judge(what: string, since: number, fault?: Fault): void {
    const { alarms } = this.account;
    const fired = alarms.firedBetween(since, this.stage.metrics.now);
    this.fired[what] = fired.map(({ name }) => name);
    this.firings[what] = fired.map(({ firing }) => firing);
    for (const name of this.fired[what]) this.report.event('alarm fired', name);
    const needless = fault ? undefined : alarms.pageAmong(fired);
    if (needless)
      throw new PlanError(needless.alarm.logicalId, '', `(${needless.name}) fired without a fault`);
  }

  private summary(problem: string | undefined): Summary {
    const { load, report, account, faults } = this;
    for (const step of report.steps) step.requests = load?.steps.get(step.name);
    const asked = [...this.endpoint.unknown].map((name) => `operation ${name}`);
    return {
      plan: { directory: this.options.assembly, digest: this.first.digest },
      faults: faults.map(({ name }) => name),
      verdict: problem === undefined ? 'passed' : 'failed',
      problem,
      url: account.cloudFront.distribution?.url,
      seconds: report.seconds,
      steps: report.steps,
      requests: load && { ...load.total, limited: load.limited, failures: Object.fromEntries(load.failures) },
      performance: load && { firstLoad: this.firstLoad, paths: measuredTimes(load, this.first) },
      events: report.events,
      alarms: { judged: account.alarms.evaluated, fired: this.fired, firings: this.firings },
      permissions: {
        ...judgedPermissions(this.stage.trace),
        ...usedGrants(this.stage.inventory, this.stage.trace.calls),
      },
      network: judgedNetwork(this.stage.trace),
      claims: report.claims([...asked, ...account.notEvaluated], this.stage.trace),
    };
  }
}
