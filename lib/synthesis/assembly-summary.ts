import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';

/** Counts and sizes of the parts of a plan. */
export interface PlanSummary {
  readonly directory: string;
  readonly stacks: readonly StackSummary[];
  readonly policies: readonly PolicySummary[];
}

export interface StackSummary {
  readonly name: string;
  readonly region: string;
  readonly template: string;
  /** Size of the template in bytes; CloudFormation accepts 1 MB. */
  readonly bytes: number;
  /** Number of resources; CloudFormation accepts 500. */
  readonly resources: number;
  /** Resources by service, such as `{ ECS: 4 }`, most first. */
  readonly services: Readonly<Record<string, number>>;
}

export interface PolicySummary {
  readonly pack: string;
  readonly violations: number;
  readonly warnings: number;
  /** Number of findings that are acknowledged with a reason. */
  readonly acknowledged: number;
}

/** Reads a cloud assembly. */
export function summarize(assembly: CloudAssembly): PlanSummary {
  return {
    directory: assembly.directory,
    stacks: assembly.stacks.map(stackSummary),
    policies: policies(assembly.directory),
  };
}

function stackSummary(stack: CloudFormationStackArtifact): StackSummary {
  const types = Object.values(stack.template.Resources as Record<string, { Type: string }>).map(({ Type }) =>
    Type.startsWith('AWS::') ? Type.split('::')[1]! : 'custom',
  );
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return {
    name: stack.stackName,
    region: stack.environment.region,
    template: stack.templateFullPath,
    bytes: Buffer.byteLength(readFileSync(stack.templateFullPath)),
    resources: types.length,
    services: Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)),
  };
}

interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly { readonly severity?: string }[];
    readonly suppressedViolations?: readonly unknown[];
  }[];
}

function policies(directory: string): PolicySummary[] {
  const report = JSON.parse(
    readFileSync(join(directory, 'validation-report.json'), 'utf8'),
  ) as ValidationReport;
  return report.pluginReports.map(({ pluginName, violations, suppressedViolations = [] }) => ({
    pack: pluginName,
    violations: violations.filter(({ severity }) => severity !== 'warning').length,
    warnings: violations.filter(({ severity }) => severity === 'warning').length,
    acknowledged: suppressedViolations.length,
  }));
}
