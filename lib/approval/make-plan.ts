import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CheckReport } from '../check/check-application';
import { runTestCommand } from '../check/readiness/run-tests';
import { inScratchFolder } from '../files/scratch-folder';
import { prepareEnvironment } from '../prepare/prepare-environment';
import { git } from '../review/git';
import { canonical, digestOfPlan, sha256 } from '../review/plan-digest';
import { readSides } from '../review/read-sides';
import { jsonReport } from '../review/report/summary';
import type { Review } from '../review/review';
import { reviewSides } from '../review/review-sides';
import { synthesize } from '../synthesis/synthesize';
import { openAssembly } from './assembly';
import { type Cdk, findCdk } from './cdk-cli';
import type { DeliverySelection, EnvironmentDelivery } from './environment-delivery';
import { missingEvidence, readEvidence } from './evidence';
import type { Evidence, PlanRecord } from './plan-record';
import { ChangeSetPreparation } from './prepare-change-sets';
import { promoteImages } from './promote-image';
import { imageDigests } from './published-assets';
import { DeliveryError, RefusedError } from './refused';
import type { Session } from './session';

/** Number of plans that are kept for one author. */
const KEPT = 20;

export interface PlanOptions extends DeliverySelection {
  /** Folder for the plan. */
  readonly out: string;
  /** Reports with evidence for the plan. */
  readonly evidence: readonly string[];
  /** Command that runs the application's tests. */
  readonly test?: string;
  readonly progress: (line: string) => void;
  /** @default - the CDK's command of the application's packages */
  readonly cdk?: Cdk;
  /** Milliseconds between two requests to CloudFormation. @default 2000 */
  readonly pollMs?: number;
}

/** A plan in a folder, with its review. */
export interface WrittenPlan {
  readonly directory: string;
  readonly digest: string;
  readonly releaseId: string;
  readonly review: Review;
  readonly evidence: readonly Evidence[];
}

/**
 * Synthesises an environment, reviews it and collects its evidence. Writes `assembly/`, `review.*` and `evidence/`
 * into the folder; registers nothing.
 * @param base the base of the review; @default - the merge base of this branch and the main branch
 * @param session reads the deployed stacks
 */
export async function writePlan(
  options: PlanOptions,
  base?: string,
  session?: Session,
): Promise<WrittenPlan> {
  const { progress } = options;
  const directory = resolve(options.out);
  const assembly = join(directory, 'assembly');
  for (const part of ['assembly', 'evidence', 'plan.json', 'review.json', 'review.md', 'review.html'])
    rmSync(join(directory, part), { recursive: true, force: true });
  mkdirSync(join(directory, 'evidence'), { recursive: true });
  const prepared = await prepareEnvironment({ ...options, out: undefined });
  progress(`synthesising ${prepared.environment}`);
  synthesize(prepared, assembly);
  const digest = digestOfPlan(assembly);
  const { environment } = prepared;
  const read = () => readSides({ ...options, environment, base, head: assembly });
  const sides = await (session ? session.use(read) : read());
  const result = reviewSides({ ...sides, environment: prepared.environment });
  await writeReview(directory, result);
  return {
    directory,
    digest,
    releaseId: prepared.release.releaseId,
    review: result,
    evidence: [
      ...judgements(digest, result, prepared.check),
      ...readEvidence(options.evidence, digest),
      ...(options.test === undefined ? [] : [runTests(options.test, options, directory, digest)]),
    ],
  };
}

/**
 * Registers a plan: publishes its assets, prepares its change sets, and finally writes one parameter. If a step fails,
 * nothing is registered.
 */
