import type { LogStreams } from '../core/log-streams';
import type { MetricFilter } from './metric-filter';

/** Has metric filters read every line that is written to their log group. */
export function readLines(streams: LogStreams, filters: ReadonlyMap<string, MetricFilter>): void {
  streams.on('line', (group, line) => {
    let parsed: unknown;
    const json = () => {
      if (parsed === undefined) parsed = parsedLine(line);
      return parsed;
    };
    for (const filter of filters.values()) if (filter.options.group === group) filter.read(line, json);
  });
}

/** A line as JSON; null when it is none. */
function parsedLine(line: string): unknown {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
