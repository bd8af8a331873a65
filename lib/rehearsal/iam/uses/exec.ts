import type { InventoryItem } from '../../core/inventory';
import { attributeOf, type Place } from '../required-permission';
import { acts, logStreams, type Use, writesLogs } from './use';

const CHANNELS = ['Create', 'Open'].flatMap((verb) => [
  `ssmmessages:${verb}ControlChannel`,
  `ssmmessages:${verb}DataChannel`,
]);

/**
 * Returns the permissions that sessions of ECS Exec need: those of the agent in the task, and those for logging the
 * sessions.
 * @param cluster the task's cluster; undefined for a cluster outside the plan, whose logging is unknown
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function execUses(
  { properties }: InventoryItem,
  cluster: InventoryItem | undefined,
  place: Place,
): Use[] {
  const { TaskRoleArn: role, ContainerDefinitions = [] } = properties;
  const {
    Logging = 'DEFAULT',
    LogConfiguration = {},
    KmsKeyId,
  } = cluster?.properties['Configuration']?.ExecuteCommandConfiguration ?? {};
  const own = ContainerDefinitions[0]?.LogConfiguration?.Options?.['awslogs-group'];
  const overridden = Logging === 'OVERRIDE' ? LogConfiguration.CloudWatchLogGroupName : undefined;
  const group = Logging === 'DEFAULT' ? cluster && own : overridden;
  const bucket = Logging === 'OVERRIDE' && LogConfiguration.S3BucketName;
  const prefix = LogConfiguration.S3KeyPrefix ? `${LogConfiguration.S3KeyPrefix}/` : '';
  return [
    ...acts(role, CHANNELS, '*'),
    ...(KmsKeyId ? acts(role, ['kms:Decrypt'], attributeOf(place, KmsKeyId, 'Arn')) : []),
    ...(group
      ? [
          ...acts(role, ['logs:DescribeLogGroups'], '*'),
          ...acts(role, ['logs:DescribeLogStreams'], logStreams(place, group)),
          ...writesLogs(place, role, group),
        ]
      : []),
    ...(bucket
      ? [
          ...acts(role, ['s3:PutObject'], `arn:aws:s3:::${bucket}/${prefix}rehearsal`),
          ...acts(role, ['s3:GetEncryptionConfiguration'], `arn:aws:s3:::${bucket}`),
        ]
      : []),
  ];
}
