import type { PlannedWarning } from '../findings/planned-warning';
import type { LintReport } from '../migration-lint';

// Templates may come from other applications: nothing is certain about their values, except that they are JSON.
/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly UpdatePolicy?: unknown;
  readonly CreationPolicy?: unknown;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** A CloudFormation template. */
export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Output>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, unknown>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

export interface Output {
  readonly Value?: unknown;
  readonly Export?: { readonly Name?: unknown };
}

/** A cloud assembly, or the deployed stacks of one. */
export interface Plan {
  /** In the order of deployment: dependencies come first. */
  readonly stacks: readonly PlannedStack[];
}

export interface PlannedStack {
  readonly name: string;
  readonly region?: string;
  readonly template: Template;
  /** Size of the uploaded template. If unknown, the size is computed from the template. */
  readonly templateBytes?: number;
  readonly terminationProtection?: boolean;
  /** Construct path by logical id, if known. */
  readonly constructPaths: Readonly<Record<string, string>>;
  /**
   * Acknowledged policy findings: construct path → finding → reason (`aws:cdk:acknowledged-rules` in the assembly's
   * metadata). Unknown for a deployed stack.
   */
  readonly acknowledgements?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The warnings of the build of the release in this stack. Unknown for a deployed stack. */
  readonly warnings?: readonly PlannedWarning[];
  /** Folder of the migrations, relative to the application. Unknown for a deployed stack. */
  readonly migrationsFolder?: string;
  /** The migrations of the release in this stack, judged by `lintMigrations`. */
  readonly migrations?: LintReport;
}
