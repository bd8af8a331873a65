import type { Resources } from '../support/environment';

/** Template of a stack, with additional data for facts. */
export interface FactTemplate {
  readonly stackName: string;
  readonly region: string;
  readonly resources: Resources;
}

/** Something that AWS documents, and that each template must respect. */
export interface Fact {
  /** The fact in one sentence. */
  readonly fact: string;
  /** Page of AWS or public issue that documents the fact. */
  readonly source: string;
  /** Returns the violations of the fact in a template, as `logical id: reason`. */
  violations(template: FactTemplate): string[];
  /**
   * Region in which `against` is.
   * @default 'us-east-1'
   */
  readonly region?: string;
  /** Resources that violate the fact. The test fails if `violations` does not see that. */
  readonly against: Resources;
}

/** Returns the resources of a type, with their logical ids. */
export function ofType({ resources }: FactTemplate, ...types: readonly string[]) {
  return Object.entries(resources)
    .filter(([, { Type }]) => types.includes(Type))
    .map(([id, { Properties = {}, ...resource }]) => ({ id, ...resource, properties: Properties }));
}

/** Returns `id: reason` for each condition that does not hold. */
export function misses(id: string, conditions: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(conditions).flatMap(([reason, holds]) => (holds ? [] : [`${id}: ${reason}`]));
}
