import type { AlarmFacts } from './alarm-notification';
import type { NotifySettings } from './settings';

export interface ConsoleLinks {
  readonly alarm: string;
  readonly dashboard?: string;
  readonly runbook?: string;
  readonly query?: string;
}

/** Links to the pages that a person who is notified opens first. */
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

/** Minutes of log before and after the beginning of the incident. */
const AROUND = 30;

/** A query in the notation of the console's addresses: `~` begins a value, `*` escapes a character. */
function insights(logGroup: string, query: string, since: string): string {
  const text = (value: string) =>
    `'${value.replace(/[^A-Za-z0-9_.-]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;
  const start = new Date(Date.parse(since) - AROUND * 60_000).toISOString();
  const end = new Date(Date.parse(since) + AROUND * 60_000).toISOString();
  const detail = `~(end~${text(end)}~start~${text(start)}~timeType~'ABSOLUTE~tz~'UTC~editorString~${text(query)}~source~(~${text(logGroup)}))`;
  // Mail programs take some characters for the end of a link, so these are escaped once more.
  return `$3FqueryDetail$3D${detail.replace(/[~'()]/g, (character) => `$${character.charCodeAt(0).toString(16)}`)}`;
}
