import type { PlanResource } from '../core/trace';
import { type Statement, statementsOf } from './statement';

/** A policy document with the place that it comes from. */
export interface Policy {
  /** The resource of the plan that has the document, or the ARN of a managed policy of AWS. */
  readonly source: PlanResource | string;
  readonly statements: readonly Statement[];
  /** Why nobody knows what the policy says. */
  readonly unknown?: string;
}

/** Reads a policy document. A text that is no JSON says nothing that anybody knows. */
export function readPolicy(source: Policy['source'], document: unknown): Policy {
  try {
    return { source, statements: statementsOf(document) };
  } catch (error) {
    return { source, statements: [], unknown: `a policy that is no JSON: ${(error as Error).message}` };
  }
}