export async function registerPlan(
  written: WrittenPlan,
  delivery: EnvironmentDelivery,
  options: PlanOptions,
): Promise<PlanRecord> {
  const { session, name, settings, store, parameters } = delivery;
  const policy = await delivery.policy();
  const missing = missingEvidence(policy.evidence, written.digest, written.evidence);
  if (missing.length > 0) throw new RefusedError('the plan lacks evidence that the rules require', missing);
  const id = randomBytes(16).toString('hex');
  return inScratchFolder('plan', async (scratch) => {
    const assembly = await openAssembly(
      join(written.directory, 'assembly'),
      join(scratch, 'a'),
      session.account,
    );
    if (assembly.digest !== written.digest)
      throw new DeliveryError(`${written.directory} changed during planning; plan again`);
    await promoteImages(delivery, assembly, options.progress);
    const preparation = new ChangeSetPreparation({
      assembly,
      session,
      cdk: options.cdk ?? findCdk(delivery.application, options.progress),
      name: `framework53-${written.digest.slice(0, 12)}-${id.slice(0, 8)}`,
      progress: options.progress,
      pollMs: options.pollMs,
    });
    const stacks = await preparation.all();
    const record: PlanRecord = {
      formatVersion: 1,
      id,
      name,
      digest: written.digest,
      account: session.account,
      region: settings.region,
      releaseId: written.releaseId,
      ...revisionOf(delivery.application),
      author: { name: session.writer, session: session.arn },
      commitAuthors: commitAuthors(delivery.application, (await delivery.lastDeployment())?.commit),
      review: summaryOf(written.review),
      stacks,
      images: await imageDigests(session, assembly.images),
      evidence: [...written.evidence],
    };
    options.progress(`registering plan ${record.digest.slice(0, 16)}`);
    await store.write(
      parameters.plan(record.digest, session.writer),
      record,
      `Plan of ${name}, release ${record.releaseId}`,
    );
    try {
      writeFileSync(join(written.directory, 'plan.json'), `${JSON.stringify(record, null, 2)}\n`);
    } catch (error) {
      // The registration decides about the plan. Without the file, its digest finds the newest registration.
      options.progress(
        `the plan is registered, but plan.json could not be written: ${(error as Error).message}`,
      );
    }
    await delivery.prune(parameters.plans, session.writer, KEPT).catch(() => undefined);
    return record;
  });
}

/** Returns the verdicts of the review and of the check, which every plan contains. */
function judgements(digest: string, result: Review, check: CheckReport): Evidence[] {
  const errors = check.findings.filter(({ severity }) => severity === 'error').length;
  return [
    {
      kind: 'review',
      plan: digest,
      verdict: result.verdict === 'danger' ? 'failed' : 'passed',
      summary: `${result.verdict}, ${result.findings.length} findings`,
      report: sha256(jsonReport(result)),
    },
    {
      kind: 'check',
      plan: digest,
      verdict: errors > 0 ? 'failed' : 'passed',
      summary: `${errors} errors, ${check.findings.length - errors} other findings`,
      report: sha256(canonical(check)),
    },
  ];
}

async function writeReview(directory: string, result: Review): Promise<void> {
  const { markdownReport } = await import('../review/report/markdown.js');
  const { htmlReport } = await import('../review/report/html.js');
  writeFileSync(join(directory, 'review.json'), jsonReport(result));
  writeFileSync(join(directory, 'review.md'), markdownReport(result));
  writeFileSync(join(directory, 'review.html'), htmlReport(result));
}

/** Runs the application's tests, and stores their result as evidence. */
function runTests(
  command: string,
  { progress, application = process.cwd() }: PlanOptions,
  directory: string,
  planDigest: string,
): Evidence {
  progress(`running ${command}`);
  const { verdict, seconds } = runTestCommand(command, application);
  const evidence = [{ kind: 'tests' as const, verdict, summary: `${command}: ${verdict}` }];
  const text = `${JSON.stringify({ planDigest, evidence, command, seconds }, null, 2)}\n`;
  writeFileSync(join(directory, 'evidence', 'tests.json'), text);
  return {
    ...evidence[0]!,
    summary: evidence[0]!.summary.slice(0, 120),
    plan: planDigest,
    report: sha256(text),
  };
}

function summaryOf(result: Review): PlanRecord['review'] {
  const rounded = (amount: number) => Math.round(amount * 100) / 100;
  const { before, after } = result.cost;
  return {
    verdict: result.verdict,
    findings: result.findings.length,
    cost: { before: rounded(before.total), after: rounded(after.total) },
    migrations: result.migrations.added.map(({ file }) => file).slice(0, 10),
  };
}

function revisionOf(application: string): Pick<PlanRecord, 'revision'> {
  const commit = git(application, 'rev-parse', 'HEAD');
  if (commit === undefined) return {};
  return { revision: { commit, clean: git(application, 'status', '--porcelain', '--', '.') === '' } };
}

/**
 * Returns the authors of the commits since a deployed one, or of the last commit alone if the deployed one is not in
 * the history.
 */
function commitAuthors(application: string, since: string | undefined): string[] {
  const range =
    since !== undefined && git(application, 'merge-base', '--is-ancestor', since, 'HEAD') !== undefined
      ? [`${since}..HEAD`]
      : ['-1', 'HEAD'];
  const authors = git(application, 'log', '--format=%ae%n%ce', ...range, '--', '.') ?? '';
  return [...new Set(authors.toLowerCase().split('\n').filter(Boolean))].slice(0, 20);
}
