import { ReferenceStrength } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { AccessLogs } from '../../constructs/client';
import { EdgeAlarms, EdgeLogQueries } from '../../constructs/monitoring';
import { edgeLogs } from './edge-logs';
import { EnvironmentStack } from './environment-stack';
import { escalateFromUsEast1 } from './escalate';
import type { OperationsStackProps } from './operations-stack';

export interface EdgeOperationsStackProps extends OperationsStackProps {
  /**
   * Key of the environment in us-east-1.
   * @default - logs are encrypted with a key owned by AWS
   */
  readonly encryptionKey?: IKey;
}

/** CloudFront's alarms and logs in us-east-1, for an environment in another region. */
export class EdgeOperationsStack extends EnvironmentStack {
  constructor(scope: Construct, id: string, props: EdgeOperationsStackProps) {
    const { name, settings, release } = props;
    super(scope, id, {
      references: ReferenceStrength.WEAK,
      region: 'us-east-1',
      description: `${name}: logs and alarms of CloudFront`,
      settings,
      key: props.encryptionKey,
    });

    const { distributionId } = release;
    const distribution = Distribution.fromDistributionAttributes(this, 'Distribution', {
      distributionId,
      domainName: release.client.url,
    });
    new AccessLogs(this, 'AccessLogs', { name, distribution });
    new EdgeAlarms(this, 'Edge', { name, distributionId });
    new EdgeLogQueries(this, 'Queries', { name, ...edgeLogs(this, name) });
    escalateFromUsEast1(this, { name, settings });
  }
}
