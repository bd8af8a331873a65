import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface MonthlyBudgetProps {
  /** Name of the budget, unique in the account. */
  readonly name: string;
  /** USD a month. */
  readonly amount: number;
  /** Who is told. */
  readonly email: string;
  /** Tags that what is counted carries, all of them; they have to be activated for cost allocation. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What an environment may cost.
 *
 * Defines a budget that tells when the month is forecast to exceed it, and when it has.
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
        budgetName: name,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount, unit: 'USD' },
        filterExpression: {
          and: Object.entries(tags).map(([key, value]) => ({ tags: { key, values: [value] } })),
        },
        // With an expression the metric has to be named.
        metrics: ['UnblendedCost'],
      },
      notificationsWithSubscribers: [tell('FORECASTED'), tell('ACTUAL')],
    });
  }
}
