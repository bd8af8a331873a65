import { type CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { PolledResource } from '../handler/polled-resource';
import { FIRST_RELEASE, type FirstReleaseProperties } from './first-release.properties';

export interface FirstReleaseProps {
  /** Name of the service and of its task definition family. */
  readonly name: string;
  readonly cluster: ICluster;
  readonly clusterName: string;
  readonly logGroup: ILogGroup;
  /** Time in which the tasks must become healthy. */
  readonly healthyWithin: Duration;
}

/** Time limit of a polled custom resource. */
const MOST = Duration.minutes(55);

/**
 * Watches the first deployment of a service.
 *
 * Defines a custom resource and its handler. CloudFormation creates the custom resource at the same time as the
 * service. If the tasks do not become healthy, the resource fails with the reason and the last lines of the log, and
 * CloudFormation deletes the service.
 */
export class FirstRelease extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: FirstReleaseProps) {
    super(scope, id);

    const healthy = Math.min(props.healthyWithin.toSeconds(), MOST.toSeconds() - 300);
    const properties: FirstReleaseProperties = {
      Cluster: props.clusterName,
      Service: props.name,
      Family: props.name,
      Container: 'server',
      LogGroup: props.logGroup.logGroupName,
      HealthySeconds: String(healthy),
    };
    this.resource = new PolledResource(this, 'Watch', {
      resourceType: FIRST_RELEASE,
      bundle: 'first-release',
      description: 'Fails the creation of a service whose tasks do not become healthy',
      properties,
      policy: this.policy(props),
      totalTimeout: Duration.seconds(healthy + 300),
    }).resource;
  }

  private policy({ name, cluster, clusterName, logGroup }: FirstReleaseProps): PolicyStatement[] {
    const stack = Stack.of(this);
    const arn = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'ecs', resource, resourceName });
    const deployments = arn('service-deployment', `${clusterName}/${name}/*`);
    const tasks = arn('task', `${clusterName}/*`);
    acknowledge(this, `IAM5[Resource::${deployments}]`, 'ECS assigns the id of a deployment when it starts.');
    acknowledge(this, `IAM5[Resource::${tasks}]`, 'ECS assigns the id of a task when it starts.');
    acknowledge(
      this,
      'IAM5[Resource::*]',
      'ListTasks lists by family; a condition restricts it to the cluster. DescribeTaskDefinition cannot be restricted.',
    );
    return [
      new PolicyStatement({
        actions: ['ecs:ListServiceDeployments'],
        resources: [arn('service', `${clusterName}/${name}`)],
      }),
      new PolicyStatement({ actions: ['ecs:DescribeServiceDeployments'], resources: [deployments] }),
      new PolicyStatement({
        actions: ['ecs:ListTasks'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
      }),
      new PolicyStatement({ actions: ['ecs:DescribeTasks'], resources: [tasks] }),
      new PolicyStatement({ actions: ['ecs:DescribeTaskDefinition'], resources: ['*'] }),
      new PolicyStatement({ actions: ['logs:GetLogEvents'], resources: [logGroup.logGroupArn] }),
    ];
  }
}
