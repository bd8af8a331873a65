import type { Change, Comparison } from '../change';
import type { Finding, Severity } from '../finding';

/** One thing a reviewer would look for. */
export interface Rule {
  readonly name: string;
  /** What its findings can be, the most severe first. */
  readonly severities: readonly Severity[];
  /** One sentence: what it finds. */
  readonly summary: string;
  judge(comparison: Comparison): Observation[];
}

/** A finding of the rule that makes it. */
export type Observation = Omit<Finding, 'rule'>;

/** What is said about a change. */
export interface Remark {
  readonly severity: Severity;
  /** What changes and why it matters. */
  readonly message: string;
  readonly advice: string;
  /** Path of the property it is about. */
  readonly property?: string;
}

/** Which resource it is. */
export type Subject = Pick<Change, 'stack' | 'logicalId' | 'resourceType' | 'path'>;

/** A remark about a resource. */
export function observe(subject: Subject, remark: Remark): Observation {
  const { stack, logicalId, resourceType, path } = subject;
  const { severity, message, advice, property } = remark;
  return {
    severity,
    stack,
    logicalId,
    resourceType,
    path: property ? `${path}#${property}` : path,
    message,
    advice,
  };
}

/** A remark about a stack as a whole. */
export function observeStack(stack: string, { severity, message, advice, property }: Remark): Observation {
  return {
    severity,
    stack,
    logicalId: '',
    resourceType: '',
    path: property ? `${stack}#${property}` : stack,
    message,
    advice,
  };
}
