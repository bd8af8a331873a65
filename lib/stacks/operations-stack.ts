import { ReferenceStrength } from 'aws-cdk-lib';
import { Dashboard, GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Settings } from '../../config';
import { EdgeAlarms } from '../../constructs/monitoring';
import type { DataStack } from './data-stack';
import { EnvironmentStack } from './environment-stack';
import type { ReleaseStack } from './release-stack';

export interface OperationsStackProps {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly settings: Settings;
  readonly data: DataStack;
  readonly release: ReleaseStack;
}

/** What people look at: it can go and come back without touching what runs. */
export class OperationsStack extends EnvironmentStack {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { name, settings, data, release }: OperationsStackProps) {
    super(scope, id, {
      references: ReferenceStrength.WEAK,
      region: settings.region,
      description: `${name}: dashboard`,
    });

    if (settings.region === 'us-east-1') {
      new EdgeAlarms(this, 'Edge', { name, distributionId: release.distributionId });
    }
    const { server } = release;
    const { cluster } = data.database;
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      widgets: [
        [
          new GraphWidget({ title: 'Requests', left: [server.metricRequests()], width: 12 }),
          new GraphWidget({ title: 'Server errors', left: [server.metricServerErrors()], width: 12 }),
        ],
        [
          new GraphWidget({
            title: 'Server: CPU and memory (%)',
            left: [server.service.metricCpuUtilization(), server.service.metricMemoryUtilization()],
            width: 12,
          }),
          new GraphWidget({
            title: 'Database: connections and CPU (%)',
            left: [cluster.metricDatabaseConnections()],
            right: [cluster.metricCPUUtilization()],
            width: 12,
          }),
        ],
      ],
    });
  }
}
