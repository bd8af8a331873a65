import { randomUUID } from 'node:crypto';
import { missing, type Operations, ServiceError } from '../core/aws-api';
import type { Party } from '../core/network';
import type { Properties } from '../core/properties';
import type { Deployment } from './deployment';
import type { Ecs } from './ecs';
import type { Service } from './service';
import { deploymentOptions } from './service-options';
import type { Task } from './task';
import type { TaskDefinition } from './task-definition';

const seconds = (milliseconds: number): number => milliseconds / 1000;

/** API operations of ECS. */
export function ecsOperations(ecs: Ecs): Operations {
  return {
    ...taskOperations(ecs),
    ...serviceOperations(ecs),
    ...deploymentOperations(ecs),
    'ecs:ListTaskDefinitions': ({ familyPrefix }) => ({
      taskDefinitionArns: [...ecs.taskDefinitions.keys()]
        .filter((arn) => arn.includes(`/${familyPrefix}:`))
        .reverse(),
    }),
    'ecs:DescribeTaskDefinition': ({ taskDefinition }) => {
      const { container } = ecs.taskDefinitions.get(String(taskDefinition)) ?? missing(taskDefinition);
      const options = { 'awslogs-stream-prefix': container.log.prefix };
      const containerDefinitions = [{ name: container.name, logConfiguration: { options } }];
      return { taskDefinition: { containerDefinitions } };
    },
    'ecs:DeregisterTaskDefinition': ({ taskDefinition }) => {
      ecs.taskDefinitions.delete(String(taskDefinition));
      return {};
    },
  };
}

function taskOperations(ecs: Ecs): Operations {
  /** ARNs of tasks, by the client token of `RunTask`. */
  const started = new Map<unknown, string>();
  return {
    'ecs:RunTask': async ({ taskDefinition: given, cluster, clientToken, networkConfiguration }) => {
      const lastStatus = 'PROVISIONING';
      const taskDefinition = String(given);
      // ECS starts only one task for a client token, even after repeated requests.
      const known = clientToken && started.get(clientToken);
      if (known) return { tasks: [{ taskArn: known, lastStatus }], failures: [] };
      const id = randomUUID().replaceAll('-', '');
      const taskArn = ecs.arnOf(String(cluster).split('/').at(-1)!, id);
      started.set(clientToken, taskArn);
      const network = networkConfiguration ?? missingNetwork();
      const party = runner(ecs, taskDefinition, network);
      // A task is there before ECS fetches what it needs. DescribeTasks tells the reason of a failure.
      await ecs.start({ taskDefinition, arn: taskArn, kind: 'migration', party }).then(
        ({ definition }) => ecs.stage.announce('task started', definition.logicalId),
        ({ message: reason }: Error) => ecs.failedStarts.set(taskArn, { taskDefinition, reason }),
      );
      return { tasks: [{ taskArn, lastStatus }], failures: [] };
    },
    'ecs:DescribeTasks': ({ tasks }) => ({
      tasks: (tasks as string[]).flatMap((taskArn) => {
        const task = ecs.tasks.get(taskArn);
        if (!task) return failedStart(ecs, taskArn);
        const { running, exitCode, definition } = task;
        const { name } = definition.container;
        const createdAt = seconds(task.startedAt);
        return [
          {
            taskArn,
            taskDefinitionArn: definitionArn(ecs, definition),
            lastStatus: running ? 'RUNNING' : 'STOPPED',
            createdAt,
            startedAt: createdAt,
            stoppedReason: 'Essential container in task exited',
            containers: [{ name, ...(!running && { exitCode: exitCode ?? 137 }) }],
          },
        ];
      }),
    }),
    'ecs:StopTask': ({ task }) => {
      if (ecs.failedStarts.has(String(task))) return { task: { taskArn: task } };
      void (ecs.tasks.get(String(task)) ?? missing(task)).stop();
      ecs.stage.announce('task stopped', String(task));
      return { task: { taskArn: task } };
    },
    'ecs:ListTasks': ({ serviceName, family, desiredStatus = 'RUNNING' }) => ({
      taskArns: [...ecs.tasks]
        .filter(([, task]) =>
          family
            ? task.running === (desiredStatus === 'RUNNING') && familyOf(ecs, task) === family
            : serviceOf(ecs, serviceName).tasks.includes(task),
        )
        .map(([arn]) => arn),
    }),
  };
}

