import { compressed } from './time';

interface Minute {
  readonly values: number[];
  sum: number;
}

/** Longest duration of a metric minute, in milliseconds. */
const LONGEST = 8_000;

/**
 * The metrics of CloudWatch, by minute. A minute takes one second, or longer if this machine is too slow for the
 * requests that alarms need in a minute.
 */
export class Metrics {
  private readonly series = new Map<string, Map<number, Minute>>();
  private readonly known = new Set<string>();
  /** Fewest requests in a minute; 0 without load. */
  private quota = 0;
  private requests = 0;
  private minute = 0;
  private begun = Date.now();

  /** Index of the present minute. */
  get now(): number {
    const minutes = Math.floor((Date.now() - this.begun) / compressed(60));
    if (minutes === 0 || this.overdue) return this.minute;
    // A minute that lasts longer still counts as one.
    this.minute += this.quota > 0 ? 1 : minutes;
    this.begun = this.quota > 0 ? Date.now() : this.begun + minutes * compressed(60);
    this.requests = 0;
    return this.minute;
  }

  /**
   * True while a minute waits for its requests. If no request of the load reaches a server, the minute does not wait.
   */
  get overdue(): boolean {
    const elapsed = Date.now() - this.begun;
    const late = this.requests > 0 && this.requests < this.quota;
    return late && elapsed >= compressed(60) && elapsed < LONGEST;
  }

  /** Sets the fewest requests in a minute; 0 without load. */
  expect(requests: number): void {
    this.quota = requests;
  }

  /** Counts a request of the load. */
  arrived(): void {
    this.requests++;
  }

  /** Declares metrics that the rehearsal reports, even if they never get a value. */
  announce(namespace: string, ...names: readonly string[]): void {
    for (const name of names) this.known.add(`${namespace} ${name}`);
  }

  knows(namespace: string, name: string): boolean {
    return this.known.has(`${namespace} ${name}`);
  }

  /** @param about value of the dimension that separates this metric from others with the same name */
  put(namespace: string, name: string, about: string, value: number): void {
    const key = `${namespace} ${name} ${about}`;
    const minutes = this.series.get(key) ?? new Map<number, Minute>();
    this.series.set(key, minutes);
    const { now } = this;
    const minute = minutes.get(now) ?? { values: [], sum: 0 };
    minutes.set(now, minute);
    minute.values.push(value);
    minute.sum += value;
  }

  /**
   * Computes a statistic over the minutes from `from` up to `to`, exclusive. Returns undefined without data.
   * @param at minute of the evaluation; data that arrives later does not count
   */
  get(
    key: MetricKey,
    statistic: string,
    from: number,
    to: number,
    at = Number.POSITIVE_INFINITY,
  ): number | undefined {
    const minutes = this.series.get(`${key.namespace} ${key.name} ${key.about}`);
    if (!minutes) return undefined;
    const found: Minute[] = [];
    for (const [minute, data] of minutes)
      if (minute >= from && minute < to && arrives(minute) <= at) found.push(data);
    const count = found.reduce((total, { values }) => total + values.length, 0);
    if (count === 0) return undefined;
    const sum = found.reduce((total, minute) => total + minute.sum, 0);
    if (statistic === 'Sum') return sum;
    if (statistic === 'Average') return sum / count;
    if (statistic === 'SampleCount') return count;
    const sorted = found.flatMap(({ values }) => values).sort((a, b) => a - b);
    if (statistic === 'Maximum') return sorted.at(-1);
    if (statistic === 'Minimum') return sorted[0];
    const percentile = /^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1];
    if (percentile) return nearestRank(sorted, Number(percentile));
    const below = /^PR\(:(\d+(?:\.\d+)?)\)$/.exec(statistic)?.[1];
    if (below) return (100 * sorted.filter((value) => value <= Number(below)).length) / count;
    return undefined;
  }

  /** Returns true for a statistic that `get` can compute. */
  static computes(statistic: string): boolean {
    return /^(Sum|Average|SampleCount|Maximum|Minimum|p\d+(\.\d+)?|PR\(:\d+(\.\d+)?\))$/.test(statistic);
  }
}

/** Longest delay of data after its minute, in minutes. */
export const LATEST = 2;

/**
 * Returns the minute in which the data of a minute has arrived: alternately one or two minutes later. CloudWatch's
 * newest data is also late, so an alarm that fills missing data with zeros evaluates zeros.
 */
function arrives(minute: number): number {
  return minute + 1 + (minute % 2 === 0 ? LATEST : 1);
}

export interface MetricKey {
  readonly namespace: string;
  readonly name: string;
  readonly about: string;
}

/** Returns a percentile of sorted values by nearest rank: the 95th of 20 values is the 19th value. */
export function nearestRank(sorted: readonly number[], percentile: number): number | undefined {
  return sorted[Math.ceil((sorted.length * percentile) / 100) - 1];
}
