import { AlarmStatusWidget, Dashboard, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { validName } from '../physical-name';
import type { DashboardSection } from './dashboard-section';
import type { MonitoringAlarm } from './monitoring-alarm';

/** Properties of an `EnvironmentDashboard`. */
export interface EnvironmentDashboardProps {
  /**
   * Name of the dashboard.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Alarms whose states are shown at the top. Alarms of severity `part` are left out. */
  readonly alarms: readonly MonitoringAlarm[];
  /** Sections, from top to bottom. */
  readonly sections: readonly DashboardSection[];
}

/**
 * Dashboard of an environment.
 *
 * Defines a dashboard with the states of the alarms, followed by the sections.
 * @example
 * const experience = new UserExperience(this, 'Users', {
 *   name: 'guestbook-production',
 *   distributionId: client.distribution.distributionId,
 * });
 * new EnvironmentDashboard(this, 'Dashboard', {
 *   name: 'guestbook-production',
 *   alarms: MonitoringAlarm.in(this),
 *   sections: [experience.section],
 * });
 */
export class EnvironmentDashboard extends Construct {
  /** The dashboard. */
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { name, alarms, sections }: EnvironmentDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Resource', { dashboardName: validName(this, name) });
    const of = (severity: string) =>
      alarms.filter(({ summary }) => summary.severity === severity).map(({ alarm }) => alarm);
    this.dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Pages', alarms: of('page'), width: 12, height: 3 }),
      new AlarmStatusWidget({ title: 'Tickets', alarms: of('ticket'), width: 12, height: 3 }),
    );
    for (const { title, rows } of sections) {
      this.dashboard.addWidgets(new TextWidget({ markdown: `## ${title}`, width: 24, height: 1 }));
      for (const row of rows) if (row.length > 0) this.dashboard.addWidgets(...row);
    }
  }
}