/** The description of a task that never started: a list of one, or none. */
function failedStart({ failedStarts, stage }: Ecs, taskArn: string): object[] {
  const found = failedStarts.get(taskArn);
  if (!found) return [];
  const { taskDefinition: taskDefinitionArn, reason: stoppedReason } = found;
  const stopped = { lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart', stoppedReason, containers: [] };
  return [{ taskArn, taskDefinitionArn, createdAt: seconds(stage.clock.now), ...stopped }];
}

const missingNetwork = (): never => {
  throw new ServiceError(
    'InvalidParameterException',
    "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
  );
};

/** Returns the resource that gives a task its network, or the task definition if no resource does. */
function runner(
  { stage: { inventory }, taskDefinitions }: Ecs,
  taskDefinition: string,
  network: unknown,
): Party {
  const { logicalId: name } = taskDefinitions.get(taskDefinition) ?? missing(taskDefinition);
  const holder = inventory.all.find(
    ({ properties: { TaskDefinition, Subnets, SecurityGroups } }) =>
      TaskDefinition === taskDefinition && Subnets && SecurityGroups,
  );
  if (holder) return { name: holder.id, stack: holder.stack };
  const {
    subnets = [],
    securityGroups = [],
    assignPublicIp,
  } = (network as Properties)['awsvpcConfiguration'];
  return { name, placement: { subnets, groups: securityGroups, hasPublicIp: assignPublicIp === 'ENABLED' } };
}

function serviceOperations(ecs: Ecs): Operations {
  return {
    'ecs:DescribeServices': ({ services }) => ({
      services: (services as string[]).flatMap((name) => {
        const [serviceArn, service] = [...ecs.services].find(([arn]) => arn.endsWith(`/${name}`)) ?? [];
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
    'ecs:UpdateService': ({ service: name, taskDefinition, deploymentConfiguration, forceNewDeployment }) => {
      const service = serviceOf(ecs, name);
      if (deploymentConfiguration) {
        const given = spelled(deploymentConfiguration, upperFirst) as Properties;
        service.configure(deploymentOptions(ecs, service.logicalId, given));
      }
      const other = taskDefinition !== undefined && taskDefinition !== service.taskDefinition;
      if (forceNewDeployment || other)
        void service.redeploy(taskDefinition as string | undefined).catch(() => {});
      return {};
    },
  };
}

function deploymentOperations(ecs: Ecs): Operations {
  const all = () => [...ecs.services.values()].flatMap(({ deployments }) => deployments);
  return {
    'ecs:ListServiceDeployments': ({ service, createdAt, status }) => {
      const { after: given = 0 } = (createdAt ?? {}) as { after?: number | string };
      const after = typeof given === 'string' ? Date.parse(given) : given * 1000;
      const wanted = (one: Deployment) =>
        one.createdAt >= after && (!status || (status as string[]).includes(one.status));
      const { deployments } = serviceOf(ecs, service);
      return { serviceDeployments: deployments.filter(wanted).map(brief) };
    },
    'ecs:DescribeServiceDeployments': ({ serviceDeploymentArns }) => ({
      serviceDeployments: all()
        .filter(({ arn }) => (serviceDeploymentArns as string[]).includes(arn))
        .map((one) => ({
          ...brief(one),
          lifecycleStage: one.stage,
          targetServiceRevision: { arn: one.revision },
          sourceServiceRevisions: one.before ? [{ arn: one.formerRevision }] : [],
          rollback: one.before && { reason: one.reason, serviceRevisionArn: one.formerRevision },
        })),
    }),
    'ecs:StopServiceDeployment': ({ serviceDeploymentArn }, caller) => {
      const one = all().find(({ arn }) => arn === serviceDeploymentArn);
      if (!one)
        throw new ServiceError(
          'ServiceDeploymentNotFoundException',
          `${serviceDeploymentArn} does not exist`,
        );
      if (one.status !== 'IN_PROGRESS') throw new ServiceError('ConflictException', `it is ${one.status}`);
      if (!one.before) throw new ServiceError('ConflictException', 'no rollback candidate was found');
      one.stop(caller.name);
      return { serviceDeploymentArn };
    },
    'ecs:DescribeServiceRevisions': ({ serviceRevisionArns }) => ({
      serviceRevisions: (serviceRevisionArns as string[]).map((arn) => {
        const one =
          all().find(({ revision, formerRevision }) => [revision, formerRevision].includes(arn)) ??
          missing(arn);
        return {
          serviceRevisionArn: arn,
          taskDefinition: arn === one.formerRevision ? one.before : one.options.taskDefinition,
        };
      }),
    }),
  };
}

function definitionArn({ taskDefinitions }: Ecs, definition: TaskDefinition): string | undefined {
  return [...taskDefinitions].find(([, one]) => one === definition)?.[0];
}

function familyOf(ecs: Ecs, { definition }: Task): string | undefined {
  return definitionArn(ecs, definition)?.split('/').at(-1)?.replace(/:\d+$/, '');
}

function serviceOf({ services }: Ecs, name: unknown): Service {
  const found = [...services].find(([arn]) => arn.endsWith(`/${name}`) || arn === name);
  return found?.[1] ?? missing(name);
}

const brief = ({ arn, status, createdAt, reason, revision }: Deployment) => ({
  serviceDeploymentArn: arn,
  status,
  statusReason: reason,
  createdAt: seconds(createdAt),
  targetServiceRevisionArn: revision,
});

const lowerFirst = (name: string): string => name[0]!.toLowerCase() + name.slice(1);
const upperFirst = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

/**
 * Converts field names between the API, which begins them with a small letter, and CloudFormation, which begins them
 * with a capital. The details of hooks stay unchanged.
 */
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
