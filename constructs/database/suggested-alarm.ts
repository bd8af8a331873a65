import type { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** An alarm that a database calls for. The construct that monitors the database adds a name and actions. */
export interface SuggestedAlarm {
  /** Identifier, stable and unique among the suggestions, for construct ids and names. */
  readonly id: string;
  /** Metric to compare with the threshold. */
  readonly metric: Metric | MathExpression;
  /** Side of the threshold on which the alarm fires. */
  readonly when: 'above' | 'below';
  /** Threshold, in the unit of the metric. */
  readonly threshold: number;
  /** Number of successive periods that must breach the threshold. */
  readonly evaluationPeriods: number;
  /** Urgency: `page` wakes somebody, `ticket` waits for working hours. */
  readonly severity: 'page' | 'ticket';
  /** Consequence for users, in a sentence. */
  readonly description: string;
  /** First steps of the person who handles the alarm. */
  readonly remedy: string;
}
