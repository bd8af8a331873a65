import { compressed } from './time';

/** CloudWatch, as far as the load balancer and the alarms need it: values by metric and minute. */
export class Metrics {
  private readonly minutes = new Map<string, Map<number, number[]>>();

  /** Index of the minute that is now. */
  get now(): number {
    return Math.floor(Date.now() / compressed(60));
  }

  /** @param about the dimension's value that tells this metric from others of its name */
  put(name: string, about: string, value: number): void {
    const key = `${name} ${about}`;
    const minutes = this.minutes.get(key) ?? new Map<number, number[]>();
    this.minutes.set(key, minutes);
    const { now } = this;
    minutes.set(now, [...(minutes.get(now) ?? []), value]);
  }

  /** A statistic over one minute, or nothing where there is no data. */
  get(name: string, about: string, statistic: string, minute: number): number | undefined {
    const values = this.minutes.get(`${name} ${about}`)?.get(minute);
    if (!values?.length) return undefined;
    const sorted = [...values].sort((a, b) => a - b);
    const percentile = /^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1];
    if (percentile) return sorted[Math.ceil((sorted.length * Number(percentile)) / 100) - 1];
    const sum = values.reduce((total, value) => total + value, 0);
    return {
      Sum: sum,
      Average: sum / values.length,
      SampleCount: values.length,
      Maximum: sorted.at(-1),
      Minimum: sorted[0],
    }[statistic];
  }
}
