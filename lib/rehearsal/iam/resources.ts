import { ACCOUNT, named } from '../core/properties';
import type { ResourceHandler, ResourceHandlers, ResourceRequest } from '../core/resource-handler';

/** A resource that only the judge of permissions reads. */
const judged = (...supportedProperties: readonly string[]): ResourceHandler => ({
  supportedProperties,
  apply: (request) => ({ Ref: named(request) }),
});

const arn = (request: ResourceRequest, type: string, name: string): string =>
  `arn:aws:iam::${ACCOUNT}:${type}${request.properties['Path'] ?? '/'}${name}`;

const ATTACHED = judged('PolicyDocument', 'Roles', 'RoleName');

/** Resource types of IAM, and resource policies that no emulated service reads. */
export const IAM_RESOURCES: ResourceHandlers = {
  'AWS::IAM::Role': {
    supportedProperties: [
      'AssumeRolePolicyDocument',
      'ManagedPolicyArns',
      'Path',
      'PermissionsBoundary',
      'Policies',
      'RoleName',
    ],
    apply(request) {
      const Ref = request.properties['RoleName'] ?? named(request);
      return { Ref, Arn: arn(request, 'role', Ref) };
    },
  },
  'AWS::IAM::ManagedPolicy': {
    supportedProperties: ['ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
    apply(request) {
      const Ref = arn(request, 'policy', request.properties['ManagedPolicyName'] ?? named(request));
      return { Ref, PolicyArn: Ref };
    },
  },
  'AWS::IAM::Policy': ATTACHED,
  'AWS::IAM::RolePolicy': ATTACHED,
  'AWS::Lambda::Permission': judged('Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'),
  'AWS::Logs::ResourcePolicy': judged('PolicyDocument'),
  'AWS::SecretsManager::ResourcePolicy': judged('ResourcePolicy', 'SecretId'),
};
