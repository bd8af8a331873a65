/** Number of errors by class: in the period that is watched, or the highest number of any period before. */
export type ErrorClasses = ReadonlyMap<string, number>;

/** Limits above which a class of errors fails the release. */
export interface ErrorLimits {
  /** Number of errors of one class that never fails the release. */
  readonly tolerated: number;
  /** Factor by which a class may be more frequent than before. */
  readonly factor: number;
}

/** A class of errors that fails the release. */
export interface RisenClass {
  readonly name: string;
  readonly count: number;
  /** Highest number before; 0 for a new class. */
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

/** The most errors by class that any time of some minutes had, in other streams than a release's own. */
export function usualClassesQuery(minutes: number, notOf?: string): string {
  return `${CLASSES}${notOf === undefined ? '' : ` and @logStream not like "${notOf}/"`}
| stats count(*) as counted by class, bin(${minutes}m)
| stats max(counted) as errors by class
| limit 1000`;
}

/** The page of the console that shows the lines that a query counted. */
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
