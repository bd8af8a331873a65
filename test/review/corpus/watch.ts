import type { Case } from './case';
import type { Draft } from './draft';

const ALARM = 'AWS::CloudWatch::Alarm';
const CPU = 'Server/ServerCpu';
const TOPIC = 'AWS::SNS::Topic';

/** Makes one alarm page. */
const paged = (both: Draft): void => {
  both.add('operations', 'PageTopic', { Type: TOPIC, Properties: {} });
  both.add('operations', 'PageSubscription', {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'PageTopic' }, Protocol: 'email', Endpoint: 'oncall@shop.example' },
  });
  both.properties(ALARM, CPU)['AlarmActions'] = [{ Ref: 'PageTopic' }];
};

/** Changes of alarms and their recipients, and of things that a deployment itself needs. */
export const watch: readonly Case[] = [
  {
    name: 'an alarm is removed',
    verdict: 'caution',
    rules: ['alarm-removed'],
    change: (head) => head.remove(ALARM, CPU),
  },
  {
    name: 'a rollback alarm is removed',
    verdict: 'danger',
    rules: ['alarm-removed', 'blue-green'],
    change: (head) => head.remove(ALARM, 'Rollback/Latency'),
  },
  {
    name: 'the canary is removed',
    verdict: 'caution',
    rules: ['alarm-removed'],
    change: (head) => head.remove('AWS::Synthetics::Canary'),
  },
  {
    name: 'the dashboard is removed',
    verdict: 'clean',
    rules: ['alarm-removed'],
    change: (head) => head.remove('AWS::CloudWatch::Dashboard'),
  },
  {
    name: 'an alarm tells nobody',
    verdict: 'danger',
    rules: ['alarm-weakened'],
    given: paged,
    change: (head) => {
      delete head.properties(ALARM, CPU)['AlarmActions'];
    },
  },
  {
    name: 'an alarm’s actions are turned off',
    verdict: 'danger',
    rules: ['alarm-weakened'],
    change: (head) => {
      head.properties(ALARM, CPU)['ActionsEnabled'] = false;
    },
  },
  {
    name: 'a higher threshold',
    verdict: 'caution',
    rules: ['alarm-weakened'],
    change: (head) => {
      head.properties(ALARM, CPU)['Threshold'] = 99.5;
    },
  },
  {
    name: 'a lower threshold for what must not get low',
    verdict: 'caution',
    rules: ['alarm-weakened'],
    change: (head) => {
      head.properties(ALARM, 'Users/CanaryFails')['Threshold'] = 50;
    },
  },
  {
    name: 'a sharper threshold',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      head.properties(ALARM, CPU)['Threshold'] = 50;
    },
  },
  {
    name: 'an alarm that waits longer',
    verdict: 'caution',
    rules: ['alarm-weakened'],
    change: (head) => {
      const alarm = head.properties(ALARM, 'Users/CanaryFails');
      alarm['DatapointsToAlarm'] = 6;
      alarm['EvaluationPeriods'] = 6;
    },
  },
  {
    name: 'silence means good',
    verdict: 'caution',
    rules: ['alarm-weakened'],
    change: (head) => {
      head.properties(ALARM, 'Users/CanaryFails')['TreatMissingData'] = 'notBreaching';
    },
  },
  {
    name: 'a page turns into a ticket',
    verdict: 'caution',
    rules: ['alarm-weakened'],
    change: (head) => {
      for (const tag of head.properties(ALARM, 'Users/CanaryFails')['Tags'])
        if (tag['Key'] === 'severity') tag['Value'] = 'ticket';
    },
  },
  {
    name: 'an alarm measures something else',
    verdict: 'caution',
    rules: ['alarm-weakened'],
    change: (head) => {
      for (const metric of head.properties(ALARM, 'Users/CanaryFails')['Metrics'])
        if (metric['MetricStat']) metric['MetricStat']['Stat'] = 'Maximum';
    },
  },
  {
    name: 'the subscription of who is on call is removed',
    verdict: 'danger',
    rules: ['escalation'],
    given: paged,
    change: (head) => head.remove('AWS::SNS::Subscription', 'PageSubscription'),
  },
  {
    name: 'somebody else is on call',
    verdict: 'caution',
    rules: ['escalation'],
    given: paged,
    change: (head) => {
      head.properties('AWS::SNS::Subscription', 'PageSubscription')['Endpoint'] = 'nobody@shop.example';
    },
  },
  {
    name: 'what notices failed tasks is turned off',
    verdict: 'caution',
    rules: ['escalation'],
    change: (head) => {
      head.properties('AWS::Events::Rule', 'Server/TaskFailed')['State'] = 'DISABLED';
    },
  },
  {
    name: 'the rotation of passwords is removed',
    verdict: 'caution',
    rules: ['escalation'],
    change: (head) => head.remove('AWS::Events::Rule', 'Database/Rotation/Schedule'),
  },
  {
    name: 'access logs of the load balancer are turned off',
    verdict: 'caution',
    rules: ['logging'],
    change: (head) => {
      for (const attribute of head.properties('AWS::ElasticLoadBalancingV2::LoadBalancer')[
        'LoadBalancerAttributes'
      ])
        if (attribute['Key'] === 'access_logs.s3.enabled') attribute['Value'] = 'false';
    },
  },
  {
    name: 'the flow log is removed',
    verdict: 'caution',
    rules: ['logging'],
    change: (head) => head.remove('AWS::EC2::FlowLog'),
  },
  {
    name: 'an export that is in use is removed',
    verdict: 'danger',
    rules: ['capacity', 'exports'],
    change: (head) => {
      const { Outputs, Resources } = head.stack('data').template;
      const [name] = Object.keys(Outputs).filter((id) => id.includes('privateSubnet1'));
      const exported = Outputs[name!].Export.Name;
      delete Outputs[name!];
      const release = head.stack('release');
      const text = JSON.stringify(release.template).replaceAll(
        `{"Fn::ImportValue":"${exported}"}`,
        '"subnet-0123456789abcdef0"',
      );
      Object.assign(release, { template: JSON.parse(text) });
      if (Object.keys(Resources).length === 0) throw new Error('the stack has resources');
    },
  },
  {
    name: 'an output that another stack reads is removed',
    verdict: 'danger',
    rules: ['exports'],
    change: (head) => {
      const { Outputs } = head.stack('release').template;
      const name = Object.keys(Outputs).find(
        (id) => id.includes('ClientDistribution') && id.includes('DomainName'),
      );
      delete Outputs[name!];
    },
  },
  {
    name: 'too many resources',
    verdict: 'danger',
    rules: ['template-limits'],
    change: (head) => {
      for (let index = 0; index < 500; index++)
        head.add('operations', `Query${index}`, {
          Type: 'AWS::Logs::QueryDefinition',
          Properties: { Name: `q${index}` },
        });
    },
  },
  {
    name: 'nearly too many resources',
    verdict: 'caution',
    rules: ['template-limits'],
    change: (head) => {
      const left = 460 - Object.keys(head.stack('operations').template.Resources).length;
      for (let index = 0; index < left; index++)
        head.add('operations', `Query${index}`, {
          Type: 'AWS::Logs::QueryDefinition',
          Properties: { Name: `q${index}` },
        });
    },
  },
  {
    name: 'a stack is no longer part of the plan',
    verdict: 'caution',
    rules: ['stacks'],
    change: (head) => {
      (head.plan.stacks as unknown[]).pop();
    },
  },
  {
    name: 'the data in another region',
    verdict: 'danger',
    rules: ['container', 'stacks'],
    change: (head) => {
      Object.assign(head.stack('data'), { region: 'eu-west-1' });
    },
  },
  {
    name: 'an alarm with a fixed name gets another logical id',
    verdict: 'caution',
    rules: ['renamed'],
    change: (head) => head.rename(ALARM, CPU, 'ServerCpuAlarm12345678'),
  },
  {
    name: 'one more stack',
    verdict: 'clean',
    rules: ['stacks'],
    change: (head) => {
      const stack = {
        name: 'shop-production-reports',
        region: 'us-east-1',
        template: { Resources: {} },
        constructPaths: {},
      };
      (head.plan.stacks as unknown[]).push(stack);
    },
  },
];
