import { z } from 'zod';
import { readText } from '../../files/read-text';
import type { ReadyItem } from './ready-item';

const reportSchema = z.looseObject({
  planDigest: z.string(),
  faults: z.array(z.string()),
  verdict: z.enum(['passed', 'failed']),
  problem: z.string().optional(),
  seconds: z.number(),
  steps: z.array(z.looseObject({ name: z.string(), outcome: z.string() })),
  requests: z.looseObject({ made: z.number(), failed: z.number() }).optional(),
  performance: z
    .looseObject({
      firstLoad: z.looseObject({ bytes: z.number(), budget: z.number() }).optional(),
      paths: z.array(z.looseObject({ path: z.string(), p95Ms: z.number(), budgetMs: z.number().optional() })),
    })
    .optional(),
});

/** The report of a rehearsal, or the reason why no report can be used. */
export type Rehearsed = z.infer<typeof reportSchema> | string;

/**
 * Reads the report of a rehearsal.
 * @param files files that may have the report; the first report of the plan counts
 * @param planDigest digest of the plan to deploy; without it, no report is used
 */
export function readRehearsal(files: readonly string[], planDigest: string | undefined): Rehearsed {
  if (planDigest === undefined)
    return 'add --plan DIR, so that the report of the rehearsal can be compared with the plan';
  const reports = files.map((file) => readReport(file, planDigest));
  return reports.find((report) => typeof report !== 'string') ?? reports[0]!;
}

function readReport(file: string, planDigest: string): Rehearsed {
  try {
    return usable(reportSchema.parse(JSON.parse(readText(file))), planDigest, file);
  } catch {
    return `${file} cannot be read; run framework53 rehearse --plan DIR`;
  }
}

function usable(report: Exclude<Rehearsed, string>, planDigest: string, file: string): Rehearsed {
  if (report.planDigest !== planDigest)
    return `${file} belongs to another plan, ${report.planDigest.slice(0, 16)}; run framework53 rehearse --plan DIR`;
  if (report.faults.length > 0)
    return `${file} belongs to a rehearsal with faults; run framework53 rehearse --plan DIR without --fault`;
  return report;
}

/** Returns the items that a rehearsal proves. */
export function rehearsedItems(report: Rehearsed): ReadyItem[] {
  const names = [
    'Deployment and migrations rehearsed',
    'Rollback rehearsed',
    'Requests under load answered',
    'Performance budgets are met',
  ];
  if (typeof report === 'string')
    return names.map((item) => ({ item, section: '8.1', state: 'not checked', because: report }));
  const { verdict, seconds, problem, requests } = report;
  const back = report.steps.find(({ name }) => name === 'rollback');
  const found: Pick<ReadyItem, 'state' | 'because'>[] = [
    verdict === 'passed'
      ? { state: 'proved', because: `the rehearsal passed after ${seconds} s` }
      : {
          state: 'failed',
          because: `the rehearsal failed: ${problem ?? 'see its report'}; fix the problem and rehearse again`,
        },
    back === undefined
      ? { state: 'not checked', because: 'the rehearsal contained no rollback' }
      : back.outcome === 'done'
        ? { state: 'proved', because: 'the rehearsal rolled the release back' }
        : {
            state: 'failed',
            because: `the rollback ended with '${back.outcome}'; fix the problem and rehearse again`,
          },
    !requests?.made
      ? { state: 'not checked', because: 'the rehearsal sent no requests' }
      : requests.failed === 0
        ? { state: 'proved', because: `${requests.made} requests of the rehearsal, none failed` }
        : {
            state: 'failed',
            because: `${requests.failed} of ${requests.made} requests failed; read the report`,
          },
    performanceJudged(report),
  ];
  return found.map((each, index) => ({ item: names[index]!, section: '8.1', ...each }));
}

type Judged = Pick<ReadyItem, 'state' | 'because'>;

/** Compares the measurements with the budgets: `p95Ms` of the checks of a release, and the size of the first load. */
function performanceJudged({ performance }: Exclude<Rehearsed, string>): Judged {
  const { firstLoad, paths = [] } = performance ?? {};
  if (!firstLoad || paths.length === 0)
    return { state: 'not checked', because: 'the rehearsal measured no first load or no response times' };
  const load = `${Math.round(firstLoad.bytes / 1000)} kB of scripts and style sheets with gzip (limit ${Math.round(firstLoad.budget / 1000)} kB)`;
  const limited = paths.filter(({ budgetMs }) => budgetMs !== undefined);
  const slow = limited.filter(({ p95Ms, budgetMs }) => p95Ms > budgetMs!);
  const timesOf = (some: typeof paths) =>
    some
      .map(({ path, p95Ms, budgetMs }) => `${path} ${p95Ms} ms${budgetMs ? ` (limit ${budgetMs} ms)` : ''}`)
      .join(', ');
  if (firstLoad.bytes > firstLoad.budget)
    return {
      state: 'failed',
      because: `the first load has ${load}; load pages and large packages with import() when they are needed`,
    };
  if (slow.length > 0)
    return { state: 'failed', because: `p95 above the budget: ${timesOf(slow)}; make these paths faster` };
  if (limited.length === 0)
    return {
      state: 'to be confirmed by a person',
      because: `the first load has ${load}; p95 on the machine of the rehearsal: ${timesOf(paths)}; verification.checks sets no p95Ms to compare with`,
    };
  return {
    state: 'proved',
    because: `the rehearsal measured a first load of ${load} and p95 on its machine: ${timesOf(limited)}`,
  };
}
