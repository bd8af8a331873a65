import { z } from 'zod';
import {
  type PlanProblem,
  planProblems,
  weeklyTimeProblems,
} from '../../constructs/escalation/plan-problems';
import { isEmail, isTimeZone, TIME_ZONE } from '../../constructs/text-formats';
import { WEEKDAYS } from '../../constructs/weekdays';

// The formats appear in the generated docs. `planProblems` validates them, as it does for the constructs.

const whole = (min: number, max: number) => z.number().meta({ allowed: `${min} to ${max}` });
const contactName = z.string().meta({ allowed: 'the name of a contact' });
const email = z.string().meta({ allowed: 'an e-mail address' });
const moment = z.string().meta({ allowed: 'a moment such as 2026-12-24T18:00:00+01:00' });
const timeZone = z.string().meta({
  allowed: TIME_ZONE,
  description: 'IANA time zone. The time follows its daylight saving time.',
  section: '10.3',
});

const weeklyTime = {
  weekday: z.enum(WEEKDAYS).meta({ description: 'Day of the week.', section: '10.3' }),
  time: z.string().meta({ allowed: 'a time such as 09:00', description: 'Local time.', section: '10.3' }),
  timeZone,
};

const target = z
  .union([
    z.strictObject({ kind: z.literal('on-call') }),
    z.strictObject({ kind: z.literal('contact'), contact: z.string() }),
    z.strictObject({ kind: z.literal('topic'), topicArn: z.string() }),
    z.strictObject({ kind: z.literal('webhook') }),
  ])
  .meta({
    allowed:
      "{ kind: 'on-call' }, { kind: 'contact', contact: NAME }, { kind: 'topic', topicArn: ARN } or { kind: 'webhook' }",
  });

const section = z.strictObject({
  contacts: z
    .array(
      z.strictObject({
        name: z.string().meta({ allowed: 'a name' }),
        email: email.optional(),
        phone: z.string().optional().meta({ allowed: 'a number such as +4915112345678' }),
      }),
    )
    .meta({
      allowed:
        'a list of `{ name, email?, phone? }`, with an e-mail address or a number such as +4915112345678',
      description: 'People and shared mailboxes. Text messages go to the phone number.',
      section: '10.3',
    }),
  rotation: z
    .strictObject({
      members: z.array(contactName).meta({
        allowed: 'a list of names of contacts',
        description: 'Contacts who are on call for one week each, in this order.',
        section: '10.3',
      }),
      handover: z.strictObject(weeklyTime),
      start: z.string().meta({
        allowed: 'a day such as 2026-01-31',
        description: "A day in the first member's first week. Earlier weeks are counted backwards.",
        section: '10.3',
      }),
      overrides: z
        .array(z.strictObject({ contact: contactName, from: moment, to: moment }))
        .optional()
        .meta({
          allowed:
            'a list of `{ contact, from, to }` that do not overlap, such as from 2026-12-24T18:00:00+01:00',
          description: 'Contacts who temporarily take over the on-call shift. The end `to` is exclusive.',
          section: '10.3',
        }),
    })
    .optional()
    .meta({ description: 'Weekly on-call rotation.', section: '10.3' }),
  tiers: z
    .array(z.strictObject({ targets: z.array(target), times: whole(1, 20), everyMinutes: whole(1, 240) }))
    .meta({
      allowed:
        "a list of up to 10 of `{ targets, times, everyMinutes }`; targets are `{ kind: 'on-call' }`, `{ kind: 'contact', contact }`, `{ kind: 'topic', topicArn }`, `{ kind: 'webhook' }`; 1 to 20 times, every 1 to 240 minutes",
      description:
        'Recipients of a page, tier by tier until somebody acknowledges it. Each tier has a number of notifications and an interval in minutes. An empty list turns pages off.',
      section: '10.3',
    }),
  repageMinutes: whole(5, 1440).meta({
    allowed: '5 to 1440',
    unit: 'min',
    description: 'Time after an acknowledgement until an alarm that is still firing pages again.',
    section: '10.3',
  }),
  webhook: z.string().optional().meta({
    allowed: 'an address such as https://hooks.example.com/pages',
    description: 'Address of the target `webhook`, which receives signed requests.',
    section: '10.3',
  }),
  ticketEmails: z.array(email).meta({
    description: 'Recipients of tickets: alarms that can wait for working hours.',
    section: '10.3',
  }),
  fallbackEmail: email.optional().meta({
    description: 'Recipients of messages about failures of paging itself; required if there are tiers.',
    section: '10.3',
  }),
  runbooks: z.string().optional().meta({
    allowed: 'an address such as https://git.example.com/framework53-cdk/blob/main/',
    description: 'Base address of `docs/runbook.md`, for the links in messages.',
    section: '10.3',
  }),
  acknowledgeLink: z.boolean().meta({
    description:
      'Include a link in messages that acknowledges without an AWS login. Turn it off if public function URLs are forbidden; messages then contain a command instead.',
    section: '10.3',
  }),
  acknowledgeConcurrency: whole(0, 100).meta({
    allowed: '0 to 100',
    description:
      "Reserved concurrency of the function behind that link, taken from the account's limit. 0 reserves none, for a new account with a low limit.",
    section: '10.3',
  }),
  maintenance: z
    .array(
      z.strictObject({
        name: z.string().meta({ allowed: 'a name such as weekly-restart' }),
        schedule: z.string().meta({ allowed: 'cron(0 2 * * SUN) or at(2026-12-24T22:00)' }),
        timeZone,
        minutes: whole(1, 21_600),
      }),
    )
    .meta({
      allowed:
        'a list of up to 10 of `{ name, schedule, timeZone, minutes }`; the schedule is cron(minute hour day month weekday) or at(2026-12-24T22:00), for 1 to 21600 minutes',
      description: 'Periods in which alarms notify nobody.',
      section: '10.3',
    }),
  testPage: z
    .strictObject(weeklyTime)
    .optional()
    .meta({ description: 'Time of the weekly test page.', section: '10.3' }),
});

