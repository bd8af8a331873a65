import { OPT_IN_REGIONS } from '../../core/opt-in-regions';
import { ACCOUNT, type Properties } from '../../core/properties';
import { arnIn, passRole } from '../required-permission';
import { assumes, from, sends, type Use, type UsesOf } from './use';

const EVENTS = 'events.amazonaws.com';

/** A rule delivers events to its targets, with a role or through the target's policy. */
const rule: UsesOf = ({ properties, attributes }, place) => {
  const source = attributes!['Arn']!;
  return ((properties['Targets'] ?? []) as Properties[]).flatMap(
    ({ Arn, RoleArn, EcsParameters, DeadLetterConfig }) => [
      ...assumes(EVENTS, RoleArn, source),
      ...(EcsParameters
        ? runsTask(
            place.inventory.having(EcsParameters.TaskDefinitionArn)?.properties,
            EcsParameters,
            RoleArn,
            Arn,
          )
        : []),
      ...sends(place, RoleArn ?? EVENTS, String(Arn), RoleArn ? {} : from(source)),
      ...(DeadLetterConfig?.Arn ? sends(place, EVENTS, DeadLetterConfig.Arn, from(source)) : []),
    ],
  );
};

function runsTask(
  { TaskRoleArn, ExecutionRoleArn }: Properties = {},
  { TaskDefinitionArn }: Properties,
  role: unknown,
  cluster: unknown,
): Use[] {
  const asked = [
    {
      action: 'ecs:RunTask',
      resource: String(TaskDefinitionArn),
      context: { 'ecs:cluster': String(cluster) },
    },
    ...passRole(TaskRoleArn, 'ecs-tasks.amazonaws.com'),
    ...passRole(ExecutionRoleArn, 'ecs-tasks.amazonaws.com'),
  ];
  return asked.map((one) => ({ ...one, principal: String(role) }));
}

/** An alarm notifies a topic or a function of a state change. */
const alarm: UsesOf = ({ properties, attributes }, place) => {
  const { AlarmActions = [], OKActions = [], InsufficientDataActions = [] } = properties;
  const context = { ...from(attributes!['Arn']), 'aws:SourceOwner': ACCOUNT };
  const targets = new Set([...AlarmActions, ...OKActions, ...InsufficientDataActions].map(String));
  return [...targets].flatMap((target) => {
    const isFunction = target.split(':')[2] === 'lambda';
    return sends(place, `${isFunction ? 'lambda.alarms.' : ''}cloudwatch.amazonaws.com`, target, context);
  });
};

/** A topic delivers messages to queues and functions. */
const subscription: UsesOf = ({ properties }, place) => {
  const { Endpoint, TopicArn, RedrivePolicy } = properties;
  const deadLetters = RedrivePolicy?.deadLetterTargetArn;
  const targets = [Endpoint, deadLetters].filter((one) => String(one).startsWith('arn:'));
  return targets.flatMap((target) =>
    sends(place, deliverer(String(TopicArn), String(target)), String(target), from(String(TopicArn))),
  );
};

/**
 * Returns the principal with which SNS delivers. In another region that is opt-in, it is the principal of that region.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
 */
function deliverer(topic: string, target: string): string {
  const [from, to] = [topic, target].map((arn) => arn.split(':')[3]);
  return to !== undefined && to !== from && OPT_IN_REGIONS.has(to)
    ? `sns.${to}.amazonaws.com`
    : 'sns.amazonaws.com';
}

/** A schedule acts with its role. */
const schedule: UsesOf = ({ properties }, place) => {
  const { Target, GroupName = 'default' } = properties;
  return [
    ...assumes(
      'scheduler.amazonaws.com',
      Target?.RoleArn,
      arnIn(place, 'scheduler', `schedule-group/${GroupName}`),
    ),
    ...sends(place, String(Target?.RoleArn), String(Target?.Arn), {}),
    ...(Target?.DeadLetterConfig?.Arn
      ? sends(place, String(Target.RoleArn), Target.DeadLetterConfig.Arn, {})
      : []),
  ];
};

/** Uses of resources that send messages. */
export const MESSAGES: Readonly<Record<string, UsesOf>> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::CompositeAlarm': alarm,
  'AWS::Events::Rule': rule,
  'AWS::SNS::Subscription': subscription,
  'AWS::Scheduler::Schedule': schedule,
};
