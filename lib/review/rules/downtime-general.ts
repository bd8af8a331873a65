import { servingOf } from '../serving-types';
import { holderOf } from '../stateful-resources';
import type { GeneralSetting } from './rule';
import { changed, gone, isSomething, less, more, turnedOff } from './setting';

const CARRIES =
  /^AWS::(?!CloudWatch::|Logs::|Budgets::|Config::|SSM::|CodePipeline::|CodeDeploy::|IAM::|Events::Rule|Scheduler::|Lambda::EventSourceMapping|CloudTrail::|GuardDuty::|Macie::|Synthetics::)/;

/** Settings of any type whose update interrupts users, matched by property name. */
export const downtimeGeneral: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(LoadBalancers|TargetGroupARNs|LoadBalancerNames)(\.|$)/,
    worse: gone,
    severity: 'danger',
    why: 'The load balancer no longer sends requests to it.',
    fix: 'Attach the new load balancer first, and detach this one later.',
  },
  {
    property:
      /(^|\.)(\w*Instance(Type|Class)s?|\w*NodeType|CacheNodeType|ComputeType|DBInstanceClass|DBClusterInstanceClass|DbInstanceType|WorkerType|FleetType|BundleId|ClusterSize|StorageType|VolumeType|ThroughputMode|PerformanceMode|DeploymentType|DeploymentMode|DeploymentOption)$/,
    types: /^AWS::(?!CodeBuild::)/,
    worse: changed,
    severity: 'caution',
    why: 'The instances are stopped or replaced one by one, and connections break.',
    fix: 'Deploy this change alone, at the hour with the fewest users, and with a second instance that takes over.',
  },
  {
    property:
      /(^|\.)(\w*EngineVersion|KafkaVersion|\w*ClusterVersion|KubernetesVersion|ReleaseVersion|ReleaseLabel|AirflowVersion|PlatformArn|SolutionStackName|PlatformVersion|RunningMode|AmiType|ImageId|AirflowConfigurationOptions|OsVersion|GlueVersion|RuntimeEnvironment|CACertificateIdentifier)(\.|$)/,
    worse: (now, before) => changed(now, before) || gone(now, before),
    severity: 'caution',
    why: 'The instances are replaced, or restart with other software.',
    fix: 'Rehearse the change in another environment, then deploy it alone.',
  },
  {
    property: /(^|\.)AddonVersion$/,
    worse: (now, before) => changed(now, before) && !isPatch(now, before),
    severity: 'caution',
    why: 'The pods of the add-on are replaced. Another minor version may behave differently.',
    fix: 'Rehearse the change in another environment, then deploy it alone.',
    link: 'https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html',
  },
  {
    property:
      /(^|\.)(\w*ParameterGroup(Name)?|OptionGroupName|ConfigurationInfo\.(Arn|Revision)|Configuration\.(Id|Revision))$/,
    worse: (now, before) => isSomething(before) && isSomething(now),
    severity: 'caution',
    why: 'Some parameters change immediately, others at the next restart. A restart breaks connections.',
    fix: 'Compare the two parameter groups, and plan the restart.',
  },
  {
    property:
      /(^|\.)(MultiAZ\w*|AutomaticFailover\w*|ZoneAwareness\w*|MultiAZWithStandbyEnabled|AvailabilityZoneCount|CrossZone|ReplicasPerNodeGroup|NumReplicas\w*|AvailabilityZoneRelocation\w*|ZonalShift\w*|EvaluateTargetHealth|TargetFailover\w*|FailoverMode|UnhealthyNodeReplacement|AutoRecovery|ReplaceUnhealthyInstances|NodeRepairConfig\.Enabled|HostRecovery)$/,
    worse: (now, before) => turnedOff(now, before) || less(now, before) || gone(now, before),
    severity: 'caution',
    why: 'If its zone or instance fails, the service is down until somebody restores it.',
    fix: 'Keep this setting in production.',
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
    why: 'The resource is switched off, and everything that depends on it stops working.',
    fix: 'Leave it on while anything uses it.',
  },
  {
    property:
      /(^|\.)(DomainName|DomainNames|Aliases|HostHeader\w*|ServerName|PathPrefix|BasePath|RouteKey|PathPart|HttpMethod|IntegrationUri|Uri|DefaultRootObject|OriginPath|Endpoint|EndpointUrl)(\.|$)/,
    types:
      /^AWS::(ApiGateway|ApiGatewayV2|CloudFront|AppSync|Amplify|GlobalAccelerator|VpcLattice|AppRunner|SES|Transfer|IoT|Cognito|ServiceDiscovery|AppMesh)::/,
    worse: (now, before) => changed(now, before) || gone(now, before),
    severity: 'caution',
    why: 'Requests to the former name or path are refused, or go to another target.',
    fix: 'Serve both for some time, and remove the former one when nobody uses it any more.',
  },
  {
    property: /(^|\.)(Port|\w*Port|Ports|PortRange|Listeners?)(\.\w+)*$/,
    types: /^AWS::(?!EC2::|ECS::TaskDefinition|SecurityGroup)/,
    worse: (now, before) => changed(now, before),
    severity: 'caution',
    why: 'Programs that still use the former port fail.',
    fix: 'Keep the port, or listen on both ports for some time.',
  },
  {
    property: /^TTL$/,
    types: /^AWS::Route53::RecordSet$/,
    worse: more,
    severity: 'caution',
    why: 'Resolvers cache the record longer, so returning to the former record also takes longer.',
    fix: 'Raise the TTL after the record has proved correct.',
    link: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values.html',
  },
  {
    property:
      /^(ResourceRecords|AliasTarget|SetIdentifier|Weight|Region|GeoLocation|Failover|HealthCheckId)(\.|$)/,
    types: /^AWS::Route53::RecordSet$/,
    worse: (now, before) => isSomething(before) || isSomething(now),
    severity: 'caution',
    why: 'Users of the name reach another target. Some keep the former one until their cached record expires.',
    fix: 'Lower the TTL in an earlier deployment, and keep the former target until nobody uses it any more.',
    link: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values.html',
  },
];

/**
 * Returns true for a later patch of the same minor version, such as `v1.18.2-eksbuild.1` after `v1.18.1-eksbuild.3`.
 */
function isPatch(now: unknown, before: unknown): boolean {
  const [is, was] = [now, before].map((version) => (String(version).match(/\d+/g) ?? []).map(Number));
  if (is![0] !== was![0] || is![1] !== was![1]) return false;
  return is!.slice(2).join() === was!.slice(2).join() || (is![2] ?? 0) >= (was![2] ?? 0);
}
