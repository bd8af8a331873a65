import type { Resource } from './plan';
import { type Holder, holderOfType } from './stateful-types';

export type { Holder } from './stateful-types';

/** Returns the content of a resource, or undefined if it holds no data. */
export function holderOf(resource: Resource | undefined): Holder | undefined {
  // The data belongs to the cluster, not to its instances.
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
  // CloudFormation takes a snapshot of deleted databases by default; for all other types, the default is Delete.
  const snapshots = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'].includes(resource.Type);
  return snapshots && policy === 'DeletionPolicy' ? 'Snapshot' : 'Delete';
}

const NAMES = `BucketName TableName LogGroupName Name DBClusterIdentifier DBInstanceIdentifier QueueName
  RepositoryName AlarmName RoleName FunctionName ClusterName ServiceName LoadBalancerName TopicName DBProxyName
  StateMachineName DashboardName PolicyName GroupName CanaryName UserPoolName BackupVaultName AliasName`.split(
  /\s+/,
);

/** Types in which such a property names a related resource. */
const NAMES_ANOTHER =
  /^AWS::(Lambda::(Version|Permission|Url|EventSourceMapping|EventInvokeConfig)|S3::BucketPolicy|EKS::(?!Cluster)\w+|Logs::(SubscriptionFilter|MetricFilter|LogStream|AccountPolicy)|SecretsManager::\w*Policy|StepFunctions::StateMachineVersion)$/;

/** Returns the physical name of a resource, if the template sets one. */
export function physicalName({ Type, Properties = {} }: Resource): string | undefined {
  if (NAMES_ANOTHER.test(Type)) return undefined;
  const name = NAMES.map((property) => Properties[property]).find((value) => typeof value === 'string');
  return name as string | undefined;
}
