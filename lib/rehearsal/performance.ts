import { FIRST_LOAD_BUDGET, type FirstLoad, firstLoad } from '../files/first-load';
import type { Assembly } from './core/assembly';
import { nearestRank } from './core/metrics';
import type { Load } from './load';
import { plannedChecks } from './smoke-test';

/** Response times of one path. */
export interface PathTimes {
  readonly path: string;
  /** Number of requests that were answered without an error. */
  readonly requests: number;
  /** Milliseconds within which 95 % of the answers came, on this machine. */
  readonly p95Ms: number;
  /**
   * `p95Ms` of the checks of a release, in milliseconds.
   * @default - no check limits the response times of the path
   */
  readonly budgetMs?: number;
}

/** Measurements of a rehearsal that the budgets are compared with. */
export interface Measured {
  readonly paths: readonly PathTimes[];
  /** @default - the page was not read */
  readonly firstLoad?: FirstLoad & { readonly budget: number };
}

/** Loads the page as a browser does on its first visit. */
export async function measureFirstLoad(url: string): Promise<FirstLoad & { readonly budget: number }> {
  const headers = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };
  const page = await fetch(`${url}/`, { headers });
  const loaded = await firstLoad(await page.text(), async (path) => {
    const answer = await fetch(`${url}${path}`);
    const content = Buffer.from(await answer.arrayBuffer());
    return answer.ok ? content : undefined;
  });
  return { ...loaded, budget: FIRST_LOAD_BUDGET };
}

/** Compares the response times under load with the checks in the plan. */
export function measuredTimes(load: Load, assembly: Assembly): PathTimes[] {
  const budgets = new Map(
    plannedChecks(assembly).flatMap(({ path, p95Ms }): [string, number][] =>
      p95Ms === undefined ? [] : [[path, Number(p95Ms)]],
    ),
  );
  return [...load.durations].map(([path, times]) => {
    const budgetMs = budgets.get(path);
    return {
      path,
      requests: times.length,
      p95Ms: Math.round(percentile95(times)),
      ...(budgetMs !== undefined && { budgetMs }),
    };
  });
}

function percentile95(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  return nearestRank(sorted, 95) ?? 0;
}

/** Describes the response times and the first load, such as `/api/health 3 ms (limit 300 ms)`, for the report. */
export function measuredLines({ paths, firstLoad: loaded }: Measured): string[] {
  const times = paths.map(
    ({ path, p95Ms, budgetMs }) =>
      `${path} ${p95Ms} ms${budgetMs === undefined ? '' : ` (limit ${budgetMs} ms)`}`,
  );
  const kilobytes = (bytes: number) => Math.round(bytes / 1000);
  return [
    ...(times.length > 0 ? [`p95 on this machine: ${times.join(', ')}`] : []),
    ...(loaded
      ? [
          `scripts and style sheets of the first load: ${kilobytes(loaded.bytes)} kB with gzip in ${loaded.files.length} ${loaded.files.length === 1 ? 'file' : 'files'} (limit ${kilobytes(loaded.budget)} kB)${loaded.bytes > loaded.budget ? '; load pages and large packages with import() when they are needed' : ''}`,
        ]
      : []),
  ];
}
