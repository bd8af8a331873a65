import { same } from '../canonical';
import { servingOf } from '../serving-types';
import { holderOf } from '../stateful-resources';
import type { GeneralSetting, Setting } from './rule';
import { changed, gone, isOn, isSomething, less, number, turnedOff, turnedOn, value } from './setting';

const PATCHED = [
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::DocDB::DBInstance',
  'AWS::Neptune::DBInstance',
  'AWS::AmazonMQ::Broker',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::CacheCluster',
  'AWS::MemoryDB::Cluster',
  'AWS::DMS::ReplicationInstance',
];

/** Settings by which an update of a certain type interrupts its users. */
export const downtimeSettings: readonly Setting[] = [
  {
    types: ['AWS::RDS::DBInstance'],
    property: 'DBInstanceClass',
    worse: () => true,
    severity: 'caution',
    what: 'Instance class',
    why: 'The instance restarts: connections break, and without another instance the database is down for minutes.',
    fix: 'Change the reader first, fail over, then change the former writer; or do it in the maintenance window.',
    link: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Changing.html',
  },
  {
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    property: 'Port',
    worse: (_now, before) => before !== undefined,
    severity: 'caution',
    what: 'Port of the database',
    why: 'The database restarts, and programs that still use the former port fail.',
    fix: 'Leave it.',
  },
  {
    types: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'],
    property: 'AutoMinorVersionUpgrade',
    absent: true,
    worse: turnedOn,
    severity: 'note',
    what: 'Automatic upgrades of minor versions',
    why: 'The database restarts in its maintenance window when there is one.',
    fix: 'Leave it off where upgrades are rehearsed first.',
  },
  {
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    property: 'PreferredMaintenanceWindow',
    worse: () => true,
    severity: 'note',
    what: 'Maintenance window',
    why: 'Restarts happen at that time from then on.',
    fix: 'Choose the hour with the fewest users, and not that of the backup.',
  },
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.Enabled',
    worse: turnedOff,
    severity: 'danger',
    what: 'The distribution',
    why: 'Nobody reaches the application any more.',
    fix: 'Leave it enabled as long as anybody uses its address.',
  },
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.Aliases',
    worse: (now, before) => list(before).some((name) => !list(now).includes(name)),
    severity: 'danger',
    what: 'Names it answers to',
    why: 'CloudFront refuses users who come under a name that is gone.',
    fix: 'Point the name elsewhere first, wait until nobody asks for it any more, then remove it.',
    link: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html',
  },
  {
    types: ['AWS::CloudFront::Distribution'],
    property: 'DistributionConfig.CacheBehaviors',
    worse: (now, before) => list(now).length < list(before).length,
    severity: 'danger',
    what: 'Paths with a behaviour of their own',
    why: 'Requests to that path go to another origin from then on.',
    fix: 'Keep the path as long as anybody asks for it.',
  },
  {
    types: ['AWS::ECS::TaskDefinition'],
    property: 'ContainerDefinitions[].StopTimeout',
    absent: 30,
    worse: less,
    severity: 'caution',
    what: 'Seconds that a task has to end its requests',
    why: 'Each deployment cuts off requests that take longer.',
    fix: 'Keep it longer than the deregistration delay and the longest request.',
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    property: 'TargetGroupAttributes[deregistration_delay.timeout_seconds].Value',
    absent: 300,
    worse: less,
    severity: 'caution',
    what: 'Seconds in which requests to an old task may end',
    why: 'Each deployment cuts off requests that take longer.',
    fix: 'Keep it longer than the longest request.',
  },
  {
    types: ['AWS::ECS::Service'],
    property: 'HealthCheckGracePeriodSeconds',
    absent: 0,
    worse: less,
    severity: (now) => (number(now) === 0 ? 'danger' : 'caution'),
    what: 'Seconds in which a new task may be unhealthy',
    why: 'ECS stops tasks before they are ready, and starts them again and again.',
    fix: 'Keep it longer than a task takes to be ready.',
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html',
  },
  {
    types: ['AWS::Cognito::UserPool'],
    property: 'Schema',
    worse: (now, before) =>
      list(before).some((attribute) => !list(now).some((other) => same(attribute, other))) ||
      list(now).some(
        (attribute) =>
          isOn(value(attribute, 'Required')) && !list(before).some((other) => same(attribute, other)),
      ),
    severity: 'danger',
    what: 'Attributes of users',
    why: 'Cognito adds attributes and never changes or removes one: the update fails, and the whole stack rolls back.',
    fix: 'Leave the attributes that are there, and add new ones.',
    link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html',
  },
  {
    types: ['AWS::DynamoDB::Table'],
    property: 'LocalSecondaryIndexes',
    worse: () => true,
    severity: 'danger',
    what: 'Local secondary indexes',
    why: 'DynamoDB makes them together with the table only: the update fails, or the table is replaced by an empty one.',
    fix: 'Use a global secondary index, or make a second table and move the items.',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html',
  },
  {
    types: PATCHED,
    property: 'AutoMinorVersionUpgrade',
    worse: turnedOff,
    severity: 'caution',
    what: 'Automatic upgrades of minor versions',
    why: 'Patches, those for security among them, wait until somebody applies them.',
    fix: 'Leave it on, or name who upgrades, and when.',
  },
  ...['KeySchema', 'Projection'].map(
    (name): Setting => ({
      types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
      property: `GlobalSecondaryIndexes[].${name}`,
      worse: changed,
      severity: 'caution',
      what: `${name} of a global secondary index`,
      why: 'DynamoDB does not change an index: CloudFormation deletes it and builds another one, and queries fail meanwhile.',
      fix: 'Add a second index, move the queries over, and remove the first one later.',
      link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html',
    }),
  ),
  {
    types: ['AWS::SecretsManager::Secret'],
    property: 'GenerateSecretString',
    worse: (_now, before) => isSomething(before),
    severity: 'danger',
    what: 'How the secret is generated',
    why: 'Secrets Manager generates another value at once: programs that have the former one, and databases that know it, no longer agree.',
    fix: 'Leave it. To change the value, rotate the secret.',
    link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html',
  },
  ...['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration'].map(
    (property): Setting => ({
      types: ['AWS::Cognito::UserPool'],
      property,
      worse: () => true,
      severity: 'danger',
      what: `${property}: how users sign in`,
      why: 'Cognito does not change it once the pool is there: the update fails, and the whole stack rolls back.',
      fix: 'Leave it. To change it, make a second pool and move the users.',
      link: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html',
    }),
  ),
];

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

