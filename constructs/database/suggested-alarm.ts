import type { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** Suggested alarm of a database. The construct that monitors the database adds a name and actions. */
export interface SuggestedAlarm {
  /** Identifier for construct ids and names. It is stable, and unique among the suggestions. */
  readonly id: string;
  /** Metric to compare with the threshold. */
  readonly metric: Metric | MathExpression;
  /** Side of the threshold on which the alarm fires. */
  readonly when: 'above' | 'below';
  /** Threshold, in the unit of the metric. */
  readonly threshold: number;
  /** Number of consecutive periods that must breach the threshold. */
  readonly evaluationPeriods: number;
  /** Urgency: `page` notifies somebody at once, `ticket` can wait for working hours. */
  readonly severity: 'page' | 'ticket';
  /** Effect on users, in a sentence. */
  readonly description: string;
  /** First steps for the person who handles the alarm. */
  readonly remedy: string;
}
