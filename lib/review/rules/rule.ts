import type { Change, Comparison, LeafChange, PropertyChange, ResourceChange } from '../change';
import type { Place, ReviewFinding, Severity } from '../finding';

/** A rule of the review: one kind of change that a reviewer should see. */
export interface Rule {
  readonly name: string;
  /** The severities of its findings, the most severe first. */
  readonly severities: readonly Severity[];
  /** One sentence that says what the rule finds. */
  readonly summary: string;
  /** The AWS documentation page for the rule. A finding may have a more specific one. */
  readonly link: string;
  /** Properties of certain types whose value can get worse. */
  readonly settings?: readonly Setting[];
  /** Properties of any type whose value can get worse. The `settings` of all rules take precedence. */
  readonly general?: readonly GeneralSetting[];
  /** Returns the findings that no setting covers. */
  judge?(comparison: Comparison): Observation[];
  /** Returns true if `judge` covers a property of a resource, even if it reports nothing. */
  judges?(change: ResourceChange, property: PropertyChange): boolean;
  /** True if findings without a property, or about a replacement, cover the whole resource. */
  readonly coversResources?: true;
}

interface Meaning {
  /** The consequence of a worse value, in one or more sentences. */
  readonly why: string;
  readonly fix: string;
  /** @default - the link of the rule */
  readonly link?: string;
}

/** A property of certain types whose value can get worse. */
export interface Setting extends Meaning {
  readonly types: readonly string[];
  /** Path such as `Scheme`, `LoadBalancerAttributes[idle_timeout].Value` or `ContainerDefinitions[].Privileged`. */
  readonly property: string;
  /** The value of the property if the template omits it. */
  readonly absent?: unknown;
  /** Returns true if the new value is worse than the former one. */
  readonly worse: (after: unknown, before: unknown) => boolean;
  /** Returns true if the value is bad in a new resource. @default - no value is bad */
  readonly bad?: (after: unknown) => boolean;
  readonly severity: Severity | ((after: unknown, before: unknown) => Severity);
  /** The property as a noun, such as `Deletion protection`. */
  readonly what: string;
}

/** A property of any type whose value can get worse, matched by its path. */
export interface GeneralSetting extends Meaning {
  /** Matches the path of the property, without `Properties.` and without names of list items. */
  readonly property: RegExp;
  /** @default - every type */
  readonly types?: RegExp;
  readonly worse: (after: unknown, before: unknown, leaf: LeafChange) => boolean;
  /** Returns true if the value is bad in a new resource. @default - no value is bad */
  readonly bad?: (after: unknown) => boolean;
  readonly severity: Severity | ((change: ResourceChange, after: unknown, before: unknown) => Severity);
}

/** A finding before its rule's name is added. */
export type Observation = Omit<ReviewFinding, 'rule' | 'link'> & { readonly link?: string };

/** The texts about a change. */
export interface Remark {
  readonly severity: Severity;
  /** The sentence about the change, with the values before and after. */
  readonly what: string;
  /** The consequence, and the people or programs that it affects. */
  readonly why: string;
  /** One or more steps that avoid the consequence. */
  readonly fix: string | readonly string[];
  /** Path of the property that the finding is about. */
  readonly property?: string | undefined;
  /** @default - the link of the rule */
  readonly link?: string;
}

/** The resource that a remark is about. */
export type Subject = Pick<Change, 'stack' | 'logicalId' | 'resourceType' | 'path'>;

/** Makes an observation about a resource. */
export function observe(subject: Subject, remark: Remark): Observation {
  const { stack, logicalId, resourceType, path } = subject;
  const at = remark.property ? `${path}#${remark.property}` : path;
  return observation({ stack, logicalId, resourceType, path: at }, remark);
}

/** Makes an observation about a whole stack. */
export function observeStack(stack: string, remark: Remark): Observation {
  const path = remark.property ? `${stack}#${remark.property}` : stack;
  return observation({ stack, logicalId: '', resourceType: '', path }, remark);
}

function observation(place: Place, { severity, what, why, fix, link }: Remark): Observation {
  return { severity, place, what, why, fix: [fix].flat(), ...(link !== undefined && { link }) };
}