const CARRIES =
  /^AWS::(?!CloudWatch::|Logs::|Budgets::|Config::|SSM::|CodePipeline::|CodeDeploy::|IAM::|Events::Rule|Scheduler::|Lambda::EventSourceMapping|CloudTrail::|GuardDuty::|Macie::|Synthetics::)/;

/** Properties of any type by which an update interrupts users. */
export const downtimeGeneral: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(LoadBalancers|TargetGroupARNs|LoadBalancerNames)(\.|$)/,
    worse: gone,
    severity: 'danger',
    why: 'The load balancer sends it no requests any more.',
    fix: 'Attach it to the other load balancer first, then detach it here.',
  },
  {
    property:
      /(^|\.)(\w*Instance(Type|Class)s?|\w*NodeType|CacheNodeType|ComputeType|DBInstanceClass|DBClusterInstanceClass|DbInstanceType|WorkerType|FleetType|BundleId|ClusterSize|StorageType|VolumeType|ThroughputMode|PerformanceMode|DeploymentType|DeploymentMode|DeploymentOption)$/,
    types: /^AWS::(?!CodeBuild::)/,
    worse: changed,
    severity: 'caution',
    why: 'The machines are stopped or exchanged one by one: connections break.',
    fix: 'Deploy it alone, at the hour with the fewest users, and with a second machine that takes over.',
  },
  {
    property:
      /(^|\.)(\w*EngineVersion|KafkaVersion|\w*ClusterVersion|KubernetesVersion|ReleaseVersion|ReleaseLabel|AirflowVersion|PlatformArn|SolutionStackName|PlatformVersion|RunningMode|AmiType|ImageId|AirflowConfigurationOptions|AddonVersion|OsVersion|GlueVersion|RuntimeEnvironment|CACertificateIdentifier)(\.|$)/,
    worse: (now, before) => changed(now, before) || gone(now, before),
    severity: 'caution',
    why: 'The machines are exchanged or restarted with other software.',
    fix: 'Rehearse it in another environment, then deploy it alone.',
  },
  {
    property:
      /(^|\.)(\w*ParameterGroup(Name)?|OptionGroupName|ConfigurationInfo\.(Arn|Revision)|Configuration\.(Id|Revision))$/,
    worse: (now, before) => isSomething(before) && isSomething(now),
    severity: 'caution',
    why: 'The database or broker gets other parameters, some at once, some at its next restart, which breaks connections.',
    fix: 'Compare the two groups, and plan the restart.',
  },
  {
    property:
      /(^|\.)(MultiAZ\w*|AutomaticFailover\w*|ZoneAwareness\w*|MultiAZWithStandbyEnabled|AvailabilityZoneCount|CrossZone|ReplicasPerNodeGroup|NumReplicas\w*|AvailabilityZoneRelocation\w*|ZonalShift\w*|EvaluateTargetHealth|TargetFailover\w*|FailoverMode|UnhealthyNodeReplacement|AutoRecovery|ReplaceUnhealthyInstances|NodeRepairConfig\.Enabled|HostRecovery)$/,
    worse: (now, before) => turnedOff(now, before) || less(now, before) || gone(now, before),
    severity: 'caution',
    why: 'When its zone or its machine fails, it is down until somebody restores it.',
    fix: 'Keep it in production.',
  },
  {
    property:
      /^(?!.*(Log|Trac|Insight|Monitor|Metric))(.*\.)?(Enabled|Enable|State|Status|DesiredState|DesiredStatus|EventBridgeEnabled|ServiceEnabled|StartOnCreation|IsActive|Active|ActivationState|ClusterMode|SendingEnabled|\w*TriggersEnabled)$/,
    types: CARRIES,
    worse: (now, before) =>
      turnedOff(now, before) ||
      (/^(running|started|available|published)$/i.test(String(before)) &&
        /stop|pause|inactive|disable/i.test(String(now))),
    severity: (change) => (servingOf(change.resourceType) || holderOf(change.after) ? 'danger' : 'caution'),
    why: 'It is switched off: nothing that depends on it works from then on.',
    fix: 'Leave it on as long as anything uses it.',
  },
  {
    property:
      /(^|\.)(DomainName|DomainNames|Aliases|HostHeader\w*|ServerName|PathPrefix|BasePath|RouteKey|PathPart|HttpMethod|IntegrationUri|Uri|DefaultRootObject|OriginPath|Endpoint|EndpointUrl)(\.|$)/,
    types:
      /^AWS::(ApiGateway|ApiGatewayV2|CloudFront|AppSync|Amplify|GlobalAccelerator|VpcLattice|AppRunner|SES|Transfer|IoT|Cognito|ServiceDiscovery|AppMesh)::/,
    worse: (now, before) => changed(now, before) || gone(now, before),
    severity: 'caution',
    why: 'Requests under the former name or path are refused, or go elsewhere.',
    fix: 'Serve both for some time, and remove the former one when nobody asks for it any more.',
  },
  {
    property: /(^|\.)(Port|\w*Port|Ports|PortRange|Listeners?)(\.\w+)*$/,
    types: /^AWS::(?!EC2::|ECS::TaskDefinition|SecurityGroup)/,
    worse: (now, before) => changed(now, before),
    severity: 'caution',
    why: 'Programs that still use the former port fail.',
    fix: 'Leave it, or listen on both for some time.',
  },
  {
    property:
      /^(ResourceRecords|AliasTarget|SetIdentifier|Weight|Region|GeoLocation|Failover|HealthCheckId|TTL)(\.|$)/,
    types: /^AWS::Route53::RecordSet$/,
    worse: (now, before) => isSomething(before) || isSomething(now),
    severity: 'caution',
    why: 'Users of the name are led elsewhere, some of them for as long as the former answer lives.',
    fix: 'Lower the TTL in an earlier deployment, and keep the former target until nobody asks it any more.',
    link: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values.html',
  },
];
