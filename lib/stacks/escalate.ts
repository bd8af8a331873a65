import { Annotations } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentName, Settings } from '../../config';
import { Escalation, EscalationForwarder, Tickets } from '../../constructs/escalation';
import { MonitoringAlarm } from '../../constructs/monitoring';

export interface Escalated {
  /** Prefix of physical names. */
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly settings: Settings;
  /** Name of the dashboard. */
  readonly dashboard: string;
  /** Where the server writes. */
  readonly logGroup: ILogGroup;
  /** What users feel when one of these fires is no cause but a consequence. */
  readonly database: Construct;
  readonly business: Construct;
  /** What takes a deployment back: it has to be heard during one. */
  readonly takesBack: MonitoringAlarm;
}

/** Gives every alarm of a stack the people who are told of it, as the settings say. */
export function escalate(scope: Construct, escalated: Escalated): void {
  const { name, environment, settings, dashboard, logGroup, database, business, takesBack } = escalated;
  const { tiers, ticketEmails, fallbackEmail, maintenance, webhook, ...plan } = settings.escalation;
  // Before the escalation's own, which have a way of their own.
  const alarms = MonitoringAlarm.in(scope);
  const ofSeverity = (severity: string) => alarms.filter(({ summary }) => summary.severity === severity);
  if (tiers.length === 0) {
    if (environment === 'production')
      Annotations.of(scope).addWarningV2(
        'framework53:nobody-paged',
        "nobody is told when production fails; add 'escalation.tiers' to framework53.config.ts",
      );
    if (ticketEmails.length === 0) return;
    const tickets = new Tickets(scope, 'Tickets', { name, emails: ticketEmails, maintenance });
    for (const alarm of ofSeverity('ticket')) tickets.ticket(alarm);
    return;
  }

  const escalation = new Escalation(scope, 'Escalation', {
    name,
    plan: { ...plan, tiers },
    webhookUrl: webhook,
    ticketEmails,
    fallbackEmails: fallbackEmail === undefined ? [] : [fallbackEmail],
    acknowledgeLink: plan.acknowledgeLink,
    acknowledgeConcurrency: plan.acknowledgeConcurrency,
    testPage: plan.testPage,
    maintenance,
    deployments: settings.server.deployment !== 'rolling',
    pointers: { dashboard, logGroup, runbooks: plan.runbooks },
  });
  for (const alarm of ofSeverity('ticket')) escalation.ticket(alarm);
  const within = (part: Construct) => (alarm: MonitoringAlarm) => alarm.node.scopes.includes(part);
  const causes = ofSeverity('page').filter(within(database));
  for (const alarm of ofSeverity('page')) {
    const isCause = causes.includes(alarm);
    escalation.page(alarm, {
      cause: isCause ? 'database' : within(business)(alarm) ? 'business' : undefined,
      explainedBy: isCause ? [] : causes,
      duringDeployments: alarm === takesBack,
    });
  }
}

/** The same for alarms in us-east-1, for an environment that is elsewhere: they page by its escalation. */
export function escalateFromTheEdge(
  scope: Construct,
  { name, settings }: Pick<Escalated, 'name' | 'settings'>,
): void {
  const { tiers, fallbackEmail, maintenance } = settings.escalation;
  if (tiers.length === 0) return;
  const alarms = MonitoringAlarm.in(scope).filter(({ summary }) => summary.severity === 'page');
  const forwarder = new EscalationForwarder(scope, 'Escalation', {
    name,
    homeRegion: settings.region,
    fallbackEmails: fallbackEmail === undefined ? [] : [fallbackEmail],
    maintenance,
  });
  for (const alarm of alarms) forwarder.page(alarm);
}
