import { z } from 'zod';
import { EVIDENCE_KINDS } from '../../constructs/delivery-roles/delivery-rules';
import { isEmail, isTimeZone, TIME_ZONE } from '../../constructs/text-formats';
import { WEEKDAYS } from '../../constructs/weekdays';
import { count, sentence } from './values';

const personName = z
  .string()
  .regex(/^(?!pipeline$)[a-z][a-z0-9._-]{1,31}$/)
  .meta({
    allowed: 'up to 32 lower-case letters, digits, dots, underscores and hyphens, but not `pipeline`',
  });

const userId = z
  .string()
  .regex(/^(AIDA[A-Z0-9]{12,28}|AROA[A-Z0-9]{12,28}:[\w+=,.@-]{2,64})$/)
  .meta({ allowed: 'the UserId that `aws sts get-caller-identity` prints for that person' });

const email = z
  .string()
  .refine(isEmail, { error: 'an e-mail address' })
  .meta({ allowed: 'an e-mail address' });

const timeZone = z.string().refine(isTimeZone, { error: TIME_ZONE }).meta({ allowed: TIME_ZONE });

const day = z
  .string()
  .refine(isWallTime, { error: 'a time on the clock of the zone, such as 2026-12-20T00:00' })
  .meta({ allowed: 'a time such as 2026-12-20T00:00' });

const weekly = z.strictObject({
  weekday: z.enum(WEEKDAYS),
  time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .meta({ allowed: 'a time such as 09:00' }),
});

/** A time in which nothing is deployed: once, or every week. */
const freezeWindow = z
  .union([
    z.strictObject({ name: sentence, from: day, until: day, timeZone }),
    z.strictObject({ name: sentence, from: weekly, until: weekly, timeZone }),
  ])
  .refine(({ from, until }) => !(typeof from === 'string' && typeof until === 'string' && from >= until), {
    error: 'a window whose `until` is after its `from`',
  });

const section = z.strictObject({
  approvals: count(0, 5).meta({
    description:
      'People who have to approve a plan before `framework53 deploy` executes it. From 1 on, the delivery stack must be deployed.',
    section: '2.9',
  }),
  fourEyes: z.boolean().meta({
    description: 'Do not count the approval of a person who made the plan or wrote its commits.',
    section: '2.9',
  }),
  approvalHours: count(1, 168).meta({
    unit: 'h',
    description: 'How long an approval lasts at most, and unless `--expires` says less.',
    section: '2.9',
  }),
  people: z
    .array(
      z.strictObject({
        name: personName,
        userId,
        emails: z.array(email).optional(),
        may: z.array(z.enum(['plan', 'approve', 'deploy'])).min(1),
      }),
    )
    .meta({
      allowed:
        "a list of `{ name, userId, emails?, may }`; `userId` is what `aws sts get-caller-identity` prints, `emails` those of the person's commits, `may` a list of plan, approve and deploy",
      description: 'Who may assume which role of the delivery stack.',
      section: '2.9',
    }),
  freeze: z.array(freezeWindow).max(50).meta({
    allowed:
      "a list of `{ name, from, until, timeZone }`; `from` and `until` are times such as 2026-12-20T00:00, or `{ weekday: 'friday', time: '16:00' }` for every week",
    description: 'Times in which nothing is deployed, on the clock of their zone.',
    section: '8.1',
  }),
  evidence: z.array(z.enum(EVIDENCE_KINDS)).meta({
    description: 'Reports that a plan must have, each passed and about that very plan.',
    section: '8.1',
  }),
  overrides: z.array(z.enum(['freeze', 'approval'])).meta({
    description:
      'Refusals that a named option of `framework53 deploy` may override, with a reason that is recorded.',
    section: '2.9',
  }),
  promoteFrom: z.enum(['development', 'test', 'staging', 'production']).optional().meta({
    description:
      'Environment that must have run the very same image before: it is copied from there, never built again.',
    section: '8.1',
  }),
  github: z
    .strictObject({
      repository: z
        .string()
        .regex(/^[\w.-]+\/[\w.-]+$/)
        .meta({ allowed: 'a repository such as example/shop', description: 'Repository of the workflows.' }),
      repositoryId: z.string().regex(/^\d+$/).optional().meta({
        allowed: 'digits',
        description: 'Id of the repository, which stays with it when it is renamed and is never used again.',
      }),
      branch: z
        .string()
        .regex(/^[\w./-]+$/)
        .optional()
        .meta({
          allowed: 'a branch such as main',
          description: 'Branch from which plans and deployments come; main unless given.',
        }),
      createProvider: z.boolean().meta({
        description:
          "Define GitHub's identity provider in this account; false where the account has one already.",
      }),
    })
    .optional()
    .meta({ description: 'Let workflows of this repository assume the roles.', section: '3.5' }),
});

/** How a change comes to this environment: who consents, when, and on what evidence. */
export const delivery = section.superRefine((settings, context) => {
  const refuse = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const names = settings.people.map(({ name }) => name);
  const ids = settings.people.map((person) => person.userId);
  for (const [index, person] of settings.people.entries()) {
    if (names.indexOf(person.name) < index) refuse(['people', index, 'name'], 'a name that no other has');
    if (ids.indexOf(person.userId) < index)
      refuse(['people', index, 'userId'], 'an id that no other person has');
  }
  const approvers = settings.people.filter(({ may }) => may.includes('approve')).length;
  if (settings.people.length > 0 && settings.approvals > approvers)
    refuse(['approvals'], `0 to ${approvers}, as many as there are people who may approve`);
});

/** `2026-12-20T00:00`, a day and time that there is. */
function isWallTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return false;
  const at = new Date(`${text}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
