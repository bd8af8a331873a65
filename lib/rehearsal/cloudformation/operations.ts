import { missing, type Operations } from '../core/aws-api';
import { queryAnswer } from '../core/query-answer';

/**
 * API operations of CloudFormation.
 * @param statuses statuses of stacks, by stack name
 */
export function cloudFormationOperations(statuses: ReadonlyMap<string, string>): Operations {
  return {
    'cloudformation:DescribeStacks': ({ StackName }) => {
      const name = String(StackName).split('/').at(-2) ?? String(StackName);
      const StackStatus = statuses.get(name) ?? missing(name);
      return queryAnswer(
        'DescribeStacks',
        `<Stacks><member><StackName>${name}</StackName><StackStatus>${StackStatus}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks>`,
      );
    },
  };
}
