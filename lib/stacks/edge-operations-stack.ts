import { ReferenceStrength } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { AccessLogs } from '../../constructs/client';
import { EdgeAlarms, EdgeLogQueries } from '../../constructs/monitoring';
import { edgeLogs } from './edge-logs';
import { EnvironmentStack } from './environment-stack';
import { escalateFromTheEdge } from './escalate';
import { logOptions } from './log-options';
import type { OperationsStackProps } from './operations-stack';

/** What watches CloudFront, for an environment that is elsewhere. */
export class EdgeOperationsStack extends EnvironmentStack {
  constructor(scope: Construct, id: string, { name, settings, release }: OperationsStackProps) {
    super(scope, id, {
      references: ReferenceStrength.WEAK,
      region: 'us-east-1',
      description: `${name}: logs and alarms of CloudFront`,
    });

    const { distributionId } = release;
    const distribution = Distribution.fromDistributionAttributes(this, 'Distribution', {
      distributionId,
      domainName: release.client.url,
    });
    new AccessLogs(this, 'AccessLogs', { name, distribution, logs: logOptions(settings) });
    new EdgeAlarms(this, 'Edge', { name, distributionId });
    new EdgeLogQueries(this, 'Queries', { name, ...edgeLogs(this, name) });
    escalateFromTheEdge(this, { name, settings });
  }
}
