/**
 * Author name of plans and approvals that a workflow writes. A workflow has no source identity, so no person may have
 * this name.
 */
export const PIPELINE = 'pipeline';

/**
 * Names of the SSM parameters that contain the plans, approvals and deployments of one environment. IAM compares the
 * last part of a plan's and an approval's name with the source identity of the session that writes it.
 * @example
 * new DeliveryParameters('shop-production').approval('3f9a…', 'alice');
 * // /framework53/shop-production/delivery/approvals/3f9a…/alice
 */
export class DeliveryParameters {
  /** Path prefix of all parameters. */
  readonly folder: string;

  /** @param name prefix of the environment's physical names, such as `shop-production` */
  constructor(name: string) {
    this.folder = `/framework53/${name}/delivery`;
  }

  /** Parameter with the approval policy. Only the delivery stack writes it. */
  get policy(): string {
    return `${this.folder}/policy`;
  }

  /** Parameter that a deployment locks. Its versions record who held the lock and when. */
  get lock(): string {
    return `${this.folder}/lock`;
  }

  /** Path prefix of the plans. */
  get plans(): string {
    return `${this.folder}/plans`;
  }

  /** Path prefix of the approvals. */
  get approvals(): string {
    return `${this.folder}/approvals`;
  }

  /** Path prefix of the deployments. */
  get deployments(): string {
    return `${this.folder}/deployments`;
  }

  /** Parameter of a plan, by the plan's digest and author. */
  plan(digest: string, author: string): string {
    return `${this.plans}/${digest}/${author}`;
  }

  /** Parameter of an approval, by the plan's digest and the approver. */
  approval(digest: string, approver: string): string {
    return `${this.approvals}/${digest}/${approver}`;
  }

  /** Parameter of a deployment, by the id of the registered plan. */
  deployment(id: string): string {
    return `${this.deployments}/${id}`;
  }
}

/** Roles of an environment. */
export const DELIVERY_ROLES = ['reader', 'planner', 'approver', 'deployer'] as const;

/** Role of an environment. */
export type DeliveryRole = (typeof DELIVERY_ROLES)[number];

/** Name of a role of an environment, such as `shop-production-approver`. */
export function deliveryRoleName(name: string, role: DeliveryRole): string {
  return `${name}-${role}`;
}
