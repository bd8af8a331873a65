import type { Case } from './case';
import type { Draft } from './draft';

const CLUSTER = 'AWS::RDS::DBCluster';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const SERVICE = 'AWS::ECS::Service';
const TARGETS = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const SCALING = 'AWS::ApplicationAutoScaling::ScalableTarget';

const deployment = (draft: Draft) => draft.properties(SERVICE)['DeploymentConfiguration'];

/** Changes that users notice: downtime, capacity, and the care of a release. */
export const users: readonly Case[] = [
  {
    name: 'a major version of the database',
    verdict: 'danger',
    rules: ['downtime'],
    change: (head) => {
      head.properties(CLUSTER)['EngineVersion'] = '18.1';
    },
  },
  {
    name: 'a minor version of the database, which is not a smaller number',
    verdict: 'caution',
    rules: ['downtime'],
    given: (both) => {
      both.properties(CLUSTER)['EngineVersion'] = '17.1';
    },
    change: (head) => {
      head.properties(CLUSTER)['EngineVersion'] = '17.10';
    },
  },
  {
    name: 'an earlier version of the database',
    verdict: 'danger',
    rules: ['downtime'],
    change: (head) => {
      head.properties(CLUSTER)['EngineVersion'] = '16.4';
    },
  },
  {
    name: 'a parameter that takes a restart',
    verdict: 'caution',
    rules: ['downtime'],
    change: (head) => {
      head.properties('AWS::RDS::DBClusterParameterGroup')['Parameters']['rds.logical_replication'] = '1';
    },
  },
  {
    name: 'a parameter that takes none',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      head.properties('AWS::RDS::DBClusterParameterGroup')['Parameters']['log_min_duration_statement'] =
        '500';
    },
  },
  {
    name: 'instances of a fixed class',
    verdict: 'caution',
    rules: ['downtime'],
    change: (head) => {
      for (const which of ['Writer', 'Reader1'])
        head.properties('AWS::RDS::DBInstance', which)['DBInstanceClass'] = 'db.r8g.large';
    },
  },
  {
    name: 'other addresses for a subnet',
    verdict: 'danger',
    rules: ['downtime', 'exports'],
    change: (head) => {
      head.properties('AWS::EC2::Subnet', 'privateSubnet1')['CidrBlock'] = '10.0.9.0/24';
    },
  },
  {
    name: 'the service gets another name',
    verdict: 'danger',
    rules: ['downtime'],
    change: (head) => {
      head.properties(SERVICE)['ServiceName'] = 'shop';
    },
  },
  {
    name: 'the distribution is turned off',
    verdict: 'danger',
    rules: ['downtime'],
    change: (head) => {
      head.properties('AWS::CloudFront::Distribution')['DistributionConfig']['Enabled'] = false;
    },
  },
  {
    name: 'the application loses one of its names',
    verdict: 'danger',
    rules: ['downtime'],
    given: (both) => {
      both.properties('AWS::CloudFront::Distribution')['DistributionConfig']['Aliases'] = [
        'a.example',
        'b.example',
      ];
    },
    change: (head) => {
      head.properties('AWS::CloudFront::Distribution')['DistributionConfig']['Aliases'] = ['a.example'];
    },
  },
  {
    name: 'tasks have less time to end',
    verdict: 'caution',
    rules: ['downtime'],
    change: (head) => {
      head.properties('AWS::ECS::TaskDefinition', 'Server/Task')['ContainerDefinitions'][0]['StopTimeout'] =
        10;
    },
  },
  {
    name: 'half the tasks',
    verdict: 'caution',
    rules: ['capacity'],
    change: (head) => {
      head.properties(SCALING)['MaxCapacity'] = 5;
    },
  },
  {
    name: 'one task at night',
    verdict: 'caution',
    rules: ['capacity'],
    change: (head) => {
      head.properties(SCALING)['MinCapacity'] = 1;
    },
  },
  {
    name: 'twice the tasks',
    verdict: 'clean',
    rules: ['capacity'],
    change: (head) => {
      head.properties(SCALING)['MaxCapacity'] = 20;
    },
  },
  {
    name: 'half the memory',
    verdict: 'caution',
    rules: ['capacity'],
    change: (head) => {
      head.properties('AWS::ECS::TaskDefinition', 'Server/Task')['Memory'] = '1024';
    },
  },
  {
    name: 'a smaller database',
    verdict: 'caution',
    rules: ['capacity'],
    change: (head) => {
      head.properties(CLUSTER)['ServerlessV2ScalingConfiguration']['MaxCapacity'] = 4;
    },
  },
  {
    name: 'a larger database',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      head.properties(CLUSTER)['ServerlessV2ScalingConfiguration']['MaxCapacity'] = 32;
    },
  },
  {
    name: 'the proxy lends fewer connections',
    verdict: 'caution',
    rules: ['capacity'],
    change: (head) => {
      head.properties('AWS::RDS::DBProxyTargetGroup')['ConnectionPoolConfigurationInfo'][
        'MaxConnectionsPercent'
      ] = 40;
    },
  },
  {
    name: 'no second instance of the database',
    verdict: 'caution',
    rules: ['capacity'],
    change: (head) => head.remove('AWS::RDS::DBInstance', 'Reader1'),
  },
  {
    name: 'another condition of the production rule',
    verdict: 'danger',
    rules: ['listener-rule'],
    change: (head) => {
      head.properties(RULE, 'ProductionRule')['Conditions'] = [
        { Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*'] } },
      ];
    },
  },
  {
    name: 'other weights in the production rule',
    verdict: 'danger',
    rules: ['listener-rule'],
    change: (head) => {
      const targets = head.properties(RULE, 'ProductionRule')['Actions'][0]['ForwardConfig']['TargetGroups'];
      [targets[0]['Weight'], targets[1]['Weight']] = [targets[1]['Weight'], targets[0]['Weight']];
    },
  },
  {
    name: 'rolling deployments',
    verdict: 'danger',
    rules: ['blue-green'],
    change: (head) => {
      deployment(head)['Strategy'] = 'ROLLING';
    },
  },
  {
    name: 'a shorter bake time',
    verdict: 'caution',
    rules: ['blue-green'],
    change: (head) => {
      deployment(head)['BakeTimeInMinutes'] = 1;
    },
  },
  {
    name: 'no rollback by alarms',
    verdict: 'danger',
    rules: ['blue-green'],
    change: (head) => {
      deployment(head)['Alarms']['Rollback'] = false;
    },
  },
  {
    name: 'one rollback alarm less',
    verdict: 'caution',
    rules: ['blue-green'],
    change: (head) => {
      deployment(head)['Alarms']['AlarmNames'].pop();
    },
  },
  {
    name: 'a rollback alarm gets another name',
    verdict: 'danger',
    rules: ['alarm-removed', 'blue-green'],
    change: (head) => {
      head.properties('AWS::CloudWatch::Alarm', 'Rollback/Errors')['AlarmName'] = 'shop-errors';
    },
  },
  {
    name: 'no verification before users',
    verdict: 'danger',
    rules: ['weaker-verification'],
    change: (head) => {
      delete deployment(head)['LifecycleHooks'];
    },
  },
  {
    name: 'fewer checks of the live release',
    verdict: 'caution',
    rules: ['weaker-verification'],
    change: (head) => {
      head.properties('Custom::ReleaseVerification', 'Verification/Client')['Checks'] = '[]';
    },
  },
  {
    name: 'a deployment while an alarm fires',
    verdict: 'caution',
    rules: ['weaker-verification'],
    change: (head) => {
      head.properties('Custom::QuietRollbackAlarms')['WhenFiring'] = 'warn';
    },
  },
  {
    name: 'another health path',
    verdict: 'caution',
    rules: ['blue-green'],
    change: (head) => {
      for (const colour of ['Blue', 'Green']) head.properties(TARGETS, colour)['HealthCheckPath'] = '/';
    },
  },
  {
    name: 'former task definitions are not kept',
    verdict: 'caution',
    rules: ['blue-green'],
    change: (head) => {
      head.resource('AWS::ECS::TaskDefinition', 'Server/Task')['UpdateReplacePolicy'] = 'Delete';
    },
  },
  {
    name: 'another maintenance window',
    verdict: 'clean',
    rules: ['downtime'],
    change: (head) => {
      head.properties(CLUSTER)['PreferredMaintenanceWindow'] = 'mon:03:30-mon:04:30';
    },
  },
];
