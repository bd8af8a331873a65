/** Name under which a workflow writes: it has no source identity, and no person may be called so. */
export const PIPELINE = 'pipeline';

/**
 * Names of the parameters through which plans, approvals and deployments of one environment travel. IAM compares the
 * last part of a plan's and an approval's name with the source identity of the session that writes it.
 *
 * @example
 * new DeliveryParameters('shop-production').approval('3f9a…', 'alice');
 * // /framework53/shop-production/delivery/approvals/3f9a…/alice
 */
export class DeliveryParameters {
  /** Folder of all of them. */
  readonly folder: string;

  /** @param name prefix of the environment's physical names, such as `shop-production` */
  constructor(name: string) {
    this.folder = `/framework53/${name}/delivery`;
  }

  /** The rules; the delivery stack writes them, nobody else may. */
  get policy(): string {
    return `${this.folder}/policy`;
  }

  /** The lock that a deployment holds; its versions are the log of who held it when. */
  get lock(): string {
    return `${this.folder}/lock`;
  }

  /** Folder of the plans. */
  get plans(): string {
    return `${this.folder}/plans`;
  }

  /** Folder of the approvals. */
  get approvals(): string {
    return `${this.folder}/approvals`;
  }

  /** Folder of the deployments. */
  get deployments(): string {
    return `${this.folder}/deployments`;
  }

  /** A plan, by digest and author. */
  plan(digest: string, author: string): string {
    return `${this.plans}/${digest}/${author}`;
  }

  /** An approval, by digest of the plan and approver. */
  approval(digest: string, approver: string): string {
    return `${this.approvals}/${digest}/${approver}`;
  }

  /** A deployment, by id of the registered plan. */
  deployment(id: string): string {
    return `${this.deployments}/${id}`;
  }
}

/** Roles of an environment. */
export const DELIVERY_ROLES = ['reader', 'planner', 'approver', 'deployer'] as const;

/** One of the roles of an environment. */
export type DeliveryRole = (typeof DELIVERY_ROLES)[number];

/** Name of a role of an environment, such as `shop-production-approver`. */
export function deliveryRoleName(name: string, role: DeliveryRole): string {
  return `${name}-${role}`;
}
