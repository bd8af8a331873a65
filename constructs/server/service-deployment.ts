import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentBrief,
} from '@aws-sdk/client-ecs';

const ecs = new ECSClient({});

const UNSETTLED = ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];

/** Returns true if a deployment has ended. */
export const isSettled = ({ status }: ServiceDeploymentBrief): boolean => !UNSETTLED.includes(status ?? '');

/** Returns the latest deployment of a service. */
export async function latestDeployment(cluster: string, service: string): Promise<ServiceDeploymentBrief> {
  const { serviceDeployments = [] } = await ecs.send(
    new ListServiceDeploymentsCommand({ cluster, service, maxResults: 20 }),
  );
  const [latest] = [...serviceDeployments].sort(
    (a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0),
  );
  if (!latest) throw new Error(`ECS has no deployment of the service ${service}`);
  return latest;
}

/** Returns the task definition that runs after a deployment, and the reason if the deployment failed. */
export async function outcomeOf(
  brief: ServiceDeploymentBrief,
): Promise<{ readonly running: string; readonly reason: string }> {
  let revisionArn = brief.targetServiceRevisionArn;
  let reason = brief.statusReason;
  if (brief.status !== 'SUCCESSFUL') {
    const { serviceDeployments = [] } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [brief.serviceDeploymentArn!] }),
    );
    const [deployment] = serviceDeployments;
    reason = deployment?.rollback?.reason ?? deployment?.statusReason ?? reason;
    // After a failed rollback, the running revision is unknown.
    revisionArn =
      brief.status === 'ROLLBACK_SUCCESSFUL'
        ? (deployment?.rollback?.serviceRevisionArn ?? deployment?.sourceServiceRevisions?.[0]?.arn)
        : undefined;
  }
  return { running: await taskDefinitionOf(revisionArn), reason: reason ?? 'ECS gave no reason' };
}

async function taskDefinitionOf(serviceRevisionArn?: string): Promise<string> {
  if (!serviceRevisionArn) return 'an unknown revision';
  const { serviceRevisions = [] } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [serviceRevisionArn] }),
  );
  return serviceRevisions[0]?.taskDefinition ?? 'an unknown revision';
}
