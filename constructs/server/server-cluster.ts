import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { ProtectedLogGroup } from '../logs/protected-log-group';

/** Defines a cluster with enhanced Container Insights, and the log group of Container Insights. */
export function clusterWithInsights(scope: Construct, vpc: IVpc, clusterName: string): Cluster {
  // Otherwise Container Insights creates this log group itself, without retention and data protection.
  const insights = new ProtectedLogGroup(scope, 'Insights', {
    logGroupName: `/aws/ecs/containerinsights/${clusterName}/performance`,
  });
  const cluster = new Cluster(scope, 'Cluster', {
    clusterName,
    vpc,
    containerInsightsV2: ContainerInsights.ENHANCED,
  });
  cluster.node.addDependency(insights);
  return cluster;
}
