import { isDeepStrictEqual } from 'node:util';
import type { Plan, PlannedStack, Resource } from './plan';

type Section = Readonly<Record<string, unknown>>;

/** The inputs of a stack, besides its resources, that may differ between two versions. */
interface Inputs {
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly conditions: ReadonlyMap<string, boolean>;
}

/**
 * Returns two plans with differing parameter defaults and condition results inserted where they are used, so that the
 * comparison shows the affected properties.
 */
export function withInputs(base: Plan, head: Plan): readonly [Plan, Plan] {
  const made = new Map<PlannedStack, PlannedStack>();
  for (const stack of head.stacks) {
    const former = base.stacks.find(({ name }) => name === stack.name);
    if (!former) continue;
    const [before, after] = [inputsOf(former), inputsOf(stack)];
    const [parameters, conditions] = [
      differing(before.parameters, after.parameters),
      differing(before.conditions, after.conditions),
    ];
    if (parameters.length + conditions.length === 0) continue;
    made.set(former, filled(former, only(before, parameters, conditions)));
    made.set(stack, filled(stack, only(after, parameters, conditions)));
  }
  if (made.size === 0) return [base, head];
  const put = (plan: Plan): Plan => ({ ...plan, stacks: plan.stacks.map((one) => made.get(one) ?? one) });
  return [put(base), put(head)];
}

function inputsOf({ template: { Parameters = {}, Conditions = {} } }: PlannedStack): Inputs {
  const parameters = new Map(
    Object.entries(Parameters).flatMap(([name, parameter]) => {
      const value = (parameter as { readonly Default?: unknown } | null)?.Default;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const conditions = new Map(
    Object.keys(Conditions).flatMap((name) => {
      const outcome = evaluate(Conditions[name], Conditions, parameters);
      return outcome === undefined ? [] : [[name, outcome] as const];
    }),
  );
  return { parameters, conditions };
}

/** Returns the names that have a value in both versions, and another value in each. */
function differing(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...after.keys()].filter(
    (name) => before.has(name) && !isDeepStrictEqual(before.get(name), after.get(name)),
  );
}

function only(inputs: Inputs, parameters: readonly string[], conditions: readonly string[]): Inputs {
  return {
    parameters: new Map(parameters.map((name) => [name, inputs.parameters.get(name)])),
    conditions: new Map(conditions.map((name) => [name, inputs.conditions.get(name)!])),
  };
}

/** Returns the result of a condition for the default parameters, or undefined if only a deployment knows it. */
function evaluate(
  condition: unknown,
  all: Section,
  parameters: ReadonlyMap<string, unknown>,
): boolean | undefined {
  if (typeof condition !== 'object' || condition === null) return undefined;
  const [[name, argument]] = Object.entries(condition) as [[string, unknown]];
  if (name === 'Condition') return evaluate(all[String(argument)], all, parameters);
  const parts = [argument].flat();
  if (name === 'Fn::Equals') {
    const [one, other] = parts.map((part) => {
      const reference = (part as { readonly Ref?: string } | null)?.Ref;
      return reference === undefined ? part : parameters.get(reference);
    });
    const isKnown = [one, other].every((value) => value !== undefined && typeof value !== 'object');
    return isKnown ? String(one) === String(other) : undefined;
  }
  const outcomes = parts.map((part) => evaluate(part, all, parameters));
  if (name === 'Fn::Not') return outcomes[0] === undefined ? undefined : !outcomes[0];
  const deciding = { 'Fn::And': false, 'Fn::Or': true }[name];
  if (deciding === undefined) return undefined;
  if (outcomes.includes(deciding)) return deciding;
  return outcomes.includes(undefined) ? undefined : !deciding;
}

/** Returns a stack without the resources whose condition is false, as CloudFormation creates it. */
function filled(stack: PlannedStack, inputs: Inputs): PlannedStack {
  const { template } = stack;
  const there = Object.entries(template.Resources ?? {}).filter(
    ([, { Condition }]) => Condition === undefined || inputs.conditions.get(Condition) !== false,
  );
  const Resources = fill(Object.fromEntries(there), inputs) as Readonly<Record<string, Resource>>;
  const Conditions = fill(template.Conditions ?? {}, inputs) as Section;
  return { ...stack, template: { ...template, Resources, Conditions } };
}

function fill(value: unknown, inputs: Inputs): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, inputs));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: name, 'Fn::Sub': text, 'Fn::If': choice } = value as Section;
  if (typeof name === 'string' && inputs.parameters.has(name)) return inputs.parameters.get(name);
  if (typeof text === 'string') return { 'Fn::Sub': substituted(text, inputs) };
  const outcome = Array.isArray(choice) ? inputs.conditions.get(String(choice[0])) : undefined;
  if (outcome !== undefined) return fill((choice as unknown[])[outcome ? 1 : 2], inputs);
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, fill(child, inputs)]));
}

function substituted(text: string, { parameters }: Inputs): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) =>
    parameters.has(name) ? String(parameters.get(name)) : whole,
  );
}
