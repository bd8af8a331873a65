import type { Alarm } from './alarm';
import type { Cloud } from './cloud';
import type { CompositeAlarm } from './composite-alarm';

interface Fired {
  readonly name: string;
  readonly alarm: Alarm | CompositeAlarm;
}

const all = ({ alarms, composites }: Cloud): [string, Alarm | CompositeAlarm][] => [...composites, ...alarms];

/** Alarms that were in ALARM at some minute from `since` on, judged by nothing that was before. */
export function firedAlarms(cloud: Cloud, since: number): Fired[] {
  const minutes = Array.from({ length: cloud.metrics.now + 1 - since }, (_, after) => since + after + 1);
  return all(cloud)
    .filter(([, alarm]) => minutes.some((minute) => alarm.inAlarm(since, minute)))
    .map(([name, alarm]) => ({ name, alarm }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Of the alarms that fired, one that would have called a person. Where no alarm of the plan tells anybody yet,
 * each counts. How long answers take is this machine's doing, too.
 */
export function call(cloud: Cloud, fired: readonly Fired[]): Fired | undefined {
  const silent = !all(cloud).some(([, { tells }]) => tells);
  return fired.find(({ alarm }) => (silent || alarm.tells) && !alarm.ofTime);
}

/** Names of the alarms that are evaluated. */
export function judgedAlarms(cloud: Cloud): string[] {
  return all(cloud)
    .filter(([, { notRehearsed }]) => notRehearsed === undefined)
    .map(([name]) => name)
    .sort();
}

/** What of alarms, log metrics and state machines is not evaluated, and why. */
export function notEvaluated(cloud: Cloud): string[] {
  const parts = [
    ...all(cloud).map(([name, { logicalId, notRehearsed }]) => [
      `alarm ${name} (${logicalId})`,
      notRehearsed,
    ]),
    ...[...cloud.metricFilters.values()].map(({ options, notRehearsed }) => [
      `metric filter ${options.logicalId}`,
      notRehearsed,
    ]),
    ...[...cloud.machines.values()].map(({ logicalId, notRehearsed }) => [
      `state machine ${logicalId}`,
      notRehearsed,
    ]),
  ];
  return parts.flatMap(([what, why]) => (why === undefined ? [] : [`${what}: ${why}`]));
}
