import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

const cloudFormation = new CloudFormationClient({});

/** Status of a stack, such as `UPDATE_ROLLBACK_IN_PROGRESS`. */
export async function stackStatus(stackId: string): Promise<string> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackId }));
  return Stacks[0]?.StackStatus ?? 'UNKNOWN';
}

/** Returns true while CloudFormation rolls a stack back, and undefined if CloudFormation cannot be asked. */
export async function isRollingBack(stackId: string): Promise<boolean | undefined> {
  try {
    return (await stackStatus(stackId)).includes('ROLLBACK');
  } catch (error) {
    console.warn(JSON.stringify({ level: 'warn', message: `the stack cannot be described: ${error}` }));
    return undefined;
  }
}
