import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { MaintenanceWindow } from './alarm-routes';
import type { EscalationPlan, WeeklyTime } from './escalation-plan';

export interface EscalationProps {
  /** Prefix of physical names, such as `guestbook-production`; what follows its last dash is the environment. */
  readonly name: string;
  /** Who is told, when and how. */
  readonly plan: EscalationPlan;
  /**
   * Address that is told when a tier has the target `webhook`; https only.
   * @default none
   */
  readonly webhookUrl?: string;
  /**
   * E-mail addresses that get tickets.
   * @default none: subscribe something to `ticketTopic`
   */
  readonly ticketEmails?: readonly string[];
  /**
   * E-mail addresses that are told when pages cannot be told. Take others than those of the contacts.
   * @default none: subscribe something to `fallbackTopic`
   */
  readonly fallbackEmails?: readonly string[];
  /**
   * Whether people acknowledge with a link that needs no AWS login. Without it, they invoke a function, and
   * messages say how.
   * @default true
   */
  readonly acknowledgeLink?: boolean;
  /**
   * Requests to the acknowledge page that are answered at once, reserved from the account's limit; 0 reserves
   * none, for accounts whose limit is too low.
   * @default 5
   */
  readonly acknowledgeConcurrency?: number;
  /**
   * When a test page is sent each week.
   * @default never
   */
  readonly testPage?: WeeklyTime;
  /**
   * Times in which alarms tell nobody.
   * @default none
   */
  readonly maintenance?: readonly MaintenanceWindow[];
  /**
   * Whether a `ContainerServer` of the same name deploys in two colours, for alarms that wait until a deployment
   * is over.
   * @default false
   */
  readonly deployments?: boolean;
  /**
   * What messages point to.
   * @default the alarm only
   */
  readonly pointers?: EscalationPointers;
}

export interface EscalationPointers {
  /** Name of a dashboard. */
  readonly dashboard?: string;
  /** Where the server's errors are. */
  readonly logGroup?: ILogGroup;
  /** Address that runbooks' paths are relative to, with a slash at its end. */
  readonly runbooks?: string;
}
