import { Duration, ReferenceStrength } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { EnvironmentName, Settings } from '../../config';
import {
  ApiPerformance,
  type BusinessMetric,
  BusinessMetrics,
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

/** Alarms, dashboard, canary and escalation. Nothing that serves users depends on this stack. */
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
    const { monitoring } = settings;
    const { distributionId, server } = release;
    const { logGroup } = server;

    const users = new UserExperience(this, 'Users', {
      name,
      distributionId,
      appMonitor: monitoring.rumPercent > 0 ? name : undefined,
      canary:
        monitoring.canaryMinutes > 0
          ? {
              url: release.client.url,
              checks: release.checks.all,
              interval: Duration.minutes(monitoring.canaryMinutes),
            }
          : undefined,
    });
    if (settings.region === 'us-east-1') {
      new EdgeAlarms(this, 'Edge', { name, distributionId });
      new EdgeLogQueries(this, 'EdgeQueries', { name, ...edgeLogs(this, name) });
    }
    const logMetrics = new ServerLogMetrics(this, 'ServerLog', { name, logGroup });
    const logQueries = new ServerLogQueries(this, 'Queries', { name, logGroup });
    const api = new ApiPerformance(this, 'Api', {
      name,
      server,
      distributionId,
      logMetrics,
      logQueries,
      objectives: {
        availability: monitoring.availabilityObjective,
        latency: monitoring.latencyObjective,
        latencyThreshold: Duration.millis(monitoring.latencyMilliseconds),
      },
    });
    const health = new ServerHealth(this, 'Server', { name, server, releaseStack: release.stackName });
    const database = new DatabaseHealth(this, 'Database', {
      name,
      metrics: data.database.metrics,
      connections: data.connections,
    });
    const business = new BusinessMetrics(this, 'Business', {
      name,
      logGroup,
      metrics: monitoring.businessMetrics.map(businessMetric),
    });
    if (users.canary && monitoring.canaryMinutes <= FirstCanaryRun.LONGEST_INTERVAL.toMinutes())
      new FirstCanaryRun(this, 'FirstCanaryRun', {
        canary: users.canary,
        release: release.revision,
      });
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

  private budget({ name, settings, environment }: OperationsStackProps): void {
    const { budget } = settings.monitoring;
    if (!budget) return;
    new MonthlyBudget(this, 'Budget', {
      name,
      amount: budget.monthlyUsd,
      email: budget.email,
      // As every resource of the environment is tagged.
      tags: { application: name.slice(0, -environment.length - 1), environment },
    });
  }
}

/** As the construct takes what the configuration says. */
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
