import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud';
import type { Service } from './service';
import { missing, type Operation } from './service-error';
import { Task } from './task';

const seconds = (milliseconds: number): number => milliseconds / 1000;

function serviceOf(cloud: Cloud, name: unknown): Service {
  const found = [...cloud.services].find(([arn]) => arn.endsWith(`/${name}`) || arn === name);
  return found?.[1] ?? missing(name);
}

/** What handlers ask of ECS. */
export const ECS_OPERATIONS: Readonly<Record<string, Operation>> = {
  RunTask: (cloud, { taskDefinition, clientToken }) => {
    const lastStatus = 'PROVISIONING';
    const token = `run ${clientToken}`;
    // Asked twice with one token, ECS starts one task.
    const known = clientToken && cloud.parts.get(token)?.['taskArn'];
    if (known) return { tasks: [{ taskArn: known, lastStatus }], failures: [] };
    const definition = cloud.taskDefinitions.get(String(taskDefinition)) ?? missing(taskDefinition);
    const { image, container } = definition;
    const id = randomUUID().replaceAll('-', '');
    const taskArn = arnOf(cloud, new Task(id, image, container, cloud, cloud.faultOf('migration')));
    cloud.parts.set(token, { taskArn });
    cloud.tell('task started', definition.logicalId);
    return { tasks: [{ taskArn, lastStatus }], failures: [] };
  },
  DescribeTasks: (cloud, { tasks }) => ({
    tasks: (tasks as string[]).flatMap((taskArn) => {
      const task = cloud.tasks.get(taskArn);
      if (!task) return [];
      const { running, exitCode, definition } = task;
      const container = { name: definition.name, ...(!running && { exitCode: exitCode ?? 137 }) };
      const lastStatus = running ? 'RUNNING' : 'STOPPED';
      const createdAt = seconds(task.startedAt);
      const stoppedReason = 'Essential container in task exited';
      return [
        { taskArn, lastStatus, createdAt, startedAt: createdAt, stoppedReason, containers: [container] },
      ];
    }),
  }),
  StopTask: (cloud, { task }) => {
    void (cloud.tasks.get(String(task)) ?? missing(task)).stop();
    cloud.tell('task stopped', String(task));
    return { task: { taskArn: task } };
  },
  DescribeServices: (cloud, { services }) => ({
    services: (services as string[]).flatMap((name) =>
      [...cloud.services.keys()].some((arn) => arn.endsWith(`/${name}`))
        ? [{ serviceName: name, status: 'ACTIVE' }]
        : [],
    ),
  }),
  ListTasks: (cloud, { serviceName }) => ({
    taskArns: serviceOf(cloud, serviceName).tasks.map((task) => arnOf(cloud, task)),
  }),
  UpdateService: (cloud, { service }) => {
    void serviceOf(cloud, service)
      .redeploy()
      .catch(() => {});
    return {};
  },
  ListServiceDeployments: (cloud, { service, createdAt }) => {
    const after = Number((createdAt as { after?: number } | undefined)?.after ?? 0) * 1000;
    const { deployments } = serviceOf(cloud, service);
    return { serviceDeployments: deployments.filter((one) => one.createdAt >= after).map(brief) };
  },
  DescribeServiceDeployments: (cloud, { serviceDeploymentArns }) => ({
    serviceDeployments: allDeployments(cloud)
      .filter(({ arn }) => (serviceDeploymentArns as string[]).includes(arn))
      .map((one) => ({
        ...brief(one),
        rollback: one.before && { reason: one.reason, serviceRevisionArn: `${one.arn}/before` },
      })),
  }),
  DescribeServiceRevisions: (cloud, { serviceRevisionArns }) => ({
    serviceRevisions: (serviceRevisionArns as string[]).map((arn) => {
      const one = allDeployments(cloud).find((deployment) => arn.startsWith(deployment.arn)) ?? missing(arn);
      return {
        serviceRevisionArn: arn,
        taskDefinition: arn.endsWith('/before') ? one.before : one.taskDefinition,
      };
    }),
  }),
  ListTaskDefinitions: (cloud, { familyPrefix }) => ({
    taskDefinitionArns: [...cloud.taskDefinitions.keys()]
      .filter((arn) => arn.includes(`/${familyPrefix}:`))
      .reverse(),
  }),
  DeregisterTaskDefinition: (cloud, { taskDefinition }) => {
    cloud.taskDefinitions.delete(String(taskDefinition));
    return {};
  },
};

const allDeployments = (cloud: Cloud) =>
  [...cloud.services.values()].flatMap(({ deployments }) => deployments);

const brief = ({ arn, status, createdAt, reason }: Service['deployments'][number]) => ({
  serviceDeploymentArn: arn,
  status,
  statusReason: reason,
  createdAt: seconds(createdAt),
  targetServiceRevisionArn: `${arn}/revision`,
});

function arnOf(cloud: Cloud, task: Task): string {
  const arn = `arn:aws:ecs:${cloud.region}:123456789012:task/rehearsal/${task.id}`;
  cloud.tasks.set(arn, task);
  return arn;
}
