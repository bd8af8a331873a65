import type { PlanResource } from '../core/trace';
import { type Statement, statementsOf } from './statement';

/** A policy document, with its origin. */
export interface Policy {
  /** The resource of the plan with the document, or the ARN of an AWS managed policy. */
  readonly source: PlanResource | string;
  readonly statements: readonly Statement[];
  /** The reason why the contents of the policy are unknown. */
  readonly unknown?: string;
}

/** Reads a policy document. If it is not valid JSON, its contents are unknown. */
export function readPolicy(source: Policy['source'], document: unknown): Policy {
  try {
    return { source, statements: statementsOf(document) };
  } catch (error) {
    return {
      source,
      statements: [],
      unknown: `a policy that is not valid JSON: ${(error as Error).message}`,
    };
  }
}
