import { isEmail, isTimeZone, isToken, TIME_ZONE } from '../text-formats';
import type { Contact, EscalationPlan, Rotation, Tier, WeeklyTime } from './escalation-plan';

/** An invalid value in a plan. */
export interface PlanProblem {
  /** Place of the value, such as `['contacts', 0, 'phone']`. */
  readonly path: readonly (string | number)[];
  /** Values that are allowed. */
  readonly allowed: string;
}

type Path = PlanProblem['path'];
type Entries<T> = readonly (readonly [number, Partial<T> & Pick<T, never>])[];

/**
 * Returns all problems of a plan at once. The compiler and schemas check types; parts that are missing or have a wrong
 * type are skipped here.
 * @param webhook true if the target `webhook` has an address
 */
export function planProblems(plan: Partial<EscalationPlan>, webhook: boolean): PlanProblem[] {
  const contacts = entries(plan.contacts);
  const tiers = entries(plan.tiers);
  const known = new KnownContacts(contacts);
  return [
    ...contacts.flatMap(([index, contact]) => contactProblems(index, contact, contacts)),
    ...(plan.rotation ? rotationProblems(plan.rotation, known) : []),
    ...tiers.flatMap(([index, tier]) =>
      tierProblems(['tiers', index], tier, { known, webhook, rotation: plan.rotation !== undefined }),
    ),
    ...totalProblems(tiers),
    ...rangeProblems(plan.repageMinutes, 5, 1440, ['repageMinutes']),
  ];
}

/** The contacts of a plan, for values that name one. */
class KnownContacts {
  private readonly names: readonly string[];

  constructor(contacts: Entries<Contact>) {
    this.names = contacts.map(([, { name }]) => name).filter((name) => typeof name === 'string');
  }

  problems(name: unknown, path: Path): PlanProblem[] {
    if (typeof name !== 'string' || this.names.includes(name)) return [];
    const all = this.names.length > 0 ? `: ${this.names.join(', ')}` : '; there is none';
    return [{ path, allowed: `the name of a contact${all}` }];
  }
}

