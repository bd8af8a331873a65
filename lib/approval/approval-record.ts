import { z } from 'zod';
import { type DeliveryPolicy, deliveryRoleName } from '../../constructs/delivery-roles';
import type { StoredVersion } from './parameter-store';
import { digestOfRecord, type PlanRecord, parseWith } from './plan-record';

const approvalSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** The environment, such as `shop-production`. */
  name: z.string(),
  /** Digest of the plan. */
  plan: z.string(),
  /** Digest of the plan's record. */
  record: z.string(),
  /** Hours for which the approval is valid, from the time that the store recorded. */
  hours: z.number().positive(),
  reason: z.string().optional(),
});

/** A person's approval of one registered plan. */
export type Approval = z.infer<typeof approvalSchema>;

/** An approval that counts. */
export interface CountedApproval {
  readonly approver: string;
  readonly until: Date;
  readonly reason?: string;
}

export interface JudgedApprovals {
  readonly counted: readonly CountedApproval[];
  /** The reasons why other approvals do not count. */
  readonly dismissed: readonly string[];
}

/** A registered plan with the facts that only the store knows. */
export interface RegisteredPlan {
  readonly record: PlanRecord;
  readonly stored: StoredVersion;
  /** Everybody who has registered a plan with this digest. */
  readonly authors: readonly string[];
}

/**
 * Counts the approvals of a plan. The approver's name is the last part of the parameter's name, which IAM compares
 * with the source identity of the writing session. The store records the session's role and the time. The contents of
 * the approval prove nothing.
 */
export function judgeApprovals(
  plan: RegisteredPlan,
  approvals: readonly StoredVersion[],
  policy: DeliveryPolicy,
  now: Date,
): JudgedApprovals {
  const counted: CountedApproval[] = [];
  const dismissed: string[] = [];
  for (const stored of approvals) {
    const approver = stored.name.split('/').at(-1)!;
    const approval = parseWith(approvalSchema, stored.value);
    const problem = approval
      ? problemWith(approval, stored, plan, policy, now)
      : 'is not an approval that this version can read';
    if (problem || !approval) dismissed.push(`the approval of ${approver} ${problem}`);
    else counted.push({ approver, until: endOf(approval, stored, policy), reason: approval.reason });
  }
  return { counted, dismissed };
}

function problemWith(
  approval: Approval,
  stored: StoredVersion,
  { record, stored: registered, authors }: RegisteredPlan,
  policy: DeliveryPolicy,
  now: Date,
): string | undefined {
  const [approver, digest] = stored.name.split('/').reverse();
  const person = policy.people.find(({ name }) => name === approver);
  if (!person?.may.includes('approve')) return 'belongs to nobody who may approve (delivery.people)';
  if (!isWrittenBy(stored, record.name, policy, ['approver']))
    return `was written by ${stored.writer}, not by the role ${deliveryRoleName(record.name, 'approver')}`;
  if (approval.name !== record.name) return `is for ${approval.name}`;
  if (approval.plan !== record.digest || digest !== record.digest)
    return `is for another plan, ${approval.plan}`;
  if (approval.record !== digestOfRecord(record))
    return 'is for an earlier registration of this plan, or the registration has changed since';
  if (stored.at < registered.at) return 'is older than the registration of the plan';
  const until = endOf(approval, stored, policy);
  if (until <= now) return `expired at ${until.toISOString()}`;
  if (!policy.fourEyes) return undefined;
  if (authors.includes(approver!)) return 'comes from an author of the plan (delivery.fourEyes)';
  const own = (person.emails ?? []).map((email) => email.toLowerCase());
  const commits = record.commitAuthors.find((author) => own.includes(author.toLowerCase()));
  return commits && `comes from the author of its commits, ${commits} (delivery.fourEyes)`;
}

function endOf({ hours }: Approval, { at }: StoredVersion, { approvalHours }: DeliveryPolicy): Date {
  return new Date(at.getTime() + Math.min(hours, approvalHours) * 3_600_000);
}

/**
 * Returns true if a session of one of the environment's roles wrote a version. The name of the session does
 * not matter.
 */
export function isWrittenBy(
  { writer }: StoredVersion,
  name: string,
  { account }: DeliveryPolicy,
  roles: readonly ('planner' | 'approver' | 'deployer')[],
): boolean {
  const [, , service, , owner, resource = ''] = writer.split(':');
  const [kind, role] = resource.split('/');
  return (
    service === 'sts' &&
    owner === account &&
    kind === 'assumed-role' &&
    roles.some((allowed) => role === deliveryRoleName(name, allowed))
  );
}
