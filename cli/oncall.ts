import type { Settings } from '../config';
import type { Contact, NotificationTarget, Tier } from '../constructs/escalation/escalation-plan';
import type { Shift } from '../constructs/escalation/rotation';
import { wrapped } from '../lib/findings/wrapped';
import { type Command, EXIT, type Given, optionValue, print, printJson, table, UsageError } from './command';
import { environmentOptions, selected } from './environment-options';

type Escalation = Settings['escalation'];

export const oncall: Command = {
  summary: 'Show the person on call, the escalation and the next shifts',
  description: `Reads the escalation of an environment from its settings. Shows the person on call at a given time, the order in
which a page notifies people, and the shifts of the next weeks. Times are in the time zone of the rotation; JSON has
UTC. Needs no AWS account.`,
  options: {
    ...environmentOptions,
    at: {
      value: 'TIME',
      description:
        "A time such as 2026-12-24T20:00, in the rotation's time zone unless it has an offset (default: now)",
    },
    weeks: { value: 'N', description: 'Weeks of the rotation to show, 1 to 104 (default 4)' },
    json: { description: 'Print the result as JSON' },
  },
  examples: [
    'framework53 oncall --env production',
    'framework53 oncall --env production --at 2026-12-24T20:00 --weeks 1',
    "framework53 oncall --env production --json | jq -r '.onCall.contact'",
  ],
  async run(given) {
    const selection = selected(given);
    const { resolveEnvironment } = await import('../lib/prepare/resolve-environment.js');
    const { onCall, shifts } = await import('../constructs/escalation/rotation.js');
    const weeks = weeksOf(given);
    const { environment, settings } = resolveEnvironment(selection);
    const { escalation } = settings;
    const { rotation, contacts, tiers } = escalation;
    const at = await momentGiven(given, rotation?.handover.timeZone ?? 'UTC');
    const now = rotation && onCall(rotation, at);
    const next = rotation ? shifts(rotation, at, weeks) : [];
    const notes = notesOn(escalation);
    if (given['json']) {
      printJson({
        environment,
        at,
        timeZone: rotation?.handover.timeZone,
        onCall: now && { ...now, ...contacts.find(({ name }) => name === now.contact), name: undefined },
        tiers,
        shifts: next,
        notes,
      });
      return EXIT.done;
    }
    const clock = await clockOf(rotation?.handover.timeZone ?? 'UTC');
    const zone = rotation && ` (${rotation.handover.timeZone})`;
    // The same person may have several shifts in a row.
    const relief =
      rotation &&
      shifts(rotation, at, rotation.members.length + 1).find(({ contact }) => contact !== now?.contact);
    const parts = [
      now
        ? wrapped(
            `${environment}: ${named(now.contact, contacts)} is on call${relief ? ` until ${clock(relief.from)}${zone}, then ${relief.contact}` : ''}`,
            '',
            '  ',
          )
        : `${environment}: nobody is on call, because there is no rotation`,
      tiers.length > 0 && `A page notifies\n${escalationTable(escalation, now).trimEnd()}`,
      next.length > 0 && `On call${zone}\n${next.map((shift) => line(shift, clock)).join('\n')}`,
      notes.map((note) => wrapped(`! ${note}`, '', '  ')).join('\n'),
    ];
    print(`${parts.filter(Boolean).join('\n\n')}\n`);
    return EXIT.done;
  },
};

function weeksOf(given: Given): number {
  const text = String(given['weeks'] ?? 4);
  if (!/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > 104)
    throw new UsageError(`--weeks takes a number from 1 to 104, got '${text}'`);
  return Number(text);
}

async function momentGiven(given: Given, timeZone: string): Promise<Date> {
  const text = optionValue(given, 'at');
  if (text === undefined) return new Date();
  const [, day, time = '00:00', offset] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  const wall = new Date(`${day}T${time}Z`);
  // JavaScript would take February 30 for March 2.
  if (!day || Number.isNaN(wall.getTime()) || !wall.toISOString().startsWith(day))
    throw new UsageError(
      `--at takes a time such as 2026-12-24T20:00 or 2026-12-24T20:00:00+01:00, got '${text}'`,
    );
  const { momentOf } = await import('../constructs/escalation/rotation.js');
  return offset ? new Date(`${day}T${time}${offset}`) : momentOf(timeZone, wall.getTime());
}

/** Returns a function that formats times in a time zone. */
async function clockOf(timeZone: string): Promise<(moment: Date) => string> {
  const { wallClock } = await import('../constructs/escalation/rotation.js');
  return (moment) => {
    const shown = new Date(wallClock(timeZone, moment));
    const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][shown.getUTCDay()];
    return `${weekday} ${shown.toISOString().slice(0, 16).replace('T', ' ')}`;
  };
}

function line({ contact, from, override }: Shift, clock: (moment: Date) => string): string {
  return `  ${clock(from)}  ${contact}${override ? ' (override)' : ''}`;
}

/** Formats a line for each tier with its start and its targets, and a line for the fallback. */
function escalationTable(
  { tiers, contacts, webhook, fallbackEmail, repageMinutes }: Escalation,
  now?: Shift,
): string {
  let minutes = 0;
  const rows = tiers.map((tier) => {
    const when = minutes === 0 ? 'at once' : `after ${minutes} min`;
    minutes += tier.times * tier.everyMinutes;
    return [when, `${tier.targets.map(whom).join('; ')}${repeated(tier)}`] as const;
  });
  rows.push([
    `after ${minutes} min`,
    `${fallbackEmail}, if nobody acknowledged; all tiers again ${repageMinutes} min later`,
  ]);
  return table(rows);

  function whom(one: NotificationTarget): string {
    switch (one.kind) {
      case 'on-call':
        return `the person on call${now ? `, ${named(now.contact, contacts)}` : ''}`;
      case 'contact':
        return named(one.contact, contacts);
      case 'topic':
        return `topic ${one.topicArn.split(':').at(-1)}`;
      case 'webhook':
        return `webhook ${new URL(webhook!).host}`;
    }
  }
}

function repeated({ times, everyMinutes }: Tier): string {
  return times > 1 ? `; ${times} times, every ${everyMinutes} min` : '';
}

function named(name: string, contacts: readonly Contact[]): string {
  const { email, phone } = contacts.find((contact) => contact.name === name) ?? {};
  const ways = [email, phone].filter(Boolean);
  return ways.length > 0 ? `${name} <${ways.join(', ')}>` : name;
}

/** Warns about valid settings that look like a mistake. */
function notesOn({ contacts, rotation, tiers }: Escalation): string[] {
  const targets = tiers.flatMap((tier) => tier.targets as readonly NotificationTarget[]);
  const usesRotation = targets.some(({ kind }) => kind === 'on-call');
  const reached = new Set([
    ...targets.flatMap((one) => (one.kind === 'contact' ? [one.contact] : [])),
    ...(rotation?.members ?? []),
    ...(rotation?.overrides ?? []).map(({ contact }) => contact),
  ]);
  const unreached = contacts.map(({ name }) => name).filter((name) => !reached.has(name));
  return [
    tiers.length === 0 && 'nobody is paged: escalation.tiers is empty (docs/on-call.md)',
    tiers.length > 0 && rotation && !usesRotation && 'no tier notifies the person on call',
    unreached.length > 0 && `no tier and no rotation includes ${unreached.join(', ')}`,
  ].filter((note) => note !== false && note !== undefined);
}
