import { typeName } from '../resource-type';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { gone, isSomething, more, number, turnedOff } from './setting';

const fix = 'Keep it: without a record, nobody can reconstruct an incident.';
const why = 'Later events are not recorded there.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['AWS::GuardDuty::Detector', 'AWS::Macie::Session'],
    property: 'FindingPublishingFrequency',
    absent: 'SIX_HOURS',
    worse: (now, before) => FREQUENCIES.indexOf(String(now)) > FREQUENCIES.indexOf(String(before)),
    severity: 'caution',
    what: 'Publishing frequency of findings',
    why: 'People learn of an attack later.',
    fix: 'Keep FIFTEEN_MINUTES.',
    link: 'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html',
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
    property: 'LoadBalancerAttributes[access_logs.s3.enabled].Value',
    worse: turnedOff,
    severity: 'caution',
    what: 'Access logs of the load balancer',
    why,
    fix,
    link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html',
  },
  {
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    property: 'EnableCloudwatchLogsExports',
    worse: (now, before) => length(now) < length(before),
    severity: 'caution',
    what: 'Log exports of the database',
    why,
    fix,
  },
];

const FREQUENCIES = ['FIFTEEN_MINUTES', 'ONE_HOUR', 'SIX_HOURS'];

/** Types of new resources that hide findings. */
const SUPPRESS =
  /^AWS::(GuardDuty::(Filter|IPSet|TrustedEntitySet)|InspectorV2::Filter|SecurityHub::AutomationRule(V2)?|Macie::FindingsFilter)$/;

function length(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

const NOTHING = /^(off|none|disabled?|false|passthrough|basic|default)$/i;

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)ArchiveRules(\.\w+)*$/,
    worse: (now) => isSomething(now),
    severity: 'caution',
    why: 'Matching findings are archived before anybody sees them.',
    fix: 'Archive findings by hand, each with a reason.',
  },
  {
    property:
      /(^|\.)(\w*Log(s|ging|Configs?|Configuration\w*|Destination\w*|Delivery\w*|Publishing\w*|Exports?|Options?|Settings?|Group\w*|Types?|Enabled|Levels?|Level|FileValidation\w*|Status|Subscription\w*)?|LoggingLevel|IsLogging|IsMultiRegionTrail|IncludeGlobalServiceEvents|EventSelectors|AdvancedEventSelectors|InsightSelectors|AuditLog\w*|\w*AccessLog\w*|\w*Monitoring\w*|\w*Insights?\w*|TracingConfig\w*|\w*Tracing\w*|ActiveTracing|\w*X[Rr]ay\w*|\w*MetricsEnabled|MetricsConfiguration\w*|DetailedMetrics\w*|RecordingGroup\w*|Recording\w*|ScanOnPush|ScanType|\w*Scan(ning)?\w*Enabled|Features|DataSources|AutoEnable\w*)(\.\w+)*$/,
    types:
      /^AWS::(?!Logs::(MetricFilter|SubscriptionFilter|QueryDefinition)|Bedrock|Kendra|QBusiness|AppSync::(DataSource|Resolver))/,
    worse: (now, before) =>
      gone(now, before) ||
      turnedOff(now, before) ||
      (number(now) === 0 && more(before, 0)) ||
      (NOTHING.test(String(now)) && isSomething(before) && !NOTHING.test(String(before))),
    severity: 'caution',
    why,
    fix,
  },
];

const RECORDS =
  /^AWS::(EC2::FlowLog|WAFv2::LoggingConfiguration|NetworkFirewall::LoggingConfiguration|Logs::(Delivery|DeliverySource|DeliveryDestination|Destination|AccountPolicy)|CloudTrail::(Trail|Channel)|GuardDuty::\w+|Config::\w+|Route53::QueryLoggingConfig|Route53Resolver::ResolverQueryLogging\w+|AccessAnalyzer::\w+|Inspector\w*::\w+|Macie::\w+|SecurityHub::\w+|VpcLattice::AccessLogSubscription|CloudFront::(RealtimeLogConfig|MonitoringSubscription)|Cognito::LogDeliveryConfiguration|Oam::\w+|AuditManager::\w+|SSM::ResourceDataSync|ECR::RegistryScanningConfiguration|S3::StorageLens)$/;

/** Finds logs, audit trails, traces and scans that record less. */
export const logging: Rule = {
  name: 'logging',
  severities: ['caution'],
  summary:
    'Access logs, flow logs, audit trails, traces, metrics, scans or the logs of a firewall, database or container are turned off or removed, in any service.',
  link: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/detection.html',
  coversResources: true,
  settings: SETTINGS,
  general: GENERAL,
  judge({ resources }) {
    return resources.flatMap((change): Observation[] => {
      if (change.kind === 'added' && SUPPRESS.test(change.resourceType))
        return [
          observe(change, {
            severity: 'caution',
            what: `The ${typeName(change.resourceType)} is new.`,
            why: 'Matching findings no longer reach people.',
            fix: 'Match as few findings as possible, and explain in the change why nobody needs them.',
          }),
        ];
      if (!['removed', 'replaced'].includes(change.kind) || !RECORDS.test(change.resourceType)) return [];
      const verb = change.kind === 'removed' ? 'is removed' : 'is replaced by a new one';
      return [
        observe(change, {
          severity: 'caution',
          what: `The ${typeName(change.resourceType)} ${verb}.`,
          why:
            change.kind === 'removed'
              ? why
              : 'Events during the replacement are not recorded, and the former records may be deleted.',
          fix,
        }),
      ];
    });
  },
};
