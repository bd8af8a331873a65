import { Annotations, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentName, Settings } from '../../config';
import {
  Escalation,
  EscalationForwarder,
  type MaintenanceWindow,
  Tickets,
} from '../../constructs/escalation';
import { MonitoringAlarm } from '../../constructs/monitoring';
import type { ContainerServer } from '../../constructs/server';

export interface EscalateOptions {
  /** Prefix of physical names. */
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly settings: Settings;
  /** Name of the dashboard. */
  readonly dashboard: string;
  readonly server: ContainerServer;
  /** Scope of the database alarms. These alarms explain other pages. */
  readonly database: Construct;
  /** Scope of the business alarms. These alarms open a separate incident. */
  readonly business: Construct;
  /** Alarm that rolls a deployment back. This alarm notifies people during a deployment too. */
  readonly rollback: MonitoringAlarm;
}

/** Connects the alarms of a stack to the people that the settings name. */
export function escalate(scope: Construct, options: EscalateOptions): void {
  // Leaves out the alarms of the escalation itself, which notify people directly.
  const alarms = MonitoringAlarm.in(scope);
  if (options.settings.escalation.tiers.length > 0) pageAndTicket(scope, alarms, options);
  else ticketOnly(scope, alarms, options);
}

/** Notifies by ticket only, for an environment without tiers. Nobody is paged. */
function ticketOnly(
  scope: Construct,
  alarms: readonly MonitoringAlarm[],
  { name, environment, settings }: EscalateOptions,
): void {
  if (environment === 'production')
    Annotations.of(scope).addWarningV2(
      'framework53:nobody-paged',
      "nobody is notified when production fails; add 'escalation.tiers' to framework53.config.ts",
    );
  const { ticketEmails } = settings.escalation;
  if (ticketEmails.length === 0) return;
  const tickets = new Tickets(scope, 'Tickets', {
    name,
    emails: ticketEmails,
    maintenance: maintenanceWindows(settings),
  });
  for (const alarm of ofSeverity(alarms, 'ticket')) tickets.ticket(alarm);
}

function pageAndTicket(scope: Construct, alarms: readonly MonitoringAlarm[], options: EscalateOptions): void {
  const escalation = escalationOf(scope, options);
  for (const alarm of ofSeverity(alarms, 'ticket')) escalation.ticket(alarm);
  const isWithin = (part: Construct, alarm: MonitoringAlarm) => alarm.node.scopes.includes(part);
  const pages = ofSeverity(alarms, 'page');
  const causes = pages.filter((alarm) => isWithin(options.database, alarm));
  for (const alarm of pages) {
    const isCause = causes.includes(alarm);
    escalation.page(alarm, {
      cause: isCause ? 'database' : isWithin(options.business, alarm) ? 'business' : undefined,
      explainedBy: isCause ? [] : causes,
      duringDeployments: alarm === options.rollback,
    });
  }
}

function escalationOf(
  scope: Construct,
  { name, environment, settings, dashboard, server }: EscalateOptions,
): Escalation {
  const { ticketEmails, webhook, acknowledgeLink, acknowledgeConcurrency, testPage, runbooks, ...plan } =
    settings.escalation;
  const isFollowed = settings.server.deployment !== 'rolling';
  return new Escalation(scope, 'Escalation', {
    name,
    plan,
    webhookUrl: webhook,
    ticketEmails,
    fallbackEmails: fallbackEmails(settings),
    acknowledgePage: { publicLink: acknowledgeLink, reservedConcurrency: acknowledgeConcurrency },
    testPage,
    maintenance: maintenanceWindows(settings),
    deploymentMetric: isFollowed ? server.metricDeployments({ period: Duration.minutes(1) }) : undefined,
    messages: {
      dashboard,
      logGroup: server.logGroup,
      runbooks,
      rollbackCommand: `framework53 rollback --env ${environment}`,
    },
  });
}

/** Connects the alarms in us-east-1 to the escalation of an environment in another region. */
export function escalateFromUsEast1(
  scope: Construct,
  { name, settings }: Pick<EscalateOptions, 'name' | 'settings'>,
): void {
  if (settings.escalation.tiers.length === 0) return;
  const pages = ofSeverity(MonitoringAlarm.in(scope), 'page');
  const forwarder = new EscalationForwarder(scope, 'Escalation', {
    name,
    homeRegion: settings.region,
    fallbackEmails: fallbackEmails(settings),
    maintenance: maintenanceWindows(settings),
  });
  for (const alarm of pages) forwarder.page(alarm);
}

function ofSeverity(alarms: readonly MonitoringAlarm[], severity: string): readonly MonitoringAlarm[] {
  return alarms.filter(({ summary }) => summary.severity === severity);
}

function fallbackEmails({ escalation: { fallbackEmail } }: Settings): readonly string[] {
  return fallbackEmail === undefined ? [] : [fallbackEmail];
}

function maintenanceWindows({ escalation: { maintenance } }: Settings): MaintenanceWindow[] {
  return maintenance.map(({ minutes, ...window }) => ({ ...window, duration: Duration.minutes(minutes) }));
}
