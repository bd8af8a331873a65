import type { AlarmFacts } from './alarm-notification';
import type { NotifySettings } from './settings';

export interface ConsoleLinks {
  readonly alarm: string;
  readonly dashboard?: string;
  readonly runbook?: string;
  readonly query?: string;
}

/** Returns the console links that a message contains. */
export function consoleLinks(
  { alarm, region, runbook }: AlarmFacts,
  since: string,
  settings: NotifySettings,
): ConsoleLinks {
  const { dashboard, logGroup, query, runbooks } = settings;
  const cloudWatch = (where: string) =>
    `https://${where}.console.aws.amazon.com/cloudwatch/home?region=${where}`;
  const home = cloudWatch(settings.region);
  return {
    alarm: `${cloudWatch(region)}#alarmsV2:alarm/${encodeURIComponent(alarm)}`,
    dashboard: dashboard && `${home}#dashboards/dashboard/${encodeURIComponent(dashboard)}`,
    runbook: runbook && (runbooks ? new URL(runbook, runbooks).href : runbook),
    query: logGroup && query && `${home}#logsV2:logs-insights${insights(logGroup, query, since)}`,
  };
}

/** Minutes of log to show before and after the start of the incident. */
const AROUND = 30;

/** Encodes a query for a console URL: `~` begins a value, `*` escapes a character. */
function insights(logGroup: string, query: string, since: string): string {
  const text = (value: string) =>
    `'${value.replace(/[^A-Za-z0-9_.-]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;
  const start = new Date(Date.parse(since) - AROUND * 60_000).toISOString();
  const end = new Date(Date.parse(since) + AROUND * 60_000).toISOString();
  const detail = `~(end~${text(end)}~start~${text(start)}~timeType~'ABSOLUTE~tz~'UTC~editorString~${text(query)}~source~(~${text(logGroup)}))`;
  // Some mail programs end a link at these characters, so they are percent-encoded too.
  return `$3FqueryDetail$3D${detail.replace(/[~'()]/g, (character) => `$${character.charCodeAt(0).toString(16)}`)}`;
}
