import { arn, named, type Properties } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';
import type { BusRule } from './event-bridge';

/** Resource types of EventBridge. */
export function eventsResources(rules: Map<string, BusRule>): ResourceHandlers {
  return {
    'AWS::Events::Rule': {
      supportedProperties: [
        'Name',
        'State',
        'EventPattern',
        'ScheduleExpression',
        'Targets.Arn',
        'Targets.Input',
      ],
      apply(request) {
        const { properties, id } = request;
        const Ref = properties['Name'] ?? named(request);
        const targets = (properties['Targets'] ?? []) as Properties[];
        rules.set(Ref, {
          logicalId: id,
          name: Ref,
          pattern: properties['EventPattern'],
          schedule: properties['ScheduleExpression'],
          enabled: properties['State'] !== 'DISABLED',
          targets: targets
            .filter(({ Arn }) => /^arn:aws:states:/.test(Arn))
            .map(({ Arn, RoleArn, Input }) => ({ arn: Arn, role: String(RoleArn), input: Input })),
        });
        return { Ref, Arn: arn(request, 'events', `rule/${Ref}`) };
      },
    },
  };
}
