import type { AlarmFacts } from './alarm-notification';
import type { TellSettings } from './settings';

export interface ConsoleLinks {
  readonly alarm: string;
  readonly dashboard?: string;
  readonly runbook?: string;
  readonly query?: string;
}

/** Where somebody who was woken looks first. */
export function consoleLinks(
  { alarm, region, runbook }: AlarmFacts,
  since: string,
  settings: TellSettings,
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

/** Minutes before the alarm whose log may tell why. */
const BEFORE = 30;

/** The console keeps a query in its address, in a notation of its own: `~` begins a value, `*` escapes. */
function insights(logGroup: string, query: string, since: string): string {
  const text = (value: string) =>
    `'${value.replace(/[^A-Za-z0-9_.-]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;
  const start = new Date(Date.parse(since) - BEFORE * 60_000).toISOString();
  const end = new Date(Date.parse(since) + BEFORE * 60_000).toISOString();
  const detail = `~(end~${text(end)}~start~${text(start)}~timeType~'ABSOLUTE~tz~'UTC~editorString~${text(query)}~source~(~${text(logGroup)}))`;
  // What mail programs would take for the end of a link is escaped once more.
  return `$3FqueryDetail$3D${detail.replace(/[~'()]/g, (character) => `$${character.charCodeAt(0).toString(16)}`)}`;
}
