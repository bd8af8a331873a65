import { compressed } from '../core/time';

interface Minute {
  readonly values: number[];
  sum: number;
}

/** Milliseconds that a minute takes at most. */
const LONGEST = 8_000;

/**
 * CloudWatch's metrics: values by metric and minute, as far as something here reports them. A minute takes a
 * second, and longer where this machine is too slow for the requests that alarms judge a minute by.
 */
export class Metrics {
  private readonly series = new Map<string, Map<number, Minute>>();
  private readonly known = new Set<string>();
  /** Requests that a minute has while there is load. */
  private quota = 0;
  private requests = 0;
  private minute = 0;
  private begun = Date.now();

  /** Index of the minute that is now. */
  get now(): number {
    const minutes = Math.floor((Date.now() - this.begun) / compressed(60));
    if (minutes === 0 || this.overdue) return this.minute;
    // What was late was one minute.
    this.minute += this.quota > 0 ? 1 : minutes;
    this.begun = this.quota > 0 ? Date.now() : this.begun + minutes * compressed(60);
    this.requests = 0;
    return this.minute;
  }

  /** Whether a minute is over but for its requests; where the load reaches no server, there are none to wait for. */
  get overdue(): boolean {
    const elapsed = Date.now() - this.begun;
    const late = this.requests > 0 && this.requests < this.quota;
    return late && elapsed >= compressed(60) && elapsed < LONGEST;
  }

  /** Has every minute from now on have that many requests. */
  expect(requests: number): void {
    this.quota = requests;
  }

  /** Counts a request of the load. */
  arrived(): void {
    this.requests++;
  }

  /** Says that something here reports a metric, whether or not it ever has a value. */
  announce(namespace: string, ...names: readonly string[]): void {
    for (const name of names) this.known.add(`${namespace} ${name}`);
  }

  knows(namespace: string, name: string): boolean {
    return this.known.has(`${namespace} ${name}`);
  }

  /** @param about the dimension's value that tells this metric from others of its name */
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

  /** A statistic over the minutes from `from` to before `to`, or nothing where there is no data. */
  get(key: MetricKey, statistic: string, from: number, to: number): number | undefined {
    const minutes = this.series.get(`${key.namespace} ${key.name} ${key.about}`);
    if (!minutes) return undefined;
    const found: Minute[] = [];
    for (const [minute, data] of minutes) if (minute >= from && minute < to) found.push(data);
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
    if (percentile) return sorted[Math.ceil((count * Number(percentile)) / 100) - 1];
    const below = /^PR\(:(\d+(?:\.\d+)?)\)$/.exec(statistic)?.[1];
    if (below) return (100 * sorted.filter((value) => value <= Number(below)).length) / count;
    return undefined;
  }

  /** Whether a statistic is one of those there are here. */
  static computes(statistic: string): boolean {
    return /^(Sum|Average|SampleCount|Maximum|Minimum|p\d+(\.\d+)?|PR\(:\d+(\.\d+)?\))$/.test(statistic);
  }
}

export interface MetricKey {
  readonly namespace: string;
  readonly name: string;
  readonly about: string;
}
