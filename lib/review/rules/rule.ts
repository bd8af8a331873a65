import type { Change, Comparison, LeafChange, PropertyChange, ResourceChange } from '../change';
import type { Place, ReviewFinding, Severity } from '../finding';

/** One thing a reviewer would look for. */
export interface Rule {
  readonly name: string;
  /** The severities of its findings, the most severe first. */
  readonly severities: readonly Severity[];
  /** One sentence that says what the rule finds. */
  readonly summary: string;
  /** The page of AWS's documentation that the rule rests on; a finding may have one that says more. */
  readonly link: string;
  /** Properties of certain types whose value can get worse. */
  readonly settings?: readonly Setting[];
  /** Properties of any type whose value can get worse; those of `settings` of any rule come first. */
  readonly general?: readonly GeneralSetting[];
  /** Returns the findings that no setting covers. */
  judge?(comparison: Comparison): Observation[];
  /** Returns true if `judge` looks at a property of a resource, whatever it then says. */
  judges?(change: ResourceChange, property: PropertyChange): boolean;
  /** True if its findings without a property, or about a replacement, speak of the whole resource. */
  readonly speaksOfResources?: true;
}

interface Meaning {
  /** Why a worse value matters: one sentence or more. */
  readonly why: string;
  readonly fix: string;
  /** @default - the link of the rule */
  readonly link?: string;
}

/** A property of certain types whose value can get worse. */
export interface Setting extends Meaning {
  readonly types: readonly string[];
  /** Such as `Scheme`, `LoadBalancerAttributes[idle_timeout].Value` or `ContainerDefinitions[].Privileged`. */
  readonly property: string;
  /** The value that the property has when the template leaves it out. */
  readonly absent?: unknown;
  /** Returns true if the value after is worse than the value before. */
  readonly worse: (after: unknown, before: unknown) => boolean;
  /** True if a value is bad in a resource that is new. @default - nothing is */
  readonly bad?: (after: unknown) => boolean;
  readonly severity: Severity | ((after: unknown, before: unknown) => Severity);
  /** The property as a noun, such as `Deletion protection`. */
  readonly what: string;
}

/** A property of any type whose value can get worse, told by its name. */
export interface GeneralSetting extends Meaning {
  /** Matches the path of the property, without `Properties.` and without names of list items. */
  readonly property: RegExp;
  /** @default - every type */
  readonly types?: RegExp;
  readonly worse: (after: unknown, before: unknown, leaf: LeafChange) => boolean;
  /** True if a value is bad in a resource that is new. @default - nothing is */
  readonly bad?: (after: unknown) => boolean;
  readonly severity: Severity | ((change: ResourceChange, after: unknown, before: unknown) => Severity);
}

/** A finding of the rule that makes it. */
export type Observation = Omit<ReviewFinding, 'rule' | 'link'> & { readonly link?: string };

/** The words about a change. */
export interface Remark {
  readonly severity: Severity;
  /** The sentence about the change, with the values before and after. */
  readonly what: string;
  /** Whom it hurts, and how. */
  readonly why: string;
  /** One or more steps that avoid it. */
  readonly fix: string | readonly string[];
  /** Path of the property it is about. */
  readonly property?: string | undefined;
  /** @default - the link of the rule */
  readonly link?: string;
}

/** The resource that a remark is about. */
export type Subject = Pick<Change, 'stack' | 'logicalId' | 'resourceType' | 'path'>;

/** A remark about a resource. */
export function observe(subject: Subject, remark: Remark): Observation {
  const { stack, logicalId, resourceType, path } = subject;
  const at = remark.property ? `${path}#${remark.property}` : path;
  return observation({ stack, logicalId, resourceType, path: at }, remark);
}

/** A remark about a stack as a whole. */
export function observeStack(stack: string, remark: Remark): Observation {
  const path = remark.property ? `${stack}#${remark.property}` : stack;
  return observation({ stack, logicalId: '', resourceType: '', path }, remark);
}

function observation(place: Place, { severity, what, why, fix, link }: Remark): Observation {
  return { severity, place, what, why, fix: [fix].flat(), ...(link !== undefined && { link }) };
}
