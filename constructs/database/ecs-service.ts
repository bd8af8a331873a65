import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type ServiceDeploymentBrief,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { pages } from '../pages';
import type { TaskTimes } from './active-login';

const client = new ECSClient({});

/** State of a deployment of a service. */
export type DeploymentState =
  | { readonly kind: 'none' | 'running' | 'succeeded' }
  | { readonly kind: 'failed'; readonly reason: string };

const RUNNING = new Set([
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
]);

/** ECS service whose tasks are replaced so that they get a new login. */
export class EcsService {
  constructor(
    private readonly cluster: string,
    private readonly service: string,
  ) {}

  /** Returns false if the service does not exist yet, before the first release. */
  async exists(): Promise<boolean> {
    try {
      const { services = [] } = await client.send(
        new DescribeServicesCommand({ cluster: this.cluster, services: [this.service] }),
      );
      return services.some(({ status }) => status === 'ACTIVE');
    } catch (error) {
      if ((error as Error).name === 'ClusterNotFoundException') return false;
      throw error;
    }
  }

  /** Returns the times of running and starting tasks. */
  async tasks(): Promise<TaskTimes[]> {
    const arns: string[] = [];
    const query = { cluster: this.cluster, serviceName: this.service };
    const lists = pages(
      (nextToken) => client.send(new ListTasksCommand({ ...query, nextToken })),
      ({ nextToken }) => nextToken,
    );
    for await (const { taskArns = [] } of lists) arns.push(...taskArns);

    const times: TaskTimes[] = [];
    // DescribeTasks accepts at most 100 tasks.
    for (let from = 0; from < arns.length; from += 100) {
      const { tasks = [] } = await client.send(
        new DescribeTasksCommand({ cluster: this.cluster, tasks: arns.slice(from, from + 100) }),
      );
      times.push(
        ...tasks
          .filter(({ lastStatus }) => lastStatus !== 'STOPPED')
          // A task without a creation time counts as old.
          .map(({ createdAt, startedAt }) => ({ createdAt: createdAt ?? new Date(0), startedAt })),
      );
    }
    return times;
  }

  /** Returns the state of the latest deployment, or of the latest deployment after `since`. */
  async deployment(since?: Date): Promise<DeploymentState> {
    const { serviceDeployments = [] } = await client.send(
      new ListServiceDeploymentsCommand({
        cluster: this.cluster,
        service: this.service,
        createdAt: since && { after: since },
      }),
    );
    const latest = serviceDeployments.reduce<ServiceDeploymentBrief | undefined>(
      (newest, one) => (!newest || (one.createdAt ?? 0) > (newest.createdAt ?? 0) ? one : newest),
      undefined,
    );
    if (!latest?.status) return { kind: 'none' };
    if (RUNNING.has(latest.status)) return { kind: 'running' };
    if (latest.status === 'SUCCESSFUL') return { kind: 'succeeded' };
    return { kind: 'failed', reason: await this.reason(latest) };
  }

  /** Replaces all tasks. */
  async roll(): Promise<void> {
    await client.send(
      new UpdateServiceCommand({ cluster: this.cluster, service: this.service, forceNewDeployment: true }),
    );
  }

  private async reason({
    serviceDeploymentArn,
    status,
    statusReason,
  }: ServiceDeploymentBrief): Promise<string> {
    const { serviceDeployments: [details] = [] } = await client.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeploymentArn!] }),
    );
    return [status, details?.statusReason ?? statusReason, details?.rollback?.reason]
      .filter(Boolean)
      .join(': ');
  }
}
