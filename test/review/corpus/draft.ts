import type { Plan, PlannedStack, Resource, Template } from '../../../lib/review/plan';

// biome-ignore lint/suspicious/noExplicitAny: a case changes what it knows is there
type Any = any;

/** A plan that a case changes; the templates it does not touch are those of the plan it is drawn from. */
export class Draft {
  readonly plan: Plan;
  private readonly own = new Set<PlannedStack>();

  constructor({ stacks }: Plan, change: (draft: Draft) => void) {
    this.plan = { stacks: stacks.map((stack) => ({ ...stack })) };
    change(this);
  }

  /** A stack by the end of its name. */
  stack(
    end: string,
  ): PlannedStack & { template: Template & { Resources: Record<string, Any>; Outputs: Any } } {
    const found = this.plan.stacks.filter(({ name }) => name.endsWith(`-${end}`));
    return this.owned(one(found, end)) as never;
  }

  /** Returns the properties of the only resource of a type whose construct path contains a text. */
  properties(type: string, path = ''): Any {
    return this.resource(type, path).Properties;
  }

  resource(type: string, path = ''): Any {
    return this.find(type, path).resource;
  }

  id(type: string, path = ''): string {
    return this.find(type, path).id;
  }

  remove(type: string, path = ''): void {
    const { stack, id } = this.find(type, path);
    delete (stack.template.Resources as Record<string, Resource>)[id];
  }

  /** Gives a resource another logical id, wherever it is mentioned in its stack. */
  rename(type: string, path: string, name: string): void {
    const { stack, id } = this.find(type, path);
    const text = JSON.stringify(stack.template).replaceAll(`"${id}"`, `"${name}"`);
    const replaced = JSON.parse(text) as Template;
    Object.assign(stack, {
      template: replaced,
      constructPaths: { ...stack.constructPaths, [name]: `${stack.name}/${name}` },
    });
  }

  add(stack: string, id: string, resource: Resource): void {
    this.stack(stack).template.Resources[id] = resource;
  }

  private find(type: string, path: string): { stack: PlannedStack; id: string; resource: Any } {
    const found = this.plan.stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources ?? {})
        .filter(
          ([id, { Type }]) =>
            Type === type && `${stack.name}/${stack.constructPaths[id] ?? id}`.includes(path),
        )
        .map(([id]) => ({ stack, id })),
    );
    const { stack, id } = one(found, `${type} at ${path}`);
    return { stack, id, resource: this.owned(stack).template.Resources?.[id] };
  }

  /** The stack with a template of its own, to be changed. */
  private owned(stack: PlannedStack): PlannedStack {
    if (!this.own.has(stack)) Object.assign(stack, { template: structuredClone(stack.template) });
    this.own.add(stack);
    return stack;
  }
}

function one<T>(found: readonly T[], what: string): T {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} resources are ${what}`);
  return first;
}
