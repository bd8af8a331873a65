import { Duration, Stack } from 'aws-cdk-lib';
import { type CfnFunction, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HandlerFunction } from '../handler/handler-function';
import type { AcknowledgePageOptions } from './escalation-props';
import type { IncidentTable } from './incident-table';
import { type AcknowledgeSettings, SETTINGS } from './settings';

export interface AcknowledgePageProps extends AcknowledgePageOptions {
  /** Prefix of the physical names, shown on the page. */
  readonly name: string;
  readonly incidents: IncidentTable;
}

/**
 * A page on which a person acknowledges an incident.
 *
 * Defines a function with its own URL, so the page works even when the application's distribution does not.
 */
export class AcknowledgePage extends Construct {
  readonly handler: HandlerFunction;
  /** Base URL of acknowledge links. The URL ends with a slash; each link appends its secret. */
  readonly url?: string;

  constructor(scope: Construct, id: string, props: AcknowledgePageProps) {
    super(scope, id);
    const { name, incidents, publicLink = true, reservedConcurrency = 5 } = props;
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
    if (!publicLink) return;
    // Lambda throttles requests above this concurrency. Throttled requests cost nothing.
    if (reservedConcurrency > 0)
      (handler.node.defaultChild as CfnFunction).reservedConcurrentExecutions = reservedConcurrency;
    // Public function URLs need two permissions since October 2025; `addFunctionUrl` grants both.
    this.url = handler.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }).url;
  }
}
