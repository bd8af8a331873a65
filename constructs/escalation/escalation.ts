import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { MetricAlarm } from '../monitoring/metric-alarm';
import type { AlarmContext, MonitoringAlarm } from '../monitoring/monitoring-alarm';
import { physicalName } from '../physical-name';
import { AcknowledgePage } from './acknowledge-page';
import { AlarmRoutes, type PageOptions } from './alarm-routes';
import { EscalationIntake } from './escalation-intake';
import { EscalationMachine, type EscalationMachineProps } from './escalation-machine';
import type { EscalationProps } from './escalation-props';
import { alarmKey, EscalationTopics } from './escalation-topics';
import { EscalationWatch } from './escalation-watch';
import { IncidentTable } from './incident-table';
import { Suppressors } from './suppressors';
import { TestPage, testAlarmName } from './test-page';
import { validateEscalation } from './validate-escalation';

/** Log query that pages link to. */
const ERRORS = 'fields @timestamp, @message | filter level = "error" | sort @timestamp desc | limit 50';

/**
 * Alarms that notify people until somebody acknowledges.
 *
 * Defines topics for alarms, a queue and function that turn alarms into incidents, a state machine, and an acknowledge
 * page. The state machine notifies people tier by tier until somebody acknowledges or the alarms clear.
 */
export class Escalation extends Construct {
  /** Action of alarms that page, for the states ALARM and OK. */
  readonly pageTopic: Topic;
  /** Action of alarms that wait for working hours. */
  readonly ticketTopic: Topic;
  /** Topic of messages about pages that could not be delivered. */
  readonly fallbackTopic: Topic;
  /** Key that signs the requests to the webhook; undefined without `webhookUrl`. */
  readonly webhookSecret?: Secret;
  /** Alarms on the escalation itself. They notify the fallback topic. */
  readonly alarms: readonly MetricAlarm[];
  private readonly routes: AlarmRoutes;

  constructor(scope: Construct, id: string, props: EscalationProps) {
    super(scope, id);
    validateEscalation(this, props);
    const { plan } = props;
    const name = physicalName(this, props.name);

    const key = alarmKey(this, `Topics and incidents of ${name}`, props.encryptionKey);
    const topics = new EscalationTopics(this, 'Topics', {
      name,
      key,
      contacts: plan.contacts,
      ticketEmails: props.ticketEmails ?? [],
      fallbackEmails: props.fallbackEmails ?? [],
    });
    this.ticketTopic = topics.ticket;
    this.fallbackTopic = topics.fallback;
    const incidents = new IncidentTable(this, 'Incidents', key);
    const acknowledgePage = new AcknowledgePage(this, 'Acknowledge', {
      ...props.acknowledgePage,
      name,
      incidents,
    });
    this.webhookSecret = props.webhookUrl ? this.signingSecret(name, key) : undefined;
    const suppressors = new Suppressors(this, 'Suppressors', {
      name,
      deploymentMetric: props.deploymentMetric,
    });
    const machine = new EscalationMachine(this, 'Machine', {
      name,
      plan,
      key,
      incidents,
      topics,
      testAlarmName: testAlarmName(name),
      suppressors: suppressors.deploying ? [suppressors.deploying.summary.name] : [],
      messages: this.messages(props, acknowledgePage),
      webhookSecret: this.webhookSecret,
    });
    const intake = new EscalationIntake(this, 'Intake', {
      name,
      key,
      incidents,
      stateMachine: machine.stateMachine,
      stateMachineArn: machine.stateMachineArn,
    });
    this.pageTopic = intake.topic;
    this.routes = new AlarmRoutes(this, 'Routes', {
      name,
      pageTopic: this.pageTopic,
      ticketTopic: this.ticketTopic,
      suppressors,
      maintenance: props.maintenance ?? [],
    });
    if (props.testPage)
      new TestPage(this, 'TestPage', { name, at: props.testPage, pageTopic: this.pageTopic });
    this.alarms = new EscalationWatch(this, 'Watch', {
      name,
      incidents,
      intake,
      machine,
      acknowledgePage,
      topics,
      tested: props.testPage !== undefined,
    }).alarms;
  }

  /**
   * Notifies people when an alarm of this package fires.
   * @param alarm an alarm of this stack
   * @param options how the alarm pages
   */
  page(alarm: MonitoringAlarm, options?: PageOptions): void;
  /**
   * Notifies people when any alarm fires. The meaning, action and runbook replace the alarm's description.
   * @param alarm an alarm of this stack
   * @param options how the alarm pages, and the facts that messages contain
   */
  page(alarm: AlarmBase, options: PageOptions & Omit<AlarmContext, 'severity'>): void;
  /** Notifies people when an alarm fires. */
  page(
    alarm: MonitoringAlarm | AlarmBase,
    options: PageOptions & Partial<Omit<AlarmContext, 'severity'>> = {},
  ): void {
    this.routes.page(alarm, options);
  }

  /**
   * Sends a ticket when an alarm fires.
   * @param alarm an alarm of this stack
   */
  ticket(alarm: MonitoringAlarm | AlarmBase): void {
    this.routes.ticket(alarm);
  }

  private messages(
    { messages, webhookUrl }: EscalationProps,
    { url, handler }: AcknowledgePage,
  ): EscalationMachineProps['messages'] {
    const { logGroup, ...facts } = messages ?? {};
    return {
      ...facts,
      acknowledgeUrl: url,
      acknowledgeFunction: handler.function.functionName,
      ...(logGroup && { logGroup: logGroup.logGroupName, query: ERRORS }),
      webhook: this.webhookSecret && { url: webhookUrl!, secretArn: this.webhookSecret.secretArn },
    };
  }

  private signingSecret(name: string, encryptionKey: IKey): Secret {
    const secret = new Secret(this, 'WebhookSecret', {
      description: `Signs what the webhook of ${name}'s escalation is sent`,
      encryptionKey,
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
    });
    acknowledge(
      secret,
      'SMG4',
      'The webhook’s receiver has the same value, so a rotation must update the receiver too.',
    );
    return secret;
  }
}
