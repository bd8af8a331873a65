import { randomUUID } from 'node:crypto';
import { missing, type Operation, ServiceError } from '../api/service-error';
import type { EmulatedAccount } from '../emulated-account';
import type { Properties } from '../resource-handler';
import type { Deployment } from './deployment';
import type { Service } from './service';
import { deploymentOptions } from './service-options';
import { Task } from './task';

const seconds = (milliseconds: number): number => milliseconds / 1000;

function serviceOf(cloud: EmulatedAccount, name: unknown): Service {
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
    services: (services as string[]).flatMap((name) => {
      const [serviceArn, service] = [...cloud.services].find(([arn]) => arn.endsWith(`/${name}`)) ?? [];
      if (!service) return [];
      const { taskDefinition, configuration, count } = service;
      return [
        {
          serviceName: name,
          serviceArn,
          status: 'ACTIVE',
          taskDefinition,
          desiredCount: count,
          runningCount: service.live.length,
          deploymentConfiguration: spelled(configuration, lowerFirst),
        },
      ];
    }),
  }),
  ListTasks: (cloud, { serviceName }) => ({
    taskArns: serviceOf(cloud, serviceName).tasks.map((task) => arnOf(cloud, task)),
  }),
  UpdateService: (cloud, { service: name, taskDefinition, deploymentConfiguration, forceNewDeployment }) => {
    const service = serviceOf(cloud, name);
    if (deploymentConfiguration) {
      const given = spelled(deploymentConfiguration, upperFirst) as Properties;
      service.configure(deploymentOptions({ cloud, id: service.logicalId }, given));
    }
    const other = taskDefinition !== undefined && taskDefinition !== service.taskDefinition;
    if (forceNewDeployment || other)
      void service.redeploy(taskDefinition as string | undefined).catch(() => {});
    return {};
  },
  ListServiceDeployments: (cloud, { service, createdAt, status }) => {
    const after = Number((createdAt as { after?: number } | undefined)?.after ?? 0) * 1000;
    const wanted = (one: Deployment) =>
      one.createdAt >= after && (!status || (status as string[]).includes(one.status));
    const { deployments } = serviceOf(cloud, service);
    return { serviceDeployments: deployments.filter(wanted).map(brief) };
  },
  DescribeServiceDeployments: (cloud, { serviceDeploymentArns }) => ({
    serviceDeployments: allDeployments(cloud)
      .filter(({ arn }) => (serviceDeploymentArns as string[]).includes(arn))
      .map((one) => ({
        ...brief(one),
        lifecycleStage: one.stage,
        targetServiceRevision: { arn: `${one.arn}/revision` },
        sourceServiceRevisions: one.before ? [{ arn: `${one.arn}/before` }] : [],
        rollback: one.before && { reason: one.reason, serviceRevisionArn: `${one.arn}/before` },
      })),
  }),
  StopServiceDeployment: (cloud, { serviceDeploymentArn }, by) => {
    const one = allDeployments(cloud).find(({ arn }) => arn === serviceDeploymentArn);
    if (!one)
      throw new ServiceError('ServiceDeploymentNotFoundException', `${serviceDeploymentArn} is not there`);
    if (one.status !== 'IN_PROGRESS') throw new ServiceError('ConflictException', `it is ${one.status}`);
    one.stop(by);
    return { serviceDeploymentArn };
  },
  DescribeServiceRevisions: (cloud, { serviceRevisionArns }) => ({
    serviceRevisions: (serviceRevisionArns as string[]).map((arn) => {
      const one = allDeployments(cloud).find((deployment) => arn.startsWith(deployment.arn)) ?? missing(arn);
      return {
        serviceRevisionArn: arn,
        taskDefinition: arn.endsWith('/before') ? one.before : one.options.taskDefinition,
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

const allDeployments = (cloud: EmulatedAccount) =>
  [...cloud.services.values()].flatMap(({ deployments }) => deployments);

const brief = ({ arn, status, createdAt, reason }: Deployment) => ({
  serviceDeploymentArn: arn,
  status,
  statusReason: reason,
  createdAt: seconds(createdAt),
  targetServiceRevisionArn: `${arn}/revision`,
});

function arnOf(cloud: EmulatedAccount, task: Task): string {
  const arn = `arn:aws:ecs:${cloud.region}:123456789012:task/rehearsal/${task.id}`;
  cloud.tasks.set(arn, task);
  return arn;
}

const lowerFirst = (name: string): string => name[0]!.toLowerCase() + name.slice(1);
const upperFirst = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

/** The names of the API begin small, those of CloudFormation do not; what a hook gets is nobody's to spell. */
function spelled(value: unknown, spell: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => spelled(item, spell));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      spell(name),
      /^hookDetails$/i.test(name) ? inner : spelled(inner, spell),
    ]),
  );
}
