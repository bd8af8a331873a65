import { type Observation, observe, type Rule } from './rule';
import { gone, judgeSettings, type Setting, turnedOff } from './setting';

const advice = 'Keep it: what happened can only be told by what was written at the time.';

const off = (types: readonly string[], property: string, what: string, worse = turnedOff): Setting => ({
  types,
  property,
  worse,
  severity: 'caution',
  what,
  why: 'What happens from then on leaves no trace there.',
  advice,
});

const SETTINGS: readonly Setting[] = [
  off(
    ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
    'LoadBalancerAttributes[access_logs.s3.enabled].Value',
    'Access logs of the load balancer',
  ),
  off(['AWS::CloudTrail::Trail'], 'IsLogging', 'The trail'),
  off(
    ['AWS::CloudFront::Distribution'],
    'DistributionConfig.Logging',
    'Access logs of the distribution',
    gone,
  ),
  off(['AWS::S3::Bucket'], 'LoggingConfiguration', 'Access logs of the bucket', gone),
  off(['AWS::ECS::TaskDefinition'], 'ContainerDefinitions[].LogConfiguration', 'Logs of the container', gone),
  off(['AWS::StepFunctions::StateMachine'], 'LoggingConfiguration', 'Logs of the state machine', gone),
  off(
    ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    'EnableCloudwatchLogsExports',
    'Logs of the database',
    (now, before) => length(now) < length(before),
  ),
];

function length(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

const LOGS: Readonly<Record<string, string>> = {
  'AWS::EC2::FlowLog': 'The flow log of the network',
  'AWS::WAFv2::LoggingConfiguration': 'The log of the firewall',
  'AWS::Logs::Delivery': 'The delivery of a log',
  'AWS::CloudTrail::Trail': 'The trail of what is done in the account',
  'AWS::GuardDuty::Detector': 'The threat detection of the account',
  'AWS::Config::ConfigurationRecorder': 'The record of the account’s configuration',
};

/** Less is known afterwards. */
export const logging: Rule = {
  name: 'logging',
  severities: ['caution'],
  summary:
    'Access logs, flow logs, the firewall’s, database’s, containers’ logs or a trail are turned off or removed.',
  judge(comparison) {
    const removed = comparison.resources.flatMap((change): Observation[] => {
      const what = LOGS[change.resourceType];
      if (change.kind !== 'removed' || !what) return [];
      return [
        observe(change, {
          severity: 'caution',
          message: `${what} is removed: what happens from then on leaves no trace there.`,
          advice,
        }),
      ];
    });
    return [...removed, ...judgeSettings(comparison, SETTINGS)];
  },
};
