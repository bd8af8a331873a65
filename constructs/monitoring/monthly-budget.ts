import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import { validName } from '../physical-name';

/** Properties of a `MonthlyBudget`. */
export interface MonthlyBudgetProps {
  /**
   * Name of the budget, unique in the account.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Limit in USD a month. */
  readonly amount: number;
  /** Address that is notified. */
  readonly email: string;
  /** Tags of the resources that count: all of these tags, each activated for cost allocation. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A limit on what an environment costs.
 *
 * Defines a budget that notifies when the forecast of the month exceeds the limit, and when the costs do.
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 * @example
 * new MonthlyBudget(this, 'Budget', {
 *   name: 'guestbook-production',
 *   amount: 800,
 *   email: 'team@example.com',
 *   tags: { application: 'guestbook', environment: 'production' },
 * });
 */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, { name, amount, email, tags }: MonthlyBudgetProps) {
    super(scope, id);
    const tell = (notificationType: 'FORECASTED' | 'ACTUAL') => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold: 100,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address: email }],
    });
    new CfnBudget(this, 'Resource', {
      budget: {
        budgetName: validName(this, name),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount, unit: 'USD' },
        filterExpression: {
          and: Object.entries(tags).map(([key, value]) => ({ tags: { key, values: [value] } })),
        },
        // AWS Budgets asks for a metric when there is a filter expression.
        metrics: ['UnblendedCost'],
      },
      notificationsWithSubscribers: [tell('FORECASTED'), tell('ACTUAL')],
    });
  }
}
