import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges a finding of cdk-nag's AwsSolutions pack, with the reason why it is acceptable for this construct and
 * its children.
 * @param finding the rule without the pack's name, such as `SF2` or `IAM5[Resource::*]`; write tokens as cdk-nag does
 * (`<LogicalId.Arn>`)
 */
export function acknowledge(scope: IConstruct, finding: string, reason: string): void {
  const id = `AwsSolutions::AwsSolutions-${flatten(Stack.of(scope).resolve(finding))}`;
  Validations.of(scope).acknowledge({ id, reason });
}

function flatten(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [intrinsic, argument] = Object.entries(value)[0] as [string, unknown];
  switch (intrinsic) {
    case 'Ref':
      return `<${argument}>`;
    case 'Fn::GetAtt':
      return `<${(argument as string[]).join('.')}>`;
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(flatten).join(separator);
    }
    case 'Fn::Sub':
      return String(argument).replace(/\$\{([^}]+)\}/g, '<$1>');
    default:
      return JSON.stringify(value);
  }
}
