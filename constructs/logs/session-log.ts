import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';

/**
 * Grants a task role the permissions with which ECS Exec logs its sessions to a log group.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function grantSessionLog(taskRole: IRole, { logGroupArn }: ILogGroup): void {
  taskRole.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['logs:DescribeLogGroups'], resources: ['*'] }),
  );
  taskRole.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [logGroupArn],
    }),
  );
}
