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
  /** Monthly limit in USD. */
  readonly amount: number;
  /** E-mail address to notify. */
  readonly email: string;
  /**
   * Cost allocation tags. The budget counts resources that have all of these tags. Activate the tags for cost
   * allocation.
   */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Monthly budget of an environment.
 *
 * Defines a budget that notifies when the forecast or the actual cost exceeds the limit.
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
        // AWS Budgets requires a metric together with a filter expression.
        metrics: ['UnblendedCost'],
      },
      notificationsWithSubscribers: [tell('FORECASTED'), tell('ACTUAL')],
    });
  }
}
