import { type Operations, ServiceError } from '../core/aws-api';
import { PlanError } from '../core/plan-error';
import { queryAnswer } from '../core/query-answer';

/** Names of service-linked roles that a plan may need. */
export const LINKED_ROLES: Readonly<Record<string, string>> = {
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'ecs.application-autoscaling.amazonaws.com': 'AWSServiceRoleForApplicationAutoScaling_ECSService',
  'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
  'rds.amazonaws.com': 'AWSServiceRoleForRDS',
  'vpcorigin.cloudfront.amazonaws.com': 'AWSServiceRoleForCloudFrontVPCOrigin',
};

/** The service-linked roles of an account. A fresh account has none. */
export class ServiceLinkedRoles {
  private readonly services = new Set<string>();

  /**
   * Lets a service assume its service-linked role for the first resource of a type. If the role does not exist, the
   * service creates it and fails, because IAM has not yet propagated the role.
   * @param id logical id of the resource
   */
  assume(id: string, service: string, refusal: string): void {
    if (this.services.has(service)) return;
    this.services.add(service);
    throw new PlanError(
      id,
      'DependsOn',
      `lacks the service-linked role of ${service}, which a fresh account does not have: ${refusal}`,
    );
  }

  /** API operations of IAM for service-linked roles. */
  get operations(): Operations {
    return {
      'iam:CreateServiceLinkedRole': ({ AWSServiceName }) => {
        const service = String(AWSServiceName);
        const name = LINKED_ROLES[service];
        if (!name) throw new ServiceError('InvalidInput', `${service} has no service-linked role`);
        if (this.services.has(service))
          throw new ServiceError(
            'InvalidInput',
            `Service role name ${name} has been taken in this account, please try a different suffix.`,
          );
        this.services.add(service);
        return queryAnswer('CreateServiceLinkedRole', `<Role><RoleName>${name}</RoleName></Role>`);
      },
      'iam:GetRole': ({ RoleName }) => {
        if (![...this.services].some((service) => LINKED_ROLES[service] === RoleName))
          throw new ServiceError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, 404);
        return queryAnswer('GetRole', `<Role><RoleName>${RoleName}</RoleName></Role>`);
      },
    };
  }
}
