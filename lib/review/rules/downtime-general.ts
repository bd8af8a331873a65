import { servingOf } from '../serving-types';
import { holderOf } from '../stateful-resources';
import type { GeneralSetting } from './rule';
import { changed, gone, isSomething, less, more, turnedOff } from './setting';

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
      /(^|\.)(\w*EngineVersion|KafkaVersion|\w*ClusterVersion|KubernetesVersion|ReleaseVersion|ReleaseLabel|AirflowVersion|PlatformArn|SolutionStackName|PlatformVersion|RunningMode|AmiType|ImageId|AirflowConfigurationOptions|OsVersion|GlueVersion|RuntimeEnvironment|CACertificateIdentifier)(\.|$)/,
    worse: (now, before) => changed(now, before) || gone(now, before),
    severity: 'caution',
    why: 'The machines are exchanged or restarted with other software.',
    fix: 'Rehearse it in another environment, then deploy it alone.',
  },
  {
    property: /(^|\.)AddonVersion$/,
    worse: (now, before) => changed(now, before) && !isPatch(now, before),
    severity: 'caution',
    why: 'The pods of the add-on are exchanged; another minor version may behave differently.',
    fix: 'Rehearse it in another environment, then deploy it alone.',
    link: 'https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html',
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
    property: /^TTL$/,
    types: /^AWS::Route53::RecordSet$/,
    worse: more,
    severity: 'caution',
    why: 'Resolvers keep an answer for longer: a way back to the former one takes as long.',
    fix: 'Raise it when the answer has proved right.',
    link: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values.html',
  },
  {
    property:
      /^(ResourceRecords|AliasTarget|SetIdentifier|Weight|Region|GeoLocation|Failover|HealthCheckId)(\.|$)/,
    types: /^AWS::Route53::RecordSet$/,
    worse: (now, before) => isSomething(before) || isSomething(now),
    severity: 'caution',
    why: 'Users of the name are led elsewhere, some of them for as long as the former answer lives.',
    fix: 'Lower the TTL in an earlier deployment, and keep the former target until nobody asks it any more.',
    link: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values.html',
  },
];

/** A later patch of the same minor version: `v1.18.2-eksbuild.1` after `v1.18.1-eksbuild.3`. */
function isPatch(now: unknown, before: unknown): boolean {
  const [is, was] = [now, before].map((version) => (String(version).match(/\d+/g) ?? []).map(Number));
  if (is![0] !== was![0] || is![1] !== was![1]) return false;
  return is!.slice(2).join() === was!.slice(2).join() || (is![2] ?? 0) >= (was![2] ?? 0);
}
