import type { EscalationPlan, WeeklyTime } from './escalation-plan';

/** Something of a plan that cannot be used. */
export interface PlanProblem {
  /** Where it stands, as `['contacts', 0, 'phone']`. */
  readonly path: readonly (string | number)[];
  /** What may stand there. */
  readonly allowed: string;
}

/**
 * Everything that keeps a plan from working, at once. Whatever else is wrong with it (a part that is missing, a
 * number where a word should be) is for the types to find, and does not keep this from looking at the rest.
 *
 * @param webhook whether there is one to tell
 */
export function planProblems(plan: Partial<EscalationPlan>, webhook: boolean): PlanProblem[] {
  const contacts = entries(plan.contacts);
  const names = contacts.map(([, { name }]) => name).filter((name) => typeof name === 'string');
  const known =
    names.length > 0 ? `the name of a contact: ${names.join(', ')}` : 'the name of a contact; there is none';
  const isKnown = (name: unknown) => typeof name !== 'string' || names.includes(name);
  const problems: PlanProblem[] = [];
  const refuse = (path: PlanProblem['path'], allowed: string) => problems.push({ path, allowed });

  for (const [index, contact] of contacts) {
    const path = ['contacts', index];
    const { name, email, phone } = contact;
    if (typeof name === 'string' && !/^[\p{L}\p{N}][\p{L}\p{N} ._'’-]{0,39}$/u.test(name))
      refuse([...path, 'name'], 'a name of up to 40 letters, digits, spaces, dots, hyphens and apostrophes');
    if (contacts.some(([other, { name: taken }]) => other < index && sameWord(taken, name)))
      refuse([...path, 'name'], 'a name that no other contact has, in whatever letters');
    if (email === undefined && phone === undefined)
      refuse(path, "an 'email' or a 'phone', or nobody can reach them");
    if (typeof email === 'string' && !isEmail(email)) refuse([...path, 'email'], 'an e-mail address');
    if (typeof phone === 'string' && !/^\+[1-9]\d{7,14}$/.test(phone))
      refuse([...path, 'phone'], 'a number with its country, such as +4915112345678: +, then 8 to 15 digits');
  }

  const { rotation } = plan;
  if (rotation) {
    const { members, handover, start } = rotation;
    if (Array.isArray(members) && members.length === 0)
      refuse(['rotation', 'members'], 'one name of a contact or more');
    for (const [index, member] of (Array.isArray(members) ? members : []).entries())
      if (!isKnown(member)) refuse(['rotation', 'members', index], known);
    if (handover) problems.push(...weeklyTimeProblems(handover, ['rotation', 'handover']));
    if (typeof start === 'string' && !isDate(start))
      refuse(['rotation', 'start'], 'a day such as 2026-01-31, from 1970 to 2099');
    overrides(rotation.overrides);
  }

  const tiers = entries(plan.tiers);
  for (const [index, tier] of tiers) {
    const path = ['tiers', index];
    if (Array.isArray(tier.targets) && tier.targets.length === 0)
      refuse([...path, 'targets'], 'one target or more: a tier tells somebody');
    for (const [at, target] of entries(tier.targets)) {
      const here = [...path, 'targets', at];
      if (target.kind === 'on-call' && !rotation)
        refuse(here, "a target that is there; for whoever is on call there has to be a 'rotation'");
      if (target.kind === 'webhook' && !webhook)
        refuse(here, "a target that is there; to tell a webhook there has to be its address as 'webhook'");
      if (target.kind === 'contact' && !isKnown(target.contact)) refuse(here, known);
      if (
        target.kind === 'topic' &&
        typeof target.topicArn === 'string' &&
        !/^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(target.topicArn)
      )
        refuse(here, 'the ARN of an SNS topic, which is no FIFO topic');
    }
    number(tier.times, 1, 20, [...path, 'times']);
    number(tier.everyMinutes, 1, 240, [...path, 'everyMinutes']);
  }
  if (tiers.length > 10) refuse(['tiers'], 'up to 10 tiers');
  const told = tiers.reduce((sum, [, { times }]) => sum + (typeof times === 'number' ? times : 0), 0);
  if (told > 50)
    refuse(['tiers'], 'tiers that are told up to 50 times in all: who has not answered by then will not');
  number(plan.repageMinutes, 5, 1440, ['repageMinutes']);
  return problems;

  function number(value: unknown, min: number, max: number, path: PlanProblem['path']) {
    if (typeof value === 'number' && !(Number.isInteger(value) && value >= min && value <= max))
      refuse(path, `${min} to ${max}`);
  }

  function overrides(given: NonNullable<EscalationPlan['rotation']>['overrides']) {
    const spans = entries(given).map(([index, { contact, from, to }]) => {
      const path = ['rotation', 'overrides', index];
      if (!isKnown(contact)) refuse([...path, 'contact'], known);
      for (const [key, moment] of [
        ['from', from],
        ['to', to],
      ] as const)
        if (typeof moment === 'string' && !isMoment(moment))
          refuse([...path, key], 'a moment with its offset, such as 2026-12-24T18:00:00+01:00');
      const [begin, end] = [from, to].map((moment) => (isMoment(moment) ? Date.parse(moment) : Number.NaN));
      if (begin! >= end!) refuse([...path, 'to'], "later than 'from'");
      return { index, begin: begin!, end: end! };
    });
    for (const { index, begin, end } of spans)
      for (const earlier of spans)
        if (earlier.index < index && begin < earlier.end && earlier.begin < end)
          refuse(
            ['rotation', 'overrides', index],
            `a time that overrides.${earlier.index} does not have already; one of them has to end where the other begins`,
          );
  }
}

/** What is wrong with a time of the week. */
export function weeklyTimeProblems(
  { time, timeZone }: Partial<WeeklyTime>,
  path: PlanProblem['path'],
): PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (typeof time === 'string' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
    problems.push({ path: [...path, 'time'], allowed: 'a time from 00:00 to 23:59' });
  if (typeof timeZone === 'string' && !isTimeZone(timeZone))
    problems.push({ path: [...path, 'timeZone'], allowed: TIME_ZONE });
  return problems;
}

export const TIME_ZONE = 'a time zone such as Europe/Berlin or UTC';

/** Whether a name is that of a zone; an offset such as `+02:00`, which knows no summer, is none. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Whether it looks like one address. */
export function isEmail(text: string): boolean {
  return /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/.test(text);
}

function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00Z`);
  return (
    /^(19[7-9]|20\d)\d-\d\d-\d\d$/.test(text) && day.getTime() >= 0 && day.toISOString().startsWith(text)
  );
}

function isMoment(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

function sameWord(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();
}

/** The objects of what should be a list of them, with their places. */
function entries<T extends object>(list: readonly T[] | undefined): [number, Partial<T> & Pick<T, never>][] {
  if (!Array.isArray(list)) return [];
  return [...list.entries()].filter(([, item]) => typeof item === 'object' && item !== null);
}
