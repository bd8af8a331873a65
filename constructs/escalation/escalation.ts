import type { AlarmBase } from 'aws-cdk-lib/aws-cloudwatch';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { MonitoringAlarm } from '../monitoring/monitoring-alarm';
import { AcknowledgePage } from './acknowledge-page';
import { AlarmRoutes, type ForeignMeaning, type PageOptions } from './alarm-routes';
import { EscalationIntake } from './escalation-intake';
import { EscalationMachine, type EscalationMachineProps } from './escalation-machine';
import type { EscalationProps } from './escalation-props';
import { alarmKey, EscalationTopics } from './escalation-topics';
import { EscalationWatch } from './escalation-watch';
import { IncidentTable } from './incident-table';
import { Suppressors } from './suppressors';
import { TestPage, testAlarmName } from './test-page';
import { validateEscalation } from './validate-escalation';

/** What people ask a server's log first. */
const ERRORS = 'fields @timestamp, @message | filter level = "error" | sort @timestamp desc | limit 50';

/**
 * Alarms that reach a person, and stop when one answers.
 *
 * Defines topics for alarms, a queue and a function that make incidents of them, a state machine that tells
 * people tier by tier until one of them acknowledges or the alarms clear, and a page to acknowledge on.
 */
export class Escalation extends Construct {
  /** Action of alarms that page: both when they fire and when they are well again. */
  readonly pageTopic: Topic;
  /** Action of alarms that can wait for working hours. */
  readonly ticketTopic: Topic;
  /** Told of what could not be told. */
  readonly fallbackTopic: Topic;
  /** Signs what the webhook is sent. */
  readonly webhookSecret?: Secret;
  readonly intake: EscalationIntake;
  readonly machine: EscalationMachine;
  readonly acknowledgePage: AcknowledgePage;
  readonly watch: EscalationWatch;
  private readonly routes: AlarmRoutes;

  constructor(scope: Construct, id: string, props: EscalationProps) {
    super(scope, id);
    const { name, plan } = props;
    validateEscalation(this, props);

    const key = alarmKey(this, `Topics and incidents of ${name}`);
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
    this.acknowledgePage = new AcknowledgePage(this, 'Acknowledge', {
      name,
      incidents,
      link: props.acknowledgeLink ?? true,
      concurrency: props.acknowledgeConcurrency,
    });
    this.webhookSecret = props.webhookUrl ? this.signingSecret(name) : undefined;
    this.machine = new EscalationMachine(this, 'Machine', {
      name,
      plan,
      key,
      incidents,
      topics,
      testAlarmName: testAlarmName(name),
      messages: this.messages(props),
      webhookSecret: this.webhookSecret,
    });
    this.intake = new EscalationIntake(this, 'Intake', {
      name,
      key,
      incidents,
      stateMachine: this.machine.stateMachine,
      stateMachineArn: this.machine.stateMachineArn,
    });
    this.pageTopic = this.intake.topic;
    this.routes = new AlarmRoutes(this, 'Routes', {
      name,
      pageTopic: this.pageTopic,
      ticketTopic: this.ticketTopic,
      suppressors: new Suppressors(this, 'Suppressors', { name, deployments: props.deployments ?? false }),
      maintenance: props.maintenance ?? [],
    });
    if (props.testPage)
      new TestPage(this, 'TestPage', { name, at: props.testPage, pageTopic: this.pageTopic });
    this.watch = new EscalationWatch(this, 'Watch', {
      name,
      incidents,
      intake: this.intake,
      machine: this.machine,
      acknowledgePage: this.acknowledgePage,
      topics,
      tested: props.testPage !== undefined,
    });
  }

  /** Has an alarm of this package wake people. */
  page(alarm: MonitoringAlarm, options?: PageOptions): void;
  /** Has any alarm wake people; what it says of itself replaces its description. */
  page(alarm: AlarmBase, options: PageOptions & ForeignMeaning): void;
  page(alarm: MonitoringAlarm | AlarmBase, options: PageOptions & Partial<ForeignMeaning> = {}): void {
    this.routes.page(alarm, options);
  }

  /** Has an alarm tell those who look in working hours. */
  ticket(alarm: MonitoringAlarm | AlarmBase): void {
    this.routes.ticket(alarm);
  }

  /** What messages are made with. */
  private messages({ pointers, webhookUrl }: EscalationProps): EscalationMachineProps['messages'] {
    return {
      acknowledgeUrl: this.acknowledgePage.url,
      acknowledgeFunction: this.acknowledgePage.handler.function.functionName,
      runbooks: pointers?.runbooks,
      dashboard: pointers?.dashboard,
      ...(pointers?.logGroup && { logGroup: pointers.logGroup.logGroupName, query: ERRORS }),
      webhook: this.webhookSecret && { url: webhookUrl!, secretArn: this.webhookSecret.secretArn },
    };
  }

  private signingSecret(name: string): Secret {
    const secret = new Secret(this, 'WebhookSecret', {
      description: `Signs what the webhook of ${name}'s escalation is sent`,
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
    });
    acknowledge(
      secret,
      'SMG4',
      'Whoever receives the webhook has the same value: it can be renewed only together with them.',
    );
    return secret;
  }
}
