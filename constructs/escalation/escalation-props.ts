import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { MaintenanceWindow } from './alarm-routes';
import type { EscalationPlan, WeeklyTime } from './escalation-plan';

/** Properties of an `Escalation`. */
export interface EscalationProps {
  /**
   * Prefix of physical names, such as `guestbook-production`. Pages tell the last release of the `ReleaseRecord` with
   * the same name.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** People, and the order in which they are notified. */
  readonly plan: EscalationPlan;
  /**
   * Address of the target `webhook`, with https.
   * @default - no tier has the target `webhook`
   */
  readonly webhookUrl?: string;
  /**
   * E-mail addresses that get tickets.
   * @default - none; subscribe something to `ticketTopic`
   */
  readonly ticketEmails?: readonly string[];
  /**
   * E-mail addresses that are notified when pages cannot be delivered. Use other addresses than those of the contacts.
   * @default - none; subscribe something to `fallbackTopic`
   */
  readonly fallbackEmails?: readonly string[];
  /**
   * Page on which people acknowledge an incident.
   * @default - messages contain a link to acknowledge without an AWS login
   */
  readonly acknowledgePage?: AcknowledgePageOptions;
  /**
   * Time of the weekly test page.
   * @default - no test pages
   */
  readonly testPage?: WeeklyTime;
  /**
   * Times in which alarms notify nobody.
   * @default - none
   */
  readonly maintenance?: readonly MaintenanceWindow[];
  /**
   * Metric that is above 0 while the server is deployed, with a period of a minute, such as
   * `ContainerServer.metricDeployments()`. Alarms with `duringDeployments: false` wait until it is 0.
   * @default - these alarms do not wait
   */
  readonly deploymentMetric?: IMetric;
  /**
   * Facts that pages tell beside those of the alarm.
   * @default - pages tell facts of the alarm only
   */
  readonly messages?: MessageOptions;
  /**
   * Key that encrypts topics and incidents. CloudWatch is allowed to publish with it; the policy of an imported key
   * must allow `kms:Decrypt` and `kms:GenerateDataKey*` to `cloudwatch.amazonaws.com` already.
   * @default - a key is created
   */
  readonly encryptionKey?: IKey;
}

/** Settings of the page on which people acknowledge an incident. */
export interface AcknowledgePageOptions {
  /**
   * True for a link in messages that acknowledges without an AWS login, at a public function URL. Without the link,
   * messages contain a command that invokes the function.
   * @default true
   */
  readonly publicLink?: boolean;
  /**
   * Number of requests to the link that are answered at the same time. Lambda reserves them from the account's limit;
   * 0 reserves none, for accounts whose limit is too low.
   * @default 5
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: number;
}

/** Facts that pages tell beside those of the alarm. */
export interface MessageOptions {
  /**
   * Name of a dashboard that pages link to.
   * @default - no link
   */
  readonly dashboard?: string;
  /**
   * Log group of the server, whose errors pages link to.
   * @default - no link
   */
  readonly logGroup?: ILogGroup;
  /**
   * Address that paths of runbooks are relative to, with a slash at its end.
   * @default - pages tell the path of the runbook
   */
  readonly runbooks?: string;
  /**
   * Command that takes the last release back, such as `framework53 rollback --env production`.
   * @default - pages tell no command
   */
  readonly rollbackCommand?: string;
}
