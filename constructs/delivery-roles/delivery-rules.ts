import type { Weekday } from '../weekdays';

/** The kinds of report that can be evidence for a plan. */
export const EVIDENCE_KINDS = ['tests', 'check', 'review', 'rehearsal', 'rollback', 'faults'] as const;

/** A kind of report that can be evidence for a plan. */
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** A thing that a person may do. */
export type DeliveryDuty = 'plan' | 'approve' | 'deploy';

/** A refusal that an option of `framework53 deploy` can override. */
export type DeliveryOverride = 'freeze' | 'approval';

/** A time on a clock, every week. */
export interface FreezeTime {
  /** Day of the week. */
  readonly weekday: Weekday;
  /** Time on the clock, as `16:00`. */
  readonly time: string;
}

/** A time in which nothing is deployed. */
export interface FreezeWindow {
  /** Name for people, such as `Christmas`. */
  readonly name: string;
  /** First minute: a day and time as `2026-12-20T00:00`, or a time of every week. */
  readonly from: string | FreezeTime;
  /** First minute after the window, of the same kind as `from`. */
  readonly until: string | FreezeTime;
  /** IANA zone of the clock, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** The conditions under which a plan may be deployed. */
export interface DeliveryRules {
  /**
   * People who must approve a plan.
   * @default 1
   */
  readonly approvals?: number;
  /**
   * Counts an approval only if the approver neither made the plan nor wrote its commits.
   * @default true
   */
  readonly fourEyes?: boolean;
  /**
   * Hours an approval lasts at most.
   * @default 24
   */
  readonly approvalHours?: number;
  /**
   * Times in which nothing is deployed.
   * @default - none
   */
  readonly freeze?: readonly FreezeWindow[];
  /**
   * Reports that a plan must have, each passed and about that very plan.
   * @default - none
   */
  readonly evidence?: readonly EvidenceKind[];
  /**
   * Refusals that may be overridden with a reason, which is recorded.
   * @default - freeze and approval
   */
  readonly overrides?: readonly DeliveryOverride[];
}

/** A person with the person's duties. */
export interface DeliveryPerson {
  /**
   * Name of the person: the source identity of the person's sessions, and the last part of the parameters the person
   * may write. 2 to 32 lower-case letters, digits, dots, underscores and hyphens, but not `pipeline`.
   */
  readonly name: string;
  /**
   * The `UserId` that `aws sts get-caller-identity` prints for the person: that of an IAM user (`AIDA…`), or of a
   * session of IAM Identity Center (`AROA…:alice@example.com`).
   */
  readonly userId: string;
  /**
   * E-mail addresses of the person's commits, for four eyes.
   * @default - none
   */
  readonly emails?: readonly string[];
  /** Duties of the person. */
  readonly may: readonly DeliveryDuty[];
}

/** All rules of an environment, as the delivery stack writes them into the Parameter Store. */
export interface DeliveryPolicy extends Required<DeliveryRules> {
  /** Version of this form. */
  readonly formatVersion: 1;
  /** Account in which the roles are. */
  readonly account: string;
  /** People without their user ids. */
  readonly people: readonly Omit<DeliveryPerson, 'userId'>[];
}

/** The rules with their defaults. */
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
