import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { MaintenanceWindow } from './alarm-routes';
import type { EscalationPlan, WeeklyTime } from './escalation-plan';

/** Properties of an `Escalation`. */
export interface EscalationProps {
  /**
   * Prefix of physical names, such as `guestbook-production`. Pages name the last release of the `ReleaseRecord` with
   * the same name.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** People, and the order in which they are notified. */
  readonly plan: EscalationPlan;
  /**
   * HTTPS URL of the target `webhook`.
   * @default - no tier has the target `webhook`
   */
  readonly webhookUrl?: string;
  /**
   * E-mail addresses that receive tickets.
   * @default - none; add subscriptions to `ticketTopic`
   */
  readonly ticketEmails?: readonly string[];
  /**
   * E-mail addresses that are notified when pages cannot be delivered. Use addresses that no contact has.
   * @default - none; add subscriptions to `fallbackTopic`
   */
  readonly fallbackEmails?: readonly string[];
  /**
   * Page on which people acknowledge an incident.
   * @default - messages contain a link that acknowledges without an AWS login
   */
  readonly acknowledgePage?: AcknowledgePageOptions;
  /**
   * Time of the weekly test page.
   * @default - no test pages
   */
  readonly testPage?: WeeklyTime;
  /**
   * Periods in which alarms notify nobody.
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
   * Additional facts in pages.
   * @default - pages contain facts of the alarm only
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
   * Include a link in messages that acknowledges without an AWS login, at a public function URL. Without the link,
   * messages contain a command that invokes the function.
   * @default true
   */
  readonly publicLink?: boolean;
  /**
   * Maximum number of concurrent requests to the link. Lambda reserves this concurrency from the account's limit. Use
   * 0 to reserve none if the account's limit is too low.
   * @default 5
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: number;
}

/** Additional facts in pages. */
export interface MessageOptions {
  /**
   * Name of a dashboard that pages link to.
   * @default - no link
   */
  readonly dashboard?: string;
  /**
   * Log group of the server. Pages link to its errors.
   * @default - no link
   */
  readonly logGroup?: ILogGroup;
  /**
   * Base URL of runbook paths, with a trailing slash.
   * @default - pages contain the path of the runbook
   */
  readonly runbooks?: string;
  /**
   * Command that rolls back the last release, such as `framework53 rollback --env production`.
   * @default - pages contain no command
   */
  readonly rollbackCommand?: string;
}
