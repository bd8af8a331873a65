import type { Input } from '../core/aws-api';
import { arnIn, attributeOf, type Place, passRole, type RequiredPermission } from './required-permission';

type Requests = (input: Input, place: Place) => readonly RequiredPermission[];

const TASKS = 'ecs-tasks.amazonaws.com';

/** ARN of a cluster by its name or ARN. */
const clusterArn = (cluster: unknown, place: Place): string =>
  String(cluster).startsWith('arn:')
    ? String(cluster)
    : arnIn(place, 'ecs', `cluster/${cluster ?? 'default'}`);

const inCluster = ({ cluster }: Input, place: Place) => ({ 'ecs:cluster': clusterArn(cluster, place) });

/** ARN of a task or service by its id, name, or ARN. */
function arnOf(type: 'task' | 'service', named: unknown, input: Input, place: Place): string {
  const name = String(named);
  const cluster = clusterArn(input['cluster'], place).split('/').at(-1);
  return name.startsWith('arn:') ? name : arnIn(place, 'ecs', `${type}/${cluster}/${name}`);
}

const each =
  (action: string, list: string, type?: 'task' | 'service'): Requests =>
  (input, place) =>
    ([input[list]].flat() as unknown[]).map((one) => ({
      action,
      resource: type ? arnOf(type, one, input, place) : String(one),
      ...(type && { context: inCluster(input, place) }),
    }));

const everywhere =
  (action: string): Requests =>
  () => [{ action, resource: '*' }];

/** Permissions that operations of ECS need. */
export const ecsRequests: Readonly<Record<string, Requests>> = {
  'ecs:RunTask': (input, place) => {
    const { taskDefinition, tags } = input;
    const item = place.inventory.having(taskDefinition);
    const { TaskRoleArn, ExecutionRoleArn } = item?.properties ?? {};
    const isTagged = Array.isArray(tags) && tags.length > 0;
    return [
      {
        action: 'ecs:RunTask',
        resource: attributeOf(place, taskDefinition, 'TaskDefinitionArn'),
        context: inCluster(input, place),
      },
      ...passRole(TaskRoleArn, TASKS),
      ...passRole(ExecutionRoleArn, TASKS),
      ...(isTagged
        ? [
            {
              action: 'ecs:TagResource',
              resource: arnOf('task', '*', input, place),
              context: { 'ecs:CreateAction': 'RunTask' },
            },
          ]
        : []),
    ];
  },
  'ecs:DescribeTasks': each('ecs:DescribeTasks', 'tasks', 'task'),
  'ecs:StopTask': each('ecs:StopTask', 'task', 'task'),
  // Without a container instance in the input, the resource is `*`.
  'ecs:ListTasks': (input, place) => [
    { action: 'ecs:ListTasks', resource: '*', context: inCluster(input, place) },
  ],
  'ecs:ListTaskDefinitions': everywhere('ecs:ListTaskDefinitions'),
  'ecs:DescribeTaskDefinition': everywhere('ecs:DescribeTaskDefinition'),
  'ecs:DeregisterTaskDefinition': everywhere('ecs:DeregisterTaskDefinition'),
  'ecs:DescribeServices': each('ecs:DescribeServices', 'services', 'service'),
  'ecs:UpdateService': each('ecs:UpdateService', 'service', 'service'),
  'ecs:ListServiceDeployments': each('ecs:ListServiceDeployments', 'service', 'service'),
  'ecs:DescribeServiceDeployments': each('ecs:DescribeServiceDeployments', 'serviceDeploymentArns'),
  'ecs:StopServiceDeployment': each('ecs:StopServiceDeployment', 'serviceDeploymentArn'),
  'ecs:DescribeServiceRevisions': each('ecs:DescribeServiceRevisions', 'serviceRevisionArns'),
};
