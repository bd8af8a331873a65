import type { Metrics } from '../core/metrics';
import { type LogPattern, logPattern, UnknownPattern } from './log-pattern';

export interface MetricFilterOptions {
  readonly logicalId: string;
  readonly pattern: string;
  readonly group: string;
  readonly metrics: readonly {
    readonly MetricNamespace: string;
    readonly MetricName: string;
    readonly MetricValue: string;
    readonly DefaultValue?: number;
    readonly Dimensions?: readonly { readonly Key: string; readonly Value: string }[];
  }[];
}

/** A metric filter of CloudWatch Logs: counts the matching lines, or sums one of their fields. */
export class MetricFilter {
  /** The reason why the filter is not evaluated; undefined if it is. */
  readonly notRehearsed?: string;
  private readonly matches: LogPattern = () => false;

  constructor(
    readonly options: MetricFilterOptions,
    private readonly metrics: Metrics,
  ) {
    try {
      this.matches = logPattern(options.pattern);
      for (const { MetricNamespace, MetricName } of options.metrics)
        metrics.announce(MetricNamespace, MetricName);
    } catch (error) {
      if (!(error instanceof UnknownPattern)) throw error;
      this.notRehearsed = error.message;
    }
  }

  /** @param json parses the line; returns null for a line without JSON */
  read(line: string, json: () => unknown): void {
    const found = this.matches(line, json);
    for (const { MetricNamespace, MetricName, MetricValue, DefaultValue, Dimensions = [] } of this.options
      .metrics) {
      const about = Dimensions.map(({ Value }) => String(at(Value, json()))).join();
      const value = found ? Number(at(MetricValue, json())) : DefaultValue;
      if (value !== undefined && Number.isFinite(value))
        this.metrics.put(MetricNamespace, MetricName, about, value);
    }
  }
}

/** Returns a literal, or the value at a path in the line. */
function at(value: string, line: unknown): unknown {
  if (!value.startsWith('$.')) return value;
  return value
    .slice(2)
    .split('.')
    .reduce<unknown>((within, name) => (within as Record<string, unknown> | null | undefined)?.[name], line);
}
