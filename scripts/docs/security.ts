import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { exampleEnvironment } from './monitoring';

// biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
type Template = Record<string, { Type: string; Properties?: any }>;

/**
 * Returns the tables of `docs/security.md` from the templates of production: allowed connections, and readers of
 * secrets.
 */
export function securityDocument(): string {
  const directory = mkdtempSync(join(tmpdir(), 'security-document-'));
  try {
    const { data, release } = exampleEnvironment(directory);
    const stacks = [data, release];
    return [
      '| resource | port | admitted clients |',
      '|---|---|---|',
      ...unique(stacks.flatMap((stack) => admissions(stack, stacks))).sort(),
      '',
      '| role | secrets that the role may read |',
      '|---|---|',
      ...unique(stacks.flatMap((stack) => readers(stack, stacks))).sort(),
    ].join('\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function admissions(stack: Stack, stacks: readonly Stack[]): string[] {
  return Object.values(templateOf(stack))
    .filter(({ Type }) => Type === 'AWS::EC2::SecurityGroupIngress')
    .map(({ Properties: rule }) => {
      const port = typeof rule.FromPort === 'number' ? rule.FromPort : 5432;
      const from = rule.SourcePrefixListId
        ? 'CloudFront’s addresses'
        : groupOf(rule.SourceSecurityGroupId, stacks);
      return `| ${groupOf(rule.GroupId, stacks)} | ${port} | ${from} |`;
    });
}

/** Returns the description of the security group that a reference or an import refers to. */
function groupOf(reference: unknown, stacks: readonly Stack[]): string {
  const found = within(reference, stacks, CfnSecurityGroup.isCfnSecurityGroup);
  const description = found && (found as CfnSecurityGroup).groupDescription;
  return (
    description
      ?.replace(/^[\w-]+: /, '')
      .replace(/:.*$/, '')
      .toLowerCase() ?? 'another'
  );
}

function readers(stack: Stack, stacks: readonly Stack[]): string[] {
  return nodes(stack, CfnPolicy.isCfnPolicy).flatMap((policy) => {
    const { Statement } = templateOf(stack)[idOf(policy)]!.Properties.PolicyDocument;
    const resources = Statement.filter(({ Action }: { Action: string | string[] }) =>
      [Action].flat().includes('secretsmanager:GetSecretValue'),
    ).flatMap(({ Resource }: { Resource: unknown }) => [Resource].flat()) as unknown[];
    if (resources.length === 0) return [];
    const secrets = unique(resources.map((resource) => secretOf(resource, stacks))).sort();
    return [`| ${placeOf(policy).replace(/\/(DefaultPolicy|Policy)$/, '')} | ${secrets.join(', ')} |`];
  });
}

function secretOf(reference: unknown, stacks: readonly Stack[]): string {
  const text = JSON.stringify(reference);
  if (text.includes('MasterUserSecret')) return 'the master password';
  const attribute = /(Active|Reader|Operator|Owner)SecretArn/.exec(text)?.[1];
  if (attribute)
    return attribute === 'Active'
      ? 'the active login of the server'
      : `the ${attribute.toLowerCase()}’s login`;
  const secret = within(reference, stacks, CfnSecret.isCfnSecret);
  return secret ? `\`${placeOf(secret)}\`` : 'another';
}

function within(reference: unknown, stacks: readonly Stack[], is: (node: unknown) => boolean) {
  const text = JSON.stringify(reference ?? '');
  return stacks.flatMap((stack) => nodes(stack, is)).find((node) => text.includes(idOf(node)));
}

const nodes = <T extends IConstruct = IConstruct>(stack: Stack, is: (node: unknown) => boolean): T[] =>
  stack.node.findAll().filter((node): node is T => is(node));
const idOf = (node: IConstruct) => Stack.of(node).getLogicalId(node as CfnPolicy);
const placeOf = (node: IConstruct) => node.node.path.split('/').slice(1, -1).join('/');
const unique = (lines: readonly string[]) => [...new Set(lines)];

const templates = new WeakMap<Stack, Template>();
function templateOf(stack: Stack): Template {
  let template = templates.get(stack);
  if (!template) {
    // Reads the template like a test. Only aws-cdk-lib installs the assertions library.
    const { Template: Reader } = require('aws-cdk-lib/assertions') as typeof import('aws-cdk-lib/assertions');
    template = Reader.fromStack(stack).toJSON()['Resources'] as Template;
    templates.set(stack, template);
  }
  return template;
}
