import type { LogStreams } from '../core/log-streams';
import type { MetricFilter } from './metric-filter';

/** Passes every line of a log group to its metric filters. */
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

/** Parses a line as JSON. Returns null for other text. */
function parsedLine(line: string): unknown {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
