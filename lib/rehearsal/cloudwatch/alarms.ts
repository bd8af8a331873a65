import { LATEST } from '../core/metrics';
import type { Alarm } from './alarm';
import type { CompositeAlarm } from './composite-alarm';

interface Fired {
  readonly name: string;
  readonly alarm: Alarm | CompositeAlarm;
}

/** The time and value of a fired alarm. */
export interface Firing {
  /** Name of the alarm. */
  readonly alarm: string;
  /** Minutes since the beginning of the release at which the alarm was in ALARM. */
  readonly minutes: readonly number[];
  /** First value of the metric that fired the alarm; undefined for a composite alarm. */
  readonly value?: number;
  readonly threshold?: number;
}

/** The alarms of the plan, by name. */
export class Alarms {
  readonly metric = new Map<string, Alarm>();
  readonly composite = new Map<string, CompositeAlarm>();

  get(name: string): Alarm | CompositeAlarm | undefined {
    return this.metric.get(name) ?? this.composite.get(name);
  }

  /**
   * Returns the alarms that were in ALARM between the minutes `since` and `now`, or just after `now` when the last
   * data arrives. Earlier data does not count.
   */
  firedBetween(since: number, now: number): (Fired & { readonly firing: Firing })[] {
    const after = Array.from({ length: now + 1 + LATEST - since }, (_, minute) => minute + 1);
    return this.all
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
   * Returns the first alarm that pages a person. Alarms on response times do not count, because they depend on the
   * speed of this machine. If no alarm of the plan has an action, every alarm counts.
   */
  pageAmong(fired: readonly Fired[]): Fired | undefined {
    const silent = !this.all.some(([, { tells }]) => tells);
    return fired.find(({ alarm }) => (silent || alarm.tells) && !alarm.ofTime);
  }

  /** Names of the evaluated alarms. */
  get evaluated(): string[] {
    return this.all
      .filter(([, { notRehearsed }]) => notRehearsed === undefined)
      .map(([name]) => name)
      .sort();
  }

  /** Composite alarms, then metric alarms. */
  get all(): [string, Alarm | CompositeAlarm][] {
    return [...this.composite, ...this.metric];
  }
}
