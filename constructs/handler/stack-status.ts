import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

const cloudFormation = new CloudFormationClient({});

/** What CloudFormation is doing with a stack, such as `UPDATE_ROLLBACK_IN_PROGRESS`. */
export async function stackStatus(stackId: string): Promise<string> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackId }));
  return Stacks[0]?.StackStatus ?? 'UNKNOWN';
}
