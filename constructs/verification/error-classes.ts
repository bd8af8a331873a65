/** Number of errors by class: in the watched period, or the maximum of all earlier periods. */
export type ErrorClasses = ReadonlyMap<string, number>;

/** Limits above which a class of errors fails the release. */
export interface ErrorLimits {
  /** Number of errors of one class that never fails the release. */
  readonly tolerated: number;
  /** Factor by which a class may be more frequent than before. */
  readonly factor: number;
}

/** Class of errors that fails the release. */
export interface RisenClass {
  readonly name: string;
  readonly count: number;
  /** Maximum number before; 0 for a new class. */
  readonly before: number;
}

/** Returns the classes that are new or too frequent, the most frequent first. */
export function risenClasses(
  now: ErrorClasses,
  before: ErrorClasses,
  { tolerated, factor }: ErrorLimits,
): RisenClass[] {
  return [...now]
    .map(([name, count]) => ({ name, count, before: before.get(name) ?? 0 }))
    .filter(({ count, before: most }) => count > tolerated && count > factor * most)
    .sort((a, b) => b.count - a.count);
}

const CLASSES = `fields coalesce(error.class, "unclassified") as class
| filter level = "error"`;

/** Returns a query for the errors of a release by class. */
export function classesQuery(streamPrefix: string): string {
  return `${CLASSES} and @logStream like "${streamPrefix}/"
| stats count(*) as errors by class
| sort errors desc
| limit 1000`;
}

/**
 * Returns a query for the maximum number of errors by class in any interval of `minutes`. Ignores the log streams of
 * the release `notOf`.
 */
export function usualClassesQuery(minutes: number, notOf?: string): string {
  return `${CLASSES}${notOf === undefined ? '' : ` and @logStream not like "${notOf}/"`}
| stats count(*) as counted by class, bin(${minutes}m)
| stats max(counted) as errors by class
| limit 1000`;
}

/** Query for a link to the Logs Insights console. */
export interface QueryLink {
  readonly region: string;
  readonly logGroup: string;
  readonly query: string;
  readonly from: number;
  readonly to: number;
}

/** Returns the URL under which the Logs Insights console shows a query and its time range. */
export function queryLink({ region, logGroup, query, from, to }: QueryLink): string {
  const time = (moment: number) => `'${new Date(moment).toISOString().replaceAll(':', '*3a')}`;
  const detail = `~(end~${time(to)}~start~${time(from)}~timeType~'ABSOLUTE~tz~'UTC~editorString~'${starred(query)}~source~(~'${starred(logGroup)}))`;
  // The console encodes its query in the fragment twice, with `$` instead of `%`.
  const fragment = encodeURIComponent(escaped(detail)).replaceAll('%', '$');
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:logs-insights$3FqueryDetail$3D${fragment}`;
}

/**
 * Encodes text like the console: replaces all characters but letters, digits and a few signs with `*` and their
 * hexadecimal code.
 */
function starred(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((sign) => (/[\w.-]/.test(sign) ? sign : `*${sign.charCodeAt(0).toString(16).padStart(2, '0')}`))
    .join('');
}

/** Encodes the characters that `encodeURIComponent` leaves unchanged. */
function escaped(text: string): string {
  return text.replace(/[~'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
