import { AlarmStatusWidget, Dashboard, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { DashboardSection } from './dashboard-section';
import type { MonitoringAlarm } from './monitoring-alarm';

export interface EnvironmentDashboardProps {
  /** Name of the dashboard. */
  readonly name: string;
  /** Alarms whose state comes first; those that are part of others are left out. */
  readonly alarms: readonly MonitoringAlarm[];
  /** From top to bottom. */
  readonly sections: readonly DashboardSection[];
}

/**
 * All that is measured of an environment, on one page.
 *
 * Defines a dashboard that starts with what fires, followed by the sections.
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
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { name, alarms, sections }: EnvironmentDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Resource', { dashboardName: name });
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
