import type { Resource } from './plan';
import { type Holder, holderOfType } from './stateful-types';

export type { Holder } from './stateful-types';

/** Returns the content of a resource, or undefined if it holds nothing that matters. */
export function holderOf(resource: Resource | undefined): Holder | undefined {
  // Instances of a cluster come and go; the data is the cluster's.
  if (resource?.Properties?.['DBClusterIdentifier'] !== undefined && resource.Type === 'AWS::RDS::DBInstance')
    return undefined;
  return resource && holderOfType(resource.Type);
}

export type Fate = 'Delete' | 'Snapshot' | 'Retain';

/** Returns the effect on a resource's data when CloudFormation deletes or replaces the resource. */
export function fate(resource: Resource, policy: 'DeletionPolicy' | 'UpdateReplacePolicy'): Fate {
  const given = resource[policy];
  if (given === 'Retain' || given === 'RetainExceptOnCreate') return 'Retain';
  if (given === 'Snapshot' || given === 'Delete') return given;
  // Databases are the exception to CloudFormation's default, and only when they are deleted.
  const snapshots = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'].includes(resource.Type);
  return snapshots && policy === 'DeletionPolicy' ? 'Snapshot' : 'Delete';
}

const NAMES = `BucketName TableName LogGroupName Name DBClusterIdentifier DBInstanceIdentifier QueueName
  RepositoryName AlarmName RoleName FunctionName ClusterName ServiceName LoadBalancerName TopicName DBProxyName
  StateMachineName DashboardName PolicyName GroupName CanaryName UserPoolName BackupVaultName AliasName`.split(
  /\s+/,
);

/** Types of which such a property names what the resource belongs to. */
const NAMES_ANOTHER =
  /^AWS::(Lambda::(Version|Permission|Url|EventSourceMapping|EventInvokeConfig)|S3::BucketPolicy|EKS::(?!Cluster)\w+|Logs::(SubscriptionFilter|MetricFilter|LogStream|AccountPolicy)|SecretsManager::\w*Policy|StepFunctions::StateMachineVersion)$/;

/** The name that AWS knows a resource by, when the template gives it one. */
export function physicalName({ Type, Properties = {} }: Resource): string | undefined {
  if (NAMES_ANOTHER.test(Type)) return undefined;
  const name = NAMES.map((property) => Properties[property]).find((value) => typeof value === 'string');
  return name as string | undefined;
}
