const DAY = 24 * 60;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** Shortest window that RDS accepts, in minutes. */
const SHORTEST = 30;

/**
 * Returns why RDS would refuse this daily backup window together with this weekly maintenance window, both in UTC.
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
  // Either window may begin within the other.
  const overlaps =
    distance(begin % DAY, from, DAY) < maintenance || distance(from, begin % DAY, DAY) < backup;
  return overlaps
    ? [
        [
          'database.maintenanceWindow',
          `a window that does not overlap 'database.backupWindow', which is ${backupWindow}`,
        ],
      ]
    : [];
}

/** Returns the minutes since the start of the day, or since the start of the week if the moment has a weekday. */
function minutes(moment: string): number {
  const parts = moment.split(':');
  const [hour, minute] = parts.slice(-2).map(Number) as [number, number];
  return (parts.length === 3 ? WEEKDAYS.indexOf(parts[0]!) * DAY : 0) + hour * 60 + minute;
}

/** Returns the minutes from one moment to the next occurrence of the other. */
function distance(from: number, to: number, cycle: number): number {
  return (to - from + cycle) % cycle;
}
