import { Assembly } from './assembly';
import { AwsEndpoint } from './aws';
import { Cloud } from './cloud';
import { FAULTS, type Fault } from './fault';
import { Load } from './load';
import { nextRelease } from './next-release';
import { Report, type Summary } from './report';
import { StackPlay } from './stack-play';
import type { Published } from './template';
import { Workspace } from './workspace';

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
  /** Name of what goes wrong. @default nothing */
  readonly fault?: string;
  /** Port of the edge. @default a free one */
  readonly port?: number;
  /** Further paths that the load asks for. */
  readonly paths?: readonly string[];
  /** Told each line of progress. */
  readonly progress?: (line: string) => void;
  /** Called with the URL once the first release is there; the second one starts when it is done. */
  readonly whenReady?: (url: string) => Promise<void>;
  /** Ends the rehearsal early when it settles. */
  readonly until?: Promise<void>;
  /** Called when all is over but everything still runs; its end ends the rehearsal. */
  readonly beforeEnd?: (summary: Summary) => Promise<void>;
}

/** Plays a plan on this machine. Nothing of it is left when the promise settles. */
export async function rehearse(options: RehearsalOptions): Promise<Summary> {
  const fault = faultNamed(options.fault);
  const rehearsal = new Rehearsal(options, fault);
  try {
    const interrupted = options.until?.then(() => {
      throw new Error('interrupted');
    });
    return await (interrupted ? Promise.race([rehearsal.run(), interrupted]) : rehearsal.run());
  } finally {
    await rehearsal.close();
  }
}

function faultNamed(name: string | undefined): Fault | undefined {
  if (name === undefined) return undefined;
  const fault = FAULTS.find((one) => one.name === name);
  if (fault) return fault;
  throw new Error(
    `there is no fault '${name}'; those there are: ${FAULTS.map((one) => one.name).join(', ')}`,
  );
}

class Rehearsal {
  private readonly workspace = new Workspace();
  private readonly report: Report;
  private readonly first: Assembly;
  private readonly cloud: Cloud;
  private readonly endpoint: AwsEndpoint;
  private readonly plays = new Map<string, StackPlay>();
  private readonly published: Published = { outputs: new Map(), exports: new Map() };
  private load?: Load;

  constructor(
    private readonly options: RehearsalOptions,
    private readonly fault: Fault | undefined,
  ) {
    this.report = new Report(options.progress ?? (() => {}));
    this.first = new Assembly(options.releaseFrom ?? options.assembly);
    this.cloud = new Cloud(this.workspace, this.first, (line) => this.report.say(line));
    this.cloud.events.on('any', (event: string, detail: string) => this.report.event(event, detail));
    this.endpoint = new AwsEndpoint(this.cloud);
  }

  async run(): Promise<Summary> {
    let problem: string | undefined;
    try {
      await this.endpoint.listen();
      await this.play(this.first, 'first release');
      await this.open();
      if (this.options.secondRelease !== false) await this.release();
    } catch (error) {
      problem = (error as Error).message;
    }
    await this.load?.stop();
    problem ??=
      this.load && this.load.total.failed > 0 && !this.fault?.mayFail ? 'requests failed' : undefined;
    const summary = this.summary(problem);
    await this.options.beforeEnd?.(summary);
    return summary;
  }

  async close(): Promise<void> {
    const { cloud } = this;
    this.report.close();
    await this.load?.stop();
    for (const service of cloud.services.values()) service.close();
    cloud.edge?.close();
    for (const listener of cloud.listeners.values()) listener.close();
    this.endpoint.close();
    await cloud.database?.proxy?.close();
    await cloud.database?.postgres.stop();
    await this.workspace.close();
  }

  private async play(assembly: Assembly, what: string): Promise<void> {
    this.cloud.assembly = assembly;
    for (const stack of assembly.stacks) {
      const play = this.plays.get(stack.name) ?? new StackPlay(this.cloud, this.published, this.report);
      this.plays.set(stack.name, play);
      const step = `${what}: ${stack.name}`;
      if (this.load) this.load.step = step;
      await this.report.step(step, () => play.deploy(stack));
    }
  }

  /** Opens the edge and looks whether users are served. */
  private async open(): Promise<void> {
    const { edge } = this.cloud;
    if (!edge) throw new Error('the plan has no AWS::CloudFront::Distribution, so there is nothing to open');
    await edge.listen(this.options.port ?? 0);
    await this.report.step(`open ${edge.url}`, async () => {
      const problem = await clientProblem(edge.url);
      if (problem) throw new Error(problem);
    });
    await this.options.whenReady?.(edge.url);
    this.load = new Load(edge.url, this.paths());
    this.load.step = 'first release serves';
    this.load.start();
  }

