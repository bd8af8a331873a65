import { Duration, ReferenceStrength } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { EnvironmentName, Settings } from '../../config';
import {
  ApiPerformance,
  type BusinessMetric,
  BusinessMetrics,
  type CanaryOptions,
  DatabaseHealth,
  EdgeAlarms,
  EdgeLogQueries,
  EnvironmentDashboard,
  FirstCanaryRun,
  MonitoringAlarm,
  MonthlyBudget,
  ServerHealth,
  ServerLogMetrics,
  ServerLogQueries,
  UserExperience,
} from '../../constructs/monitoring';
import type { DataStack } from './data-stack';
import { edgeLogs } from './edge-logs';
import { EnvironmentStack } from './environment-stack';
import { escalate } from './escalate';
import type { ReleaseStack } from './release-stack';

export interface OperationsStackProps {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly settings: Settings;
  readonly data: DataStack;
  readonly release: ReleaseStack;
}

/**
 * Stack of the alarms, the dashboard, the canary and the escalation. No resource that serves users depends on this
 * stack.
 */
export class OperationsStack extends EnvironmentStack {
  /** Dashboard of the environment. */
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    const { name, settings, data, release } = props;
    super(scope, id, {
      references: ReferenceStrength.WEAK,
      region: settings.region,
      description: `${name}: dashboard, alarms and canary`,
      settings,
      key: data.encryptionKey,
    });
    const { server } = release;
    const { logGroup } = server;

    const users = this.users(props);
    const api = this.api(props);
    const health = new ServerHealth(this, 'Server', { name, server, releaseStack: release.stackName });
    const database = new DatabaseHealth(this, 'Database', {
      name,
      metrics: data.database.metrics,
      connections: data.connections,
    });
    const business = new BusinessMetrics(this, 'Business', {
      name,
      logGroup,
      metrics: settings.monitoring.businessMetrics.map(businessMetric),
    });
    this.firstCanaryRun(users, props);
    this.budget(props);
    escalate(this, {
      name,
      environment: props.environment,
      settings,
      dashboard: name,
      server,
      database,
      business,
      rollback: health.serverFails,
    });
    this.dashboard = new EnvironmentDashboard(this, 'Dashboard', {
      name,
      alarms: MonitoringAlarm.in(this),
      sections: [users, api, health, database, business].map(({ section }) => section),
    }).dashboard;
  }

  /**
   * Defines the monitoring of the application as users see it. For an environment in us-east-1, CloudFront's metrics
   * and logs are in the region of this stack.
   */
  private users({ name, settings, release }: OperationsStackProps): UserExperience {
    const { rumPercent, canaryMinutes } = settings.monitoring;
    const { distributionId } = release;
    const canary: CanaryOptions = {
      url: release.client.url,
      checks: release.checks.all,
      interval: Duration.minutes(canaryMinutes),
    };
    const users = new UserExperience(this, 'Users', {
      name,
      distributionId,
      appMonitor: rumPercent > 0 ? name : undefined,
      canary: canaryMinutes > 0 ? canary : undefined,
    });
    if (settings.region === 'us-east-1') {
      new EdgeAlarms(this, 'Edge', { name, distributionId });
      new EdgeLogQueries(this, 'EdgeQueries', { name, ...edgeLogs(this, name) });
    }
    return users;
  }

  private api({ name, settings, release }: OperationsStackProps): ApiPerformance {
    const { distributionId, server } = release;
    const { availabilityObjective, latencyObjective, latencyMilliseconds } = settings.monitoring;
    const { logGroup } = server;
    return new ApiPerformance(this, 'Api', {
      name,
      server,
      distributionId,
      logMetrics: new ServerLogMetrics(this, 'ServerLog', { name, logGroup }),
      logQueries: new ServerLogQueries(this, 'Queries', { name, logGroup }),
      objectives: {
        availability: availabilityObjective,
        latency: latencyObjective,
        latencyThreshold: Duration.millis(latencyMilliseconds),
      },
    });
  }

  private firstCanaryRun({ canary, canaryFails }: UserExperience, { release }: OperationsStackProps): void {
    if (!canary || canary.interval.toMinutes() > FirstCanaryRun.LONGEST_INTERVAL.toMinutes()) return;
    const run = new FirstCanaryRun(this, 'FirstCanaryRun', { canary, release: release.revision });
    // Before the first run there is no data. An alarm that treats missing data as a breach would page at once.
    canaryFails?.node.addDependency(run);
  }

  private budget({ name, settings, environment }: OperationsStackProps): void {
    const { budget } = settings.monitoring;
    if (!budget) return;
    new MonthlyBudget(this, 'Budget', {
      name,
      amount: budget.monthlyUsd,
      email: budget.email,
      // These tags are on every resource of the environment.
      tags: { application: name.slice(0, -environment.length - 1), environment },
    });
  }
}

/** Converts a business metric of the settings to the properties of the construct. */
function businessMetric({
  name,
  event,
  pattern,
  embedded,
  value,
  alarm,
}: Settings['monitoring']['businessMetrics'][number]): BusinessMetric {
  return {
    name,
    lines: embedded ? { embedded } : event === undefined ? { pattern: pattern! } : { event },
    value,
    alarm: alarm && {
      meaning: alarm.meaning,
      action: alarm.action,
      severity: alarm.severity,
      threshold:
        alarm.above !== undefined
          ? { above: alarm.above }
          : alarm.below !== undefined
            ? { below: alarm.below }
            : { stdDevs: alarm.unusualBy! },
      period: Duration.minutes(alarm.minutes),
    },
  };
}
