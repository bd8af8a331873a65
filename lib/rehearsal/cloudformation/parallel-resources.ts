import type { Resource, Template } from '../core/assembly';
import { dependencies, inOrder } from './template';

/**
 * Custom resources that no other resource depends on. CloudFormation creates them in parallel with later resources. If
 * one of them fails, CloudFormation cancels the operations in progress.
 */
export class ParallelResources {
  private readonly ids: ReadonlySet<string>;
  private readonly under: Promise<void>[] = [];
  private readonly failed: Promise<never>;
  private fail: (error: Error) => void = () => {};

  constructor(private readonly resources: Template['Resources']) {
    const needed = new Set(Object.values(resources).flatMap((one) => [...dependencies(one, resources)]));
    const isFree = ([id, { Type }]: [string, Resource]) => Type.startsWith('Custom::') && !needed.has(id);
    this.ids = new Set(
      Object.entries(resources)
        .filter(isFree)
        .map(([id]) => id),
    );
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {});
  }

  /** Returns the logical ids in dependency order. Each of these resources comes as early as possible. */
  order(eager: (resource: Resource) => boolean): string[] {
    const needs = new Map([...this.ids].map((id) => [id, this.allNeeds(id).size]));
    const first = [...this.ids].sort((a, b) => needs.get(a)! - needs.get(b)!);
    const sorted = Object.fromEntries(first.map((id) => [id, this.resources[id]!]));
    return inOrder({ ...sorted, ...this.resources }, eager);
  }

  private allNeeds(id: string, seen = new Set<string>()): Set<string> {
    for (const need of dependencies(this.resources[id]!, this.resources))
      if (!seen.has(need)) this.allNeeds(need, seen.add(need));
    return seen;
  }

  /**
   * Creates a resource. Does not wait for a resource that nothing depends on. Throws if one of the parallel resources
   * has failed.
   */
  async make(id: string, make: () => Promise<void>): Promise<void> {
    const made = make();
    if (!this.ids.has(id)) return Promise.race([made, this.failed]);
    this.under.push(made);
    made.catch(this.fail);
  }

  async all(): Promise<void> {
    await Promise.all(this.under);
  }
}
