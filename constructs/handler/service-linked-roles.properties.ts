/** Names of service-linked roles, by the service that assumes the role. */
export const SERVICE_LINKED_ROLES = {
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'ecs.application-autoscaling.amazonaws.com': 'AWSServiceRoleForApplicationAutoScaling_ECSService',
  'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
  'rds.amazonaws.com': 'AWSServiceRoleForRDS',
  'vpcorigin.cloudfront.amazonaws.com': 'AWSServiceRoleForCloudFrontVPCOrigin',
} as const;

/** A service that has a service-linked role. */
export type ServiceWithRole = keyof typeof SERVICE_LINKED_ROLES;
