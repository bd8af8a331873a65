import { writeFileSync } from 'node:fs';
import type { Stage } from './core/stage';
import { canonical, type TraceFile } from './core/trace';

/** Writes the judged calls and connections of a rehearsal. */
export function writeTrace(file: string, { trace, inventory }: Stage, digest: string): void {
  const resources = inventory.all.flatMap(({ stack, id, type, attributes }) =>
    attributes ? [[`${stack}/${id}`, namesAmong(type, attributes)] as const] : [],
  );
  const content: TraceFile = {
    version: 1,
    plan: { digest },
    resources: Object.fromEntries(resources),
    calls: trace.calls,
    connections: trace.connections,
  };
  writeFileSync(file, `${canonical(content, 2)}\n`);
}

/** Returns only AWS identifiers, because a custom resource may return anything, including secrets. */
function namesAmong(type: string, attributes: Readonly<Record<string, string>>): Record<string, string> {
  if (!/^(Custom::|AWS::CloudFormation::CustomResource)/.test(type)) return attributes;
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => /^(arn:aws|pl-|sg-|subnet-|vpc-)/.test(value)),
  );
}
