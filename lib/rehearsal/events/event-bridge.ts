import type { Json } from '../core/assembly';
import { ServiceError } from '../core/aws-api';
import { PlanError } from '../core/plan-error';
import type { ServiceEvent, Stage } from '../core/stage';

/** A rule of EventBridge. */
export interface BusRule {
  readonly logicalId: string;
  readonly name: string;
  /** Absent for a rule with a schedule. */
  readonly pattern?: Json;
  readonly schedule?: string;
  readonly enabled: boolean;
  readonly targets: readonly RuleTarget[];
}

/** A state machine that a rule starts. A rehearsal does not support other targets. */
export interface RuleTarget {
  /** ARN of the state machine. */
  readonly arn: string;
  /** ARN of the role with which EventBridge starts the state machine. */
  readonly role: string;
  /** Constant input, as JSON. @default - the event */
  readonly input?: string;
}

/** EventBridge's default event bus: rules, and deliveries to their targets. */
export class EventBridge {
  /** By name. */
  readonly rules = new Map<string, BusRule>();

  constructor(private readonly stage: Stage) {
    stage.metrics.announce('AWS/Events', 'TriggeredRules');
    stage.bus.on('event', (event) => this.deliver(event));
  }

  /** Rules with a schedule. */
  get schedules(): BusRule[] {
    return [...this.rules.values()].filter(({ schedule, enabled }) => enabled && schedule !== undefined);
  }

  /** Triggers a rule, as a matching event or its schedule would. Returns the ARNs of the executions. */
  async trigger({ logicalId, name, targets }: BusRule, event: Json): Promise<string[]> {
    this.stage.metrics.put('AWS/Events', 'TriggeredRules', name, 1);
    const started = targets.map(async ({ arn: stateMachineArn, role: principal, input }) => {
      const call = { stateMachineArn, input: input ?? JSON.stringify(event) };
      const { executionArn } = await this.stage.api.call<{ executionArn: string }>(
        { name: logicalId, principal },
        'states:StartExecution',
        call,
      );
      return executionArn;
    });
    return Promise.all(started);
  }

  private deliver(event: ServiceEvent): void {
    const time = new Date(this.stage.clock.now).toISOString();
    const given = JSON.parse(JSON.stringify({ ...event, time })) as Json;
    for (const rule of this.rules.values())
      if (rule.enabled && rule.pattern !== undefined && matches(rule, rule.pattern, given))
        this.trigger(rule, given).catch((error: Error) => {
          // EventBridge drops an event that its target refuses.
          if (!(error instanceof ServiceError)) this.stage.fail(error);
        });
  }
}

/** Returns true if an event, or a part of it, matches a pattern. */
function matches(rule: BusRule, pattern: Json, value: Json | undefined): boolean {
  if (Array.isArray(pattern)) {
    const values = Array.isArray(value) ? value : [value];
    return pattern.some((one) => values.some((actual) => fits(rule, one, actual)));
  }
  return Object.entries(pattern as object).every(([name, inner]) =>
    matches(rule, inner, (value as { [name: string]: Json } | undefined)?.[name]),
  );
}

function fits({ logicalId }: BusRule, wanted: Json, actual: Json | undefined): boolean {
  if (wanted === null || typeof wanted !== 'object') return wanted === actual;
  const [[operator, operand] = ['nothing', null]] = Object.entries(wanted);
  if (operator === 'prefix') return typeof actual === 'string' && actual.startsWith(String(operand));
  throw new PlanError(logicalId, 'EventPattern', `uses ${operator}, which the rehearsal does not support`);
}
