import { ReferenceStrength } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EdgeAlarms } from '../../constructs/monitoring';
import { EnvironmentStack } from './environment-stack';
import type { OperationsStackProps } from './operations-stack';

/** What watches CloudFront, for an environment that is elsewhere. */
export class EdgeOperationsStack extends EnvironmentStack {
  constructor(scope: Construct, id: string, { name, release }: OperationsStackProps) {
    super(scope, id, {
      references: ReferenceStrength.WEAK,
      region: 'us-east-1',
      description: `${name}: alarms of CloudFront`,
    });

    new EdgeAlarms(this, 'Edge', { name, distributionId: release.distributionId });
  }
}
