import type { Metrics } from '../cloudwatch/metrics';
import type { Json } from '../core/assembly';
import { PlanError } from '../core/template';
import type { StateMachine } from '../stepfunctions/state-machine';

/** An event as AWS services put them on the default bus. */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources?: readonly string[];
  readonly detail: { readonly [name: string]: Json };
}

/** A rule of EventBridge. */
export interface BusRule {
  readonly logicalId: string;
  readonly name: string;
  /** @default it goes by its schedule */
  readonly pattern?: Json;
  readonly schedule?: string;
  readonly enabled: boolean;
  readonly targets: readonly { readonly machine: StateMachine; readonly input?: string }[];
}

/** EventBridge's default bus: rules, and what hears of what they match. */
export class EventBus {
  /** By name. */
  readonly rules = new Map<string, BusRule>();

  constructor(private readonly metrics: Metrics) {
    metrics.announce('AWS/Events', 'TriggeredRules');
  }

  put(event: BusEvent): void {
    const given = JSON.parse(JSON.stringify(event)) as Json;
    for (const rule of this.rules.values())
      if (rule.enabled && rule.pattern !== undefined && matches(rule, rule.pattern, given))
        this.fire(rule, given);
  }

  /** The rules whose time comes. */
  get schedules(): BusRule[] {
    return [...this.rules.values()].filter(({ schedule, enabled }) => enabled && schedule !== undefined);
  }

  /** Does what a rule does when it matches or its time has come. */
  fire({ name, targets }: BusRule, event: Json) {
    this.metrics.put('AWS/Events', 'TriggeredRules', name, 1);
    return targets.map(({ machine, input }) =>
      machine.start(input === undefined ? event : (JSON.parse(input) as Json)),
    );
  }
}

/** Whether an event, or a part of it, is as the pattern says. */
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
  throw new PlanError(logicalId, 'EventPattern', `uses ${operator}, which is not rehearsed`);
}
