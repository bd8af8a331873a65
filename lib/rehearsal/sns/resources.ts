import { arn, named } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';

/** Resource types of SNS. A rehearsal delivers no messages, but judges the topic policies. */
export const SNS_RESOURCES: ResourceHandlers = {
  'AWS::SNS::Topic': {
    supportedProperties: ['KmsMasterKeyId', 'TopicName'],
    apply(request) {
      const TopicName = request.properties['TopicName'] ?? named(request);
      const Ref = arn(request, 'sns', TopicName);
      return { Ref, TopicArn: Ref, TopicName };
    },
  },
  'AWS::SNS::TopicPolicy': {
    supportedProperties: ['PolicyDocument', 'Topics'],
    apply: (request) => ({ Ref: named(request) }),
  },
  'AWS::SNS::Subscription': {
    supportedProperties: ['Endpoint', 'RedrivePolicy', 'TopicArn'],
    apply: (request) => ({ Ref: `${request.properties['TopicArn']}:${named(request)}` }),
  },
};