function contactProblems(
  index: number,
  { name, email, phone }: Partial<Contact>,
  all: Entries<Contact>,
): PlanProblem[] {
  const path = ['contacts', index];
  const problems: PlanProblem[] = [];
  const refuse = (member: Path, allowed: string) => problems.push({ path: [...path, ...member], allowed });
  if (typeof name === 'string' && !/^[\p{L}\p{N}][\p{L}\p{N} ._'’-]{0,39}$/u.test(name))
    refuse(['name'], 'a name of up to 40 letters, digits, spaces, dots, hyphens and apostrophes');
  if (all.some(([other, { name: taken }]) => other < index && isSameWord(taken, name)))
    refuse(['name'], 'a name that no other contact has, in upper or lower case');
  if (email === undefined && phone === undefined)
    refuse([], "a contact with an 'email' or a 'phone', because otherwise no message reaches it");
  if (typeof email === 'string' && !isToken(email) && !isEmail(email)) refuse(['email'], 'an e-mail address');
  if (typeof phone === 'string' && !isToken(phone) && !/^\+[1-9]\d{7,14}$/.test(phone))
    refuse(['phone'], 'a phone number with its country code, such as +4915112345678: +, then 8 to 15 digits');
  return problems;
}

function rotationProblems(rotation: Rotation, known: KnownContacts): PlanProblem[] {
  const { members, handover, start } = rotation;
  const names = Array.isArray(members) ? members : undefined;
  return [
    ...(names?.length === 0
      ? [{ path: ['rotation', 'members'], allowed: 'one name of a contact or more' }]
      : []),
    ...(names ?? []).flatMap((member, index) => known.problems(member, ['rotation', 'members', index])),
    ...(handover ? weeklyTimeProblems(handover, ['rotation', 'handover']) : []),
    ...(typeof start === 'string' && !isDate(start)
      ? [{ path: ['rotation', 'start'], allowed: 'a day such as 2026-01-31, from 1970 to 2099' }]
      : []),
    ...overrideProblems(rotation.overrides, known),
  ];
}

function overrideProblems(overrides: Rotation['overrides'], known: KnownContacts): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const spans = entries(overrides).map(([index, { contact, from, to }]) => {
    const path = ['rotation', 'overrides', index];
    problems.push(...known.problems(contact, [...path, 'contact']));
    for (const [key, moment] of Object.entries({ from, to }))
      if (typeof moment === 'string' && !isMoment(moment))
        problems.push({
          path: [...path, key],
          allowed: 'a moment with its offset, such as 2026-12-24T18:00:00+01:00',
        });
    const [begin, end] = [from, to].map((moment) => (isMoment(moment) ? Date.parse(moment) : Number.NaN));
    if (begin! >= end!) problems.push({ path: [...path, 'to'], allowed: "later than 'from'" });
    return { index, begin: begin!, end: end! };
  });
  for (const { index, begin, end } of spans)
    for (const earlier of spans)
      if (earlier.index < index && begin < earlier.end && earlier.begin < end)
        problems.push({
          path: ['rotation', 'overrides', index],
          allowed: `a time that overrides.${earlier.index} does not cover; end one of them where the other begins`,
        });
  return problems;
}

function tierProblems(
  path: Path,
  tier: Partial<Tier>,
  { known, webhook, rotation }: { known: KnownContacts; webhook: boolean; rotation: boolean },
): PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (Array.isArray(tier.targets) && tier.targets.length === 0)
    problems.push({ path: [...path, 'targets'], allowed: 'one target or more' });
  for (const [at, target] of entries(tier.targets)) {
    const here = [...path, 'targets', at];
    if (target.kind === 'on-call' && !rotation)
      problems.push({ path: here, allowed: "another target; for 'on-call' there has to be a 'rotation'" });
    if (target.kind === 'webhook' && !webhook)
      problems.push({ path: here, allowed: "another target; give the address of the webhook as 'webhook'" });
    if (target.kind === 'contact') problems.push(...known.problems(target.contact, here));
    if (target.kind === 'topic' && typeof target.topicArn === 'string' && !isTopicArn(target.topicArn))
      problems.push({ path: here, allowed: 'the ARN of an SNS topic that is not a FIFO topic' });
  }
  return [
    ...problems,
    ...rangeProblems(tier.times, 1, 20, [...path, 'times']),
    ...rangeProblems(tier.everyMinutes, 1, 240, [...path, 'everyMinutes']),
  ];
}

/** Limits on all tiers together. */
function totalProblems(tiers: Entries<Tier>): PlanProblem[] {
  const steps = tiers.reduce((sum, [, { times }]) => sum + (typeof times === 'number' ? times : 0), 0);
  return [
    ...(tiers.length > 10 ? [{ path: ['tiers'], allowed: 'up to 10 tiers' }] : []),
    ...(steps > 50 ? [{ path: ['tiers'], allowed: 'tiers whose times add up to 50 at most' }] : []),
  ];
}

function rangeProblems(value: unknown, min: number, max: number, path: Path): PlanProblem[] {
  if (typeof value !== 'number' || (Number.isInteger(value) && value >= min && value <= max)) return [];
  return [{ path, allowed: `${min} to ${max}` }];
}

/** Returns all problems of a time of the week. */
export function weeklyTimeProblems({ time, timeZone }: Partial<WeeklyTime>, path: Path): PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (typeof time === 'string' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
    problems.push({ path: [...path, 'time'], allowed: 'a time from 00:00 to 23:59' });
  if (typeof timeZone === 'string' && !isTimeZone(timeZone))
    problems.push({ path: [...path, 'timeZone'], allowed: TIME_ZONE });
  return problems;
}

function isTopicArn(text: string): boolean {
  return isToken(text) || /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(text);
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

function isSameWord(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();
}

/** The objects of a list, with their indices. */
function entries<T extends object>(list: readonly T[] | undefined): [number, Partial<T> & Pick<T, never>][] {
  if (!Array.isArray(list)) return [];
  return [...list.entries()].filter(([, item]) => typeof item === 'object' && item !== null);
}
