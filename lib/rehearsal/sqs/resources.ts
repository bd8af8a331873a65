import { ACCOUNT, arn, named } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';

/** Resource types of SQS. A rehearsal stores no messages, but judges the queue policies. */
export const SQS_RESOURCES: ResourceHandlers = {
  'AWS::SQS::Queue': {
    supportedProperties: ['KmsMasterKeyId', 'QueueName'],
    apply(request) {
      const QueueName = request.properties['QueueName'] ?? named(request);
      const Ref = `https://sqs.${request.stack.region}.amazonaws.com/${ACCOUNT}/${QueueName}`;
      return { Ref, QueueUrl: Ref, Arn: arn(request, 'sqs', QueueName), QueueName };
    },
  },
  'AWS::SQS::QueuePolicy': {
    supportedProperties: ['PolicyDocument', 'Queues'],
    apply: (request) => ({ Ref: named(request) }),
  },
};
