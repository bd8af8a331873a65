import { Duration, Stack } from 'aws-cdk-lib';
import { type CfnFunction, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HandlerFunction } from '../handler/handler-function';
import type { IncidentTable } from './incident-table';
import { type AcknowledgeSettings, SETTINGS } from './settings';

export interface AcknowledgePageProps {
  /** Prefix of the environment's names, shown on the page. */
  readonly name: string;
  readonly incidents: IncidentTable;
  /** Whether everybody who has a link may use it; otherwise only who may invoke the function can acknowledge. */
  readonly link: boolean;
  /**
   * Requests answered at once, taken from what the account has for all functions; 0 reserves none, for accounts
   * whose limit is too low.
   * @default 5
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly concurrency?: number;
}

/**
 * Where somebody says that they have taken an incident over.
 *
 * Defines a function, and an address of its own for it: it has to work when the distribution it tells about
 * does not.
 */
export class AcknowledgePage extends Construct {
  readonly handler: HandlerFunction;
  /** Ends with a slash; a link is this with its secret. */
  readonly url?: string;

  constructor(scope: Construct, id: string, props: AcknowledgePageProps) {
    super(scope, id);
    const { name, incidents, link, concurrency = 5 } = props;
    this.handler = new HandlerFunction(this, 'Handler', {
      bundle: 'escalation-acknowledge',
      description: `Lets people take over incidents of ${name}`,
      timeout: Duration.seconds(10),
      environment: {
        [SETTINGS]: Stack.of(this).toJsonString({
          name,
          table: incidents.table.tableName,
        } satisfies AcknowledgeSettings),
      },
    });
    const { function: handler } = this.handler;
    incidents.grant(handler, 'GetItem', 'UpdateItem');
    if (!link) return;
    // An address without a gate of its own: more than this is refused before it costs anything.
    if (concurrency > 0)
      (handler.node.defaultChild as CfnFunction).reservedConcurrentExecutions = concurrency;
    // The library lets everybody do both that a function's address has needed since October 2025.
    this.url = handler.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }).url;
  }
}
