import type { EmulatedAccount } from '../emulated-account';
import type { Alarm } from './alarm';
import type { CompositeAlarm } from './composite-alarm';

interface Fired {
  readonly name: string;
  readonly alarm: Alarm | CompositeAlarm;
}

/** When an alarm fired. */
export interface Firing {
  readonly alarm: string;
  /** Minutes at whose beginning it was in ALARM, counted from when the release began. */
  readonly minutes: readonly number[];
  /** Of an alarm on a metric: what it measured when it began, and what it allows. */
  readonly value?: number;
  readonly threshold?: number;
}

const all = ({ alarms, composites }: EmulatedAccount): [string, Alarm | CompositeAlarm][] => [
  ...composites,
  ...alarms,
];

/** Alarms that were in ALARM at some minute from `since` on, judged by nothing that was before. */
export function firedAlarms(cloud: EmulatedAccount, since: number): (Fired & { readonly firing: Firing })[] {
  const after = Array.from({ length: cloud.metrics.now + 1 - since }, (_, minute) => minute + 1);
  return all(cloud)
    .flatMap(([name, alarm]) => {
      const minutes = after.filter((minute) => alarm.inAlarm(since, since + minute));
      const [begun] = minutes;
      if (begun === undefined) return [];
      const measured = 'measured' in alarm ? alarm.measured(since, since + begun) : {};
      return [{ name, alarm, firing: { alarm: name, minutes, ...measured } }];
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Of the alarms that fired, one that would have called a person. Where no alarm of the plan tells anybody yet,
 * each counts. How long answers take is this machine's doing, too.
 */
export function call(cloud: EmulatedAccount, fired: readonly Fired[]): Fired | undefined {
  const silent = !all(cloud).some(([, { tells }]) => tells);
  return fired.find(({ alarm }) => (silent || alarm.tells) && !alarm.ofTime);
}

/** Names of the alarms that are evaluated. */
export function judgedAlarms(cloud: EmulatedAccount): string[] {
  return all(cloud)
    .filter(([, { notRehearsed }]) => notRehearsed === undefined)
    .map(([name]) => name)
    .sort();
}

/** What of alarms, log metrics and state machines is not evaluated, and why. */
export function notEvaluated(cloud: EmulatedAccount): string[] {
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
