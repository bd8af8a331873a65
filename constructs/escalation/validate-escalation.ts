import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import type { EscalationProps } from './escalation';
import type { EscalationPlan } from './escalation-plan';

/** A day, and then it starts over: longer plans are no plans. */
const LONGEST_MINUTES = 24 * 60;
const MOST_STEPS = 50;

/** Refuses a plan that could leave somebody untold. */
export function validateEscalation(scope: Construct, { name, plan, webhookUrl }: EscalationProps): void {
  const problems = [...problemsOfContacts(plan), ...problemsOfTiers(plan, webhookUrl)];
  if (!Token.isUnresolved(name) && !/^[a-z][a-z0-9-]{0,39}$/.test(name))
    problems.push(`'name' must be up to 40 lower-case letters, digits and dashes, got '${name}'`);
  if (webhookUrl !== undefined && !Token.isUnresolved(webhookUrl) && !isHttps(webhookUrl))
    problems.push(`'webhookUrl' must be an https address, got '${webhookUrl}'`);
  const { repageMinutes } = plan;
  if (!(Number.isInteger(repageMinutes) && repageMinutes >= 5 && repageMinutes <= LONGEST_MINUTES))
    problems.push(`'repageMinutes' must be 5 to ${LONGEST_MINUTES}, got ${repageMinutes}`);
  if (problems.length > 0) throw new ConstructError(scope, problems);
}

function problemsOfContacts({ contacts, rotation }: EscalationPlan): string[] {
  const names = contacts.map(({ name }) => name);
  const problems = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `two contacts are called '${name}'; rename one`,
  );
  for (const { name, email, phone } of contacts) {
    if (!email && !phone)
      problems.push(`the contact '${name}' has neither 'email' nor 'phone'; nobody could tell them`);
    if (phone && !Token.isUnresolved(phone) && !/^\+[1-9]\d{7,14}$/.test(phone))
      problems.push(
        `'phone' of '${name}' must be a plus and 8 to 15 digits, such as +4915112345678, got '${phone}'`,
      );
  }
  const members = [
    ...(rotation?.members ?? []),
    ...(rotation?.overrides ?? []).map(({ contact }) => contact),
  ];
  for (const member of new Set(members.filter((one) => !names.includes(one))))
    problems.push(`'${member}' of the rotation is no contact; the contacts are ${names.join(', ')}`);
  if (rotation && rotation.members.length === 0)
    problems.push("'members' of the rotation must name somebody");
  return problems;
}

function problemsOfTiers({ tiers, contacts, rotation }: EscalationPlan, webhookUrl?: string): string[] {
  const problems: string[] = [];
  if (tiers.length === 0) problems.push("'tiers' must have at least one, got none");
  let steps = 0;
  for (const [index, { targets, times, everyMinutes }] of tiers.entries()) {
    const tier = `tier ${index + 1}`;
    steps += times;
    if (targets.length === 0) problems.push(`${tier} must have 'targets', got none`);
    if (!(Number.isInteger(times) && times >= 1))
      problems.push(`'times' of ${tier} must be 1 or more, got ${times}`);
    if (!(Number.isInteger(everyMinutes) && everyMinutes >= 1 && everyMinutes <= LONGEST_MINUTES))
      problems.push(`'everyMinutes' of ${tier} must be 1 to ${LONGEST_MINUTES}, got ${everyMinutes}`);
    for (const target of targets) {
      if (target.kind === 'on-call' && !rotation)
        problems.push(
          `${tier} tells whoever is on call, but there is no 'rotation'; add one, or name a contact`,
        );
      if (target.kind === 'contact' && !contacts.some(({ name }) => name === target.contact))
        problems.push(`${tier} tells '${target.contact}', who is no contact`);
      if (target.kind === 'webhook' && webhookUrl === undefined)
        problems.push(`${tier} tells a webhook, but there is no 'webhookUrl'; add it`);
    }
  }
  if (steps > MOST_STEPS)
    problems.push(`the tiers must be told at most ${MOST_STEPS} times in all, got ${steps}`);
  return problems;
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