  private async release(): Promise<void> {
    const { cloud, fault } = this;
    const last = this.options.releaseFrom
      ? new Assembly(this.options.assembly)
      : new Assembly(nextRelease(this.first, this.workspace.folder('next')));
    const before = { rows: await cloud.database?.postgres.rows(), tasks: this.liveReleases() };
    const stopFault = fault?.arrange(cloud);
    let failure: Error | undefined;
    await this.play(last, 'second release').catch((error: Error) => {
      failure = error;
    });
    await stopFault?.();
    if (failure && !fault?.undone) throw failure;
    this.load!.step = 'afterwards';
    await this.report.step('afterwards', () => this.judge(failure, before));
  }

  /** Whether all is as it was promised after the second release, with its fault. */
  private async judge(
    failure: Error | undefined,
    before: { rows?: Record<string, number>; tasks: string },
  ): Promise<void> {
    const { cloud, fault, report } = this;
    if (fault?.undone) {
      if (!failure) throw new Error(`nothing in the plan noticed the fault: ${fault.description}`);
      report.event('detected', failure.message.split('\n')[0]!);
      if (this.liveReleases() !== before.tasks) throw new Error('users are not on the last good release');
      report.event('undone', 'users are on the last good release');
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    const problem = await clientProblem(cloud.edge!.url);
    if (problem) throw new Error(problem);
    const rows = await cloud.database?.postgres.rows();
    const lost = Object.entries(before.rows ?? {}).filter(([table, count]) => (rows?.[table] ?? 0) < count);
    if (lost.length > 0) throw new Error(`rows were lost in ${lost.map(([table]) => table).join(', ')}`);
    const killed = report.events.find((event) => event.startsWith('task killed'));
    if (killed) throw new Error(killed);
  }

  /** Which release the pointer and the services say is the current one. */
  private liveReleases(): string {
    const { services, taskDefinitions, keyValueStores } = this.cloud;
    const images = [...services.values()].map(
      ({ taskDefinition }) => taskDefinitions.get(taskDefinition ?? '')?.image.folder,
    );
    return JSON.stringify([images, [...keyValueStores.values()].map((store) => [...store])]);
  }

  /** What users ask for: the page, and what the plan itself asks to verify a server. */
  private paths(): string[] {
    const text = JSON.stringify(this.first.stacks.map(({ template }) => template));
    const checks = [...text.matchAll(/"checks":(\[\{.*?\}\])/g)].flatMap(([, list]) =>
      (JSON.parse(list!) as { path: string }[]).map(({ path }) => path),
    );
    const server = [...this.cloud.targetGroups.values()].slice(0, 1).map(({ options }) => options.healthPath);
    return ['/', ...new Set([...server, ...server, ...checks, ...(this.options.paths ?? [])])];
  }

  private summary(problem: string | undefined): Summary {
    const { load, report, cloud } = this;
    for (const step of report.steps) step.requests = load?.steps.get(step.name);
    const alarms = [...cloud.alarms.values()].flatMap(({ logicalId, notRehearsed }) =>
      notRehearsed ? [`alarm ${logicalId}: ${notRehearsed}`] : [],
    );
    const asked = [...this.endpoint.unknown].map((name) => `operation ${name}`);
    return {
      plan: { directory: this.options.assembly, digest: this.first.digest },
      fault: this.fault?.name,
      verdict: problem === undefined ? 'passed' : 'failed',
      problem,
      url: cloud.edge?.url,
      seconds: report.seconds,
      steps: report.steps,
      requests: load && { ...load.total, failures: Object.fromEntries(load.failures) },
      events: report.events,
      claims: report.claims([...alarms, ...asked]),
    };
  }
}

/** What is wrong with the client as users get it: its page, and what that loads. */
async function clientProblem(url: string): Promise<string | undefined> {
  const page = await fetch(url, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
  if (!page.ok) return `the page answers ${page.status}`;
  const html = await page.text();
  for (const [, path] of html.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="(\/[^"/][^"]*)"/g)) {
    const asset = await fetch(`${url}${path}`);
    await asset.arrayBuffer();
    if (!asset.ok) return `index.html names ${path}, which answers ${asset.status}`;
  }
  return undefined;
}
