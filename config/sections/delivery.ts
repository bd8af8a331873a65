import { z } from 'zod';
import { EVIDENCE_KINDS } from '../../constructs/delivery-roles/delivery-rules';
import { isEmail, isTimeZone, TIME_ZONE } from '../../constructs/text-formats';
import { WEEKDAYS } from '../../constructs/weekdays';
import { count, sentence } from './values';

const personName = z
  .string()
  .regex(/^(?!pipeline$)[a-z][a-z0-9._-]{1,31}$/)
  .meta({
    allowed:
      '2 to 32 lower-case letters, digits, dots, underscores and hyphens, beginning with a letter, but not `pipeline`',
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

/** Period without deployments: once, or every week. */
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
      'Number of people who must approve a plan before `framework53 deploy` executes it. If it is 1 or more, deploy the delivery stack first.',
    section: '2.9',
  }),
  fourEyes: z.boolean().meta({
    description: 'Do not count approvals by the person who made the plan or wrote its commits.',
    section: '2.9',
  }),
  approvalHours: count(1, 168).meta({
    unit: 'h',
    description: 'Maximum validity of an approval, and its default without `--expires`.',
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
      description: 'People, and the roles of the delivery stack that each of them may assume.',
      section: '2.9',
    }),
  freeze: z.array(freezeWindow).max(50).meta({
    allowed:
      "a list of `{ name, from, until, timeZone }`; `from` and `until` are times such as 2026-12-20T00:00, or `{ weekday: 'friday', time: '16:00' }` for every week",
    description: 'Periods without deployments, in local time of the given time zone.',
    section: '8.1',
  }),
  evidence: z.array(z.enum(EVIDENCE_KINDS)).meta({
    description: 'Reports that a plan needs. Each must have passed for exactly this plan.',
    section: '8.1',
  }),
  overrides: z.array(z.enum(['freeze', 'approval'])).meta({
    description: 'Refusals that a named option of `framework53 deploy` may override, with a recorded reason.',
    section: '2.9',
  }),
  promoteFrom: z.enum(['development', 'test', 'staging', 'production']).optional().meta({
    description:
      'Environment that must have run the same image before. The image is copied from there and never rebuilt.',
    section: '8.1',
  }),
  github: z
    .strictObject({
      repository: z
        .string()
        .regex(/^[\w.-]+\/[\w.-]+$/)
        .meta({
          allowed: 'a repository such as example/shop',
          description: 'Repository that runs the workflows.',
        }),
      repositoryId: z.string().regex(/^\d+$/).optional().meta({
        allowed: 'digits',
        description:
          'Numeric id of the repository. The id stays the same when the repository is renamed, and GitHub never reuses it.',
      }),
      branch: z
        .string()
        .regex(/^[\w./-]+$/)
        .optional()
        .meta({
          allowed: 'a branch such as main',
          description: 'Branch for plans and deployments; the default is main.',
        }),
      createProvider: z.boolean().meta({
        description:
          "Define GitHub's identity provider in this account. Set it to false if the account already has one.",
      }),
    })
    .optional()
    .meta({ description: 'Allow workflows of this repository to assume the roles.', section: '3.5' }),
});

/** Settings of the delivery process: approvals, freeze windows and required reports. */
export const delivery = section.superRefine((settings, context) => {
  const refuse = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const names = settings.people.map(({ name }) => name);
  const ids = settings.people.map((person) => person.userId);
  for (const [index, person] of settings.people.entries()) {
    if (names.indexOf(person.name) < index)
      refuse(['people', index, 'name'], 'a name that no other entry has');
    if (ids.indexOf(person.userId) < index)
      refuse(['people', index, 'userId'], 'an id that no other person has');
  }
  const approvers = settings.people.filter(({ may }) => may.includes('approve')).length;
  if (settings.people.length > 0 && settings.approvals > approvers)
    refuse(['approvals'], `0 to ${approvers}, the number of people who may approve`);
});

/** Returns true for an existing date and time such as `2026-12-20T00:00`. */
function isWallTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return false;
  const at = new Date(`${text}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
