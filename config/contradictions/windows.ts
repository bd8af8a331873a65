const DAY = 24 * 60;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** Shortest window that RDS takes, in minutes. */
const SHORTEST = 30;

/**
 * Returns why RDS would refuse a daily backup window with a weekly maintenance window, in UTC.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
 */
export function windowProblem(
  backupWindow: string,
  maintenanceWindow: string,
): readonly (readonly [path: string, allowed: string])[] {
  const [from, until] = backupWindow.split('-').map(minutes) as [number, number];
  const [begin, end] = maintenanceWindow.split('-').map(minutes) as [number, number];
  const backup = distance(from, until, DAY);
  const maintenance = distance(begin, end, 7 * DAY);
  const short = [
    ...(backup < SHORTEST ? [['database.backupWindow', 'a window of 30 minutes or more'] as const] : []),
    ...(maintenance < SHORTEST || maintenance >= DAY
      ? [['database.maintenanceWindow', 'a window of 30 minutes to less than a day'] as const]
      : []),
  ];
  if (short.length > 0) return short;
  // A backup begins within the maintenance, or the maintenance within a backup.
  const overlaps =
    distance(begin % DAY, from, DAY) < maintenance || distance(from, begin % DAY, DAY) < backup;
  return overlaps
    ? [
        [
          'database.maintenanceWindow',
          `a window apart from 'database.backupWindow', which is ${backupWindow}`,
        ],
      ]
    : [];
}

/** Minutes since the day began or, with a weekday, since the week did. */
function minutes(moment: string): number {
  const parts = moment.split(':');
  const [hour, minute] = parts.slice(-2).map(Number) as [number, number];
  return (parts.length === 3 ? WEEKDAYS.indexOf(parts[0]!) * DAY : 0) + hour * 60 + minute;
}

/** Minutes from one moment to the next time it is the other. */
function distance(from: number, to: number, cycle: number): number {
  return (to - from + cycle) % cycle;
}