type Section = z.infer<typeof section>;

/** Settings of the recipients of alarms. */
export const escalation = section.superRefine(
  (settings, context) => {
    for (const { path, allowed } of problemsOf(settings))
      context.addIssue({ code: 'custom', path: [...path], message: allowed });
  },
  // This check also runs if a part has the wrong type, so that all problems are reported at once.
  { when: ({ value }) => typeof value === 'object' && value !== null },
);

function problemsOf(settings: Partial<Section>): PlanProblem[] {
  const { tiers, webhook, runbooks, ticketEmails, fallbackEmail, maintenance, testPage } = settings;
  const problems = planProblems(settings as Partial<Section> & object, webhook !== undefined);
  const refuse = (path: PlanProblem['path'], allowed: string) => problems.push({ path, allowed });
  const paged = Array.isArray(tiers) && tiers.length > 0;

  if (typeof webhook === 'string' && !isWebAddress(webhook))
    refuse(['webhook'], 'an https address, without a password or fragment');
  if (typeof runbooks === 'string' && !(isWebAddress(runbooks) && runbooks.endsWith('/')))
    refuse(['runbooks'], 'an https address that ends with a slash');
  for (const [index, address] of (Array.isArray(ticketEmails) ? ticketEmails : []).entries())
    if (typeof address === 'string' && !isEmail(address))
      refuse(['ticketEmails', index], 'an e-mail address');
  if (typeof fallbackEmail === 'string' && !isEmail(fallbackEmail))
    refuse(['fallbackEmail'], 'an e-mail address');
  if (paged && fallbackEmail === undefined)
    refuse(['fallbackEmail'], 'an e-mail address: with tiers, somebody must learn of failures of paging');
  if (testPage) {
    problems.push(...weeklyTimeProblems(testPage, ['testPage']));
    if (!paged) refuse(['testPage'], "no value, because no 'tiers' would receive the page");
  }

  const { acknowledgeConcurrency: reserved } = settings;
  if (typeof reserved === 'number' && !(Number.isInteger(reserved) && reserved >= 0 && reserved <= 100))
    refuse(['acknowledgeConcurrency'], '0 to 100');

  const windows = Array.isArray(maintenance) ? maintenance : [];
  if (windows.length > 10) refuse(['maintenance'], 'up to 10 of them');
  for (const [index, window] of windows.entries()) {
    const { name, schedule, timeZone: zone, minutes } = window ?? {};
    const path = ['maintenance', index];
    if (typeof name === 'string' && !/^[a-z][a-z0-9-]{0,39}$/.test(name))
      refuse([...path, 'name'], 'up to 40 lower-case letters, digits and hyphens');
    if (windows.slice(0, index).some((other) => other?.name === name))
      refuse([...path, 'name'], 'a name that no other entry has');
    if (typeof schedule === 'string' && !isMuteSchedule(schedule))
      refuse(
        [...path, 'schedule'],
        'cron(minute hour day month weekday) of numbers, *, - and commas, such as cron(0 2 * * SUN), or at(2026-12-24T22:00)',
      );
    if (typeof zone === 'string' && !isTimeZone(zone)) refuse([...path, 'timeZone'], TIME_ZONE);
    if (typeof minutes === 'number' && !(Number.isInteger(minutes) && minutes >= 1 && minutes <= 21_600))
      refuse([...path, 'minutes'], '1 to 21600');
  }
  return problems;
}

function isWebAddress(text: string): boolean {
  try {
    const { protocol, username, password, hash } = new URL(text);
    return protocol === 'https:' && username === '' && password === '' && hash === '' && !/\s/.test(text);
  } catch {
    return false;
  }
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 7, names: DAYS },
];

/**
 * Returns true for a schedule that an alarm mute rule accepts: five fields, without steps or rates.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html
 */
function isMuteSchedule(text: string): boolean {
  const [, once] = /^at\((\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d)\)$/.exec(text) ?? [];
  if (once) {
    const at = new Date(`${once}Z`);
    return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(once);
  }
  const fields = /^cron\((.+)\)$/.exec(text)?.[1]?.split(' ') ?? [];
  return (
    fields.length === FIELDS.length &&
    fields.every((field, index) => {
      const { min, max, names } = FIELDS[index]!;
      const isValue = (value: string) =>
        names.includes(value) || (/^\d{1,2}$/.test(value) && Number(value) >= min && Number(value) <= max);
      return field.split(',').every((part) => {
        const range = part.split('-');
        return part === '*' || (range.length <= 2 && range.every(isValue));
      });
    })
  );
}
