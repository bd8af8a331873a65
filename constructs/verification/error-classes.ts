/** Errors by class: in a time that is watched, or the most that any such time had. */
export type ErrorClasses = ReadonlyMap<string, number>;

/** What is still as it was before, and what is not. */
export interface ErrorLimits {
  /** Errors of one class that are never too many. */
  readonly tolerated: number;
  /** How many times as many as before are too many. */
  readonly times: number;
}

/** A class of which there are more than there were. */
export interface RisenClass {
  readonly name: string;
  readonly count: number;
  /** The most that were there before; 0 for a class nobody knew. */
  readonly before: number;
}

/** The classes that are new, or markedly more frequent than before; the most frequent first. */
export function risenClasses(
  now: ErrorClasses,
  before: ErrorClasses,
  { tolerated, times }: ErrorLimits,
): RisenClass[] {
  return [...now]
    .map(([name, count]) => ({ name, count, before: before.get(name) ?? 0 }))
    .filter(({ count, before: most }) => count > tolerated && count > times * most)
    .sort((a, b) => b.count - a.count);
}

const CLASSES = `fields coalesce(error.class, "unclassified") as class
| filter level = "error"`;

/** Errors by class that the streams of a release have. */
export function classesQuery(streamPrefix: string): string {
  return `${CLASSES} and @logStream like "${streamPrefix}/"
| stats count(*) as errors by class
| sort errors desc
| limit 1000`;
}

/** The most errors by class that any time of some minutes had, in other streams than a release's own. */
export function usualClassesQuery(minutes: number, notOf?: string): string {
  return `${CLASSES}${notOf === undefined ? '' : ` and @logStream not like "${notOf}/"`}
| stats count(*) as counted by class, bin(${minutes}m)
| stats max(counted) as errors by class
| limit 1000`;
}

/** What a person opens to see the lines that a query counted. */
export interface QueryLink {
  readonly region: string;
  readonly logGroup: string;
  readonly query: string;
  readonly from: number;
  readonly to: number;
}

/** The address under which the console of Logs Insights shows a query with its times. */
export function queryLink({ region, logGroup, query, from, to }: QueryLink): string {
  const time = (moment: number) => `'${new Date(moment).toISOString().replaceAll(':', '*3a')}`;
  const detail = `~(end~${time(to)}~start~${time(from)}~timeType~'ABSOLUTE~tz~'UTC~editorString~'${starred(query)}~source~(~'${starred(logGroup)}))`;
  // The console writes its own query into the fragment, with `$` for `%`, encoded twice.
  const fragment = encodeURIComponent(escaped(detail)).replaceAll('%', '$');
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:logs-insights$3FqueryDetail$3D${fragment}`;
}

/** As the console writes text: everything but letters, digits and a few signs as `*` and its number. */
function starred(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((sign) => (/[\w.-]/.test(sign) ? sign : `*${sign.charCodeAt(0).toString(16).padStart(2, '0')}`))
    .join('');
}

/** `encodeURIComponent` leaves these as they are. */
function escaped(text: string): string {
  return text.replace(/[~'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
