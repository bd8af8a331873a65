import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  type Service,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { pages } from '../../constructs/pages';
import type { EnvironmentState } from './environment-state';
import { trafficWeights } from './traffic-weights';

const UNSETTLED = ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];

export const isUnsettled = ({ status }: Pick<ServiceDeployment, 'status'>): boolean =>
  UNSETTLED.includes(status ?? '');

/** Reads the deployments of a `ContainerServer`, whose cluster and service have the same name. */
export class ServiceDeployments {
  constructor(
    private readonly ecs: ECSClient,
    private readonly name: string,
    private readonly loadBalancing: ElasticLoadBalancingV2Client,
  ) {}

  /** Returns the service; undefined if it does not exist. */
  async service(): Promise<Service | undefined> {
    try {
      const { services = [] } = await this.ecs.send(
        new DescribeServicesCommand({ cluster: this.name, services: [this.name] }),
      );
      return services.find(({ status }) => status !== 'INACTIVE');
    } catch (error) {
      if ((error as Error).name === 'ClusterNotFoundException') return undefined;
      throw error;
    }
  }

  async state(): Promise<EnvironmentState['server']> {
    const service = await this.service();
    if (!service) return undefined;
    const latest = await this.latest();
    const alarms = service.deploymentConfiguration?.alarms;
    const weights = await trafficWeights(this.loadBalancing, service.loadBalancers ?? []);
    return {
      running: service.runningCount ?? 0,
      desired: service.desiredCount ?? 0,
      alarms: alarms === undefined || !alarms.alarmNames?.length || alarms.enable === true,
      ...(weights && { weights }),
      // ECS keeps deployments for 90 days. If none is listed, the service's own task definition has not changed since.
      ...(latest ? await this.meaning(latest) : { taskDefinition: service.taskDefinition }),
    };
  }

  /** Returns the newest deployment. */
  async latest(): Promise<ServiceDeployment | undefined> {
    const { serviceDeployments = [] } = await this.ecs.send(
      new ListServiceDeploymentsCommand({ cluster: this.name, service: this.name, maxResults: 20 }),
    );
    const [newest] = [...serviceDeployments].sort(
      (a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0),
    );
    return newest?.serviceDeploymentArn ? this.describe(newest.serviceDeploymentArn) : undefined;
  }

  async describe(arn: string): Promise<ServiceDeployment | undefined> {
    const { serviceDeployments = [] } = await this.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
    );
    return serviceDeployments[0];
  }

  /** Returns the ARNs of the family's active revisions, newest first. */
  async registered(): Promise<Set<string>> {
    const arns = new Set<string>();
    const query = { familyPrefix: this.name, status: 'ACTIVE', sort: 'DESC' } as const;
    const lists = pages(
      (nextToken) => this.ecs.send(new ListTaskDefinitionsCommand({ ...query, nextToken })),
      ({ nextToken }) => nextToken,
    );
    for await (const { taskDefinitionArns = [] } of lists)
      for (const arn of taskDefinitionArns) arns.add(arn);
    return arns;
  }

  /** Returns the revision that serves users at this stage of a deployment. */
  private async meaning(deployment: ServiceDeployment) {
    const target = deployment.targetServiceRevision?.arn;
    const source = deployment.sourceServiceRevisions?.[0]?.arn;
    switch (deployment.status) {
      case 'SUCCESSFUL':
        return { taskDefinition: await this.taskDefinitionOf(target) };
      case 'ROLLBACK_SUCCESSFUL':
        return {
          taskDefinition: await this.taskDefinitionOf(deployment.rollback?.serviceRevisionArn ?? source),
        };
      default: {
        const unsettled = isUnsettled(deployment);
        return {
          // After a failed rollback, the revision is unknown.
          taskDefinition: unsettled ? await this.taskDefinitionOf(source) : undefined,
          ...(unsettled && {
            deployment: {
              arn: deployment.serviceDeploymentArn!,
              status: deployment.status!,
              stage: deployment.lifecycleStage,
              taskDefinition: await this.taskDefinitionOf(target),
            },
          }),
        };
      }
    }
  }

  private async taskDefinitionOf(serviceRevision: string | undefined): Promise<string | undefined> {
    if (!serviceRevision) return undefined;
    const { serviceRevisions = [] } = await this.ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [serviceRevision] }),
    );
    return serviceRevisions[0]?.taskDefinition;
  }
}
