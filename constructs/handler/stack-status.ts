import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

const cloudFormation = new CloudFormationClient({});

/** Returns the status of a stack, such as `UPDATE_ROLLBACK_IN_PROGRESS`. */
export async function stackStatus(stackId: string): Promise<string> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackId }));
  return Stacks[0]?.StackStatus ?? 'UNKNOWN';
}

/** Returns true while CloudFormation rolls back a stack, and undefined if the stack's status cannot be read. */
export async function isRollingBack(stackId: string): Promise<boolean | undefined> {
  try {
    return (await stackStatus(stackId)).includes('ROLLBACK');
  } catch (error) {
    console.warn(
      JSON.stringify({ level: 'warn', message: `the status of the stack cannot be read: ${error}` }),
    );
    return undefined;
  }
}
