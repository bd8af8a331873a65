import { Alarm, type AlarmOptions } from '../cloudwatch/alarm';
import { CompositeAlarm } from '../cloudwatch/composite-alarm';
import { MetricFilter } from '../logs/log-metrics';
import { arn, named, need, type Properties, type ResourceHandler } from '../resource-handler';
import { StateMachine } from '../stepfunctions/state-machine';

/** What notices what happens, and acts on it or tells people. */
export const eventResources: Readonly<Record<string, ResourceHandler>> = {
  'AWS::StepFunctions::StateMachine': {
    supportedProperties: ['DefinitionString', 'StateMachineName'],
    apply(turn) {
      const Name = turn.properties['StateMachineName'] ?? named(turn);
      const Ref = arn(turn, 'states', `stateMachine:${Name}`);
      turn.cloud.machines.set(Ref, new StateMachine(turn.id, need(turn, 'DefinitionString'), turn.cloud));
      return { Ref, Arn: Ref, Name };
    },
  },
  'AWS::Events::Rule': {
    supportedProperties: [
      'Name',
      'State',
      'EventPattern',
      'ScheduleExpression',
      'Targets.Arn',
      'Targets.Input',
    ],
    apply(turn) {
      const { properties, cloud, id } = turn;
      const Ref = properties['Name'] ?? named(turn);
      cloud.bus.rules.set(Ref, {
        logicalId: id,
        name: Ref,
        pattern: properties['EventPattern'],
        schedule: properties['ScheduleExpression'],
        enabled: properties['State'] !== 'DISABLED',
        // Other targets than state machines are not part of a rehearsal.
        targets: ((properties['Targets'] ?? []) as Properties[]).flatMap(({ Arn, Input }) => {
          const machine = cloud.machines.get(Arn);
          return machine ? [{ machine, input: Input }] : [];
        }),
      });
      return { Ref, Arn: arn(turn, 'events', `rule/${Ref}`) };
    },
  },
  'AWS::CloudWatch::Alarm': {
    supportedProperties: [
      'AlarmName',
      'Metrics',
      'MetricName',
      'Namespace',
      'Dimensions',
      'Statistic',
      'ExtendedStatistic',
      'Period',
      'Threshold',
      'ComparisonOperator',
      'EvaluationPeriods',
      'DatapointsToAlarm',
      'TreatMissingData',
      'AlarmActions',
    ],
    apply(turn) {
      const { cloud, properties, id } = turn;
      const Ref = properties['AlarmName'] ?? named(turn);
      cloud.alarms.set(Ref, new Alarm(id, properties as unknown as AlarmOptions, cloud.metrics));
      return { Ref, Arn: arn(turn, 'cloudwatch', `alarm:${Ref}`) };
    },
  },
  'AWS::CloudWatch::CompositeAlarm': {
    supportedProperties: ['AlarmName', 'AlarmRule', 'AlarmActions'],
    apply(turn) {
      const { cloud, properties, id } = turn;
      const Ref = properties['AlarmName'] ?? named(turn);
      const others = (name: string) => cloud.alarms.get(name) ?? cloud.composites.get(name);
      const tells = (properties['AlarmActions'] ?? []).length > 0;
      cloud.composites.set(Ref, new CompositeAlarm(id, need(turn, 'AlarmRule'), tells, others));
      return { Ref, Arn: arn(turn, 'cloudwatch', `alarm:${Ref}`) };
    },
  },
  'AWS::Logs::MetricFilter': {
    supportedProperties: ['LogGroupName', 'FilterPattern', 'MetricTransformations'],
    apply(turn) {
      const { cloud, properties, id } = turn;
      const options = {
        logicalId: id,
        pattern: String(properties['FilterPattern'] ?? ''),
        group: need(turn, 'LogGroupName'),
        metrics: need<MetricFilter['options']['metrics']>(turn, 'MetricTransformations'),
      };
      cloud.metricFilters.set(named(turn), new MetricFilter(options, cloud.metrics));
      return { Ref: named(turn) };
    },
  },
};
