import type { Weekday } from '../weekdays';

/** Kinds of reports that can be evidence for a plan. */
export const EVIDENCE_KINDS = ['tests', 'check', 'review', 'rehearsal', 'rollback', 'faults'] as const;

/** Kind of a report that can be evidence for a plan. */
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Duty of a person. */
export type DeliveryDuty = 'plan' | 'approve' | 'deploy';

/** Refusal that an option of `framework53 deploy` can override. */
export type DeliveryOverride = 'freeze' | 'approval';

/** Weekly time. */
export interface FreezeTime {
  /** Day of the week. */
  readonly weekday: Weekday;
  /** Time of day, as `16:00`. */
  readonly time: string;
}

/** Period without deployments. */
export interface FreezeWindow {
  /** Name of the period, such as `Christmas`. */
  readonly name: string;
  /** First minute of the period: a date and time such as `2026-12-20T00:00`, or a weekly time. */
  readonly from: string | FreezeTime;
  /** First minute after the period, in the same form as `from`. */
  readonly until: string | FreezeTime;
  /** IANA time zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Conditions for the deployment of a plan. */
export interface DeliveryRules {
  /**
   * Number of people who must approve a plan.
   * @default 1
   */
  readonly approvals?: number;
  /**
   * Counts an approval only if the approver neither made the plan nor wrote its commits.
   * @default true
   */
  readonly fourEyes?: boolean;
  /**
   * Maximum age of an approval, in hours.
   * @default 24
   */
  readonly approvalHours?: number;
  /**
   * Periods without deployments.
   * @default - none
   */
  readonly freeze?: readonly FreezeWindow[];
  /**
   * Kinds of reports that a plan needs. Each report must have passed, and must be about exactly this plan.
   * @default - none
   */
  readonly evidence?: readonly EvidenceKind[];
  /**
   * Refusals that a person may override with a reason, which is recorded.
   * @default - freeze and approval
   */
  readonly overrides?: readonly DeliveryOverride[];
}

/** Person with duties. */
export interface DeliveryPerson {
  /**
   * Name of the person: 2 to 32 lower-case letters, digits, dots, underscores and hyphens, but not `pipeline`. It is
   * the source identity of the person's sessions, and the last part of the parameters that the person may write.
   */
  readonly name: string;
  /**
   * `UserId` that `aws sts get-caller-identity` prints for the person: that of an IAM user (`AIDA…`), or of a session
   * of IAM Identity Center (`AROA…:alice@example.com`).
   */
  readonly userId: string;
  /**
   * E-mail addresses of the person's commits, which `fourEyes` compares.
   * @default - none
   */
  readonly emails?: readonly string[];
  /** Duties of the person. */
  readonly may: readonly DeliveryDuty[];
}

/** Complete policy of an environment, as the delivery stack writes it to the Parameter Store. */
export interface DeliveryPolicy extends Required<DeliveryRules> {
  /** Version of the format. */
  readonly formatVersion: 1;
  /** Account of the roles. */
  readonly account: string;
  /** People, without their user ids. */
  readonly people: readonly Omit<DeliveryPerson, 'userId'>[];
}

/** Returns the rules with defaults for those that are not set. */
export function completeRules(rules: DeliveryRules = {}): Required<DeliveryRules> {
  return {
    approvals: rules.approvals ?? 1,
    fourEyes: rules.fourEyes ?? true,
    approvalHours: rules.approvalHours ?? 24,
    freeze: rules.freeze ?? [],
    evidence: rules.evidence ?? [],
    overrides: rules.overrides ?? ['freeze', 'approval'],
  };
}
