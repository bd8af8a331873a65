import { setTimeout as pause } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { NO_CHANGES } from '../review/change-set-rule';
import { canonical, sha256 } from '../review/plan-digest';
import { DeliveryError } from './refused';

/** Digest of a template, independent of the order of its keys. */
export function digestOfTemplate(template: unknown): string {
  return sha256(canonical(template));
}

/** Digest of a template as text. A YAML template does not come from a plan. */
export function digestOfTemplateText(text: string): string {
  try {
    return digestOfTemplate(JSON.parse(text));
  } catch {
    return sha256(text);
  }
}

/** Longest wait for a change set. CloudFormation needs seconds, or some minutes for a stack with nested stacks. */
const LONGEST_MS = 30 * 60_000;

/** A change set in CloudFormation. */
export interface ChangeSet {
  readonly id: string;
  readonly status: 'ready' | 'empty' | 'failed' | 'executed' | 'obsolete';
  readonly reason?: string;
}

/** The stacks of one region in CloudFormation. */
export class RegionalStacks {
  constructor(
    private readonly client: CloudFormationClient,
    private readonly pollMs = 2_000,
  ) {}

  /** Returns a stack, or undefined if it does not exist. */
  async stack(name: string): Promise<Stack | undefined> {
    try {
      return (await this.client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
    } catch (error) {
      if (/does not exist/.test((error as Error).message)) return undefined;
      throw error;
    }
  }

  /** Returns the digest of the deployed template, or undefined for a stack that was never deployed. */
  async deployedTemplate(name: string): Promise<string | undefined> {
    const stack = await this.stack(name);
    if (!stack || stack.StackStatus === 'REVIEW_IN_PROGRESS') return undefined;
    const text = await this.template({ StackName: name });
    return text === undefined ? undefined : digestOfTemplateText(text);
  }

  /** Returns the template that a change set would deploy, from CloudFormation's own copy. */
  async changeSetTemplate(stack: string, id: string): Promise<string> {
    const text = await this.template({ StackName: stack, ChangeSetName: id });
    if (text !== undefined) return text;
    throw new DeliveryError(`CloudFormation has no template of the change set ${id}`);
  }

  /** Returns a created change set by ARN or name, or undefined if there is none. */
  async changeSet(stack: string, id: string): Promise<ChangeSet | undefined> {
    for (let waited = 0; waited <= LONGEST_MS; waited += this.pollMs) {
      const found = await this.describe(stack, id);
      if (!found) return undefined;
      if (!/PENDING|IN_PROGRESS/.test(found.Status ?? '')) return meaning(found);
      await pause(this.pollMs);
    }
    throw new DeliveryError(
      `CloudFormation has not finished the change set ${id} of ${stack} after ${LONGEST_MS / 60_000} minutes; look at the stack in CloudFormation, then run the command again`,
    );
  }

  async deleteChangeSet(stack: string, id: string): Promise<void> {
    await this.client.send(new DeleteChangeSetCommand({ StackName: stack, ChangeSetName: id }));
  }

  private async describe(stack: string, id: string): Promise<DescribeChangeSetCommandOutput | undefined> {
    try {
      return await this.client.send(new DescribeChangeSetCommand({ StackName: stack, ChangeSetName: id }));
    } catch (error) {
      const { name, message } = error as Error;
      if (/ChangeSetNotFound/.test(name) || /does not exist/.test(message)) return undefined;
      throw error;
    }
  }

  private async template(of: { StackName: string; ChangeSetName?: string }): Promise<string | undefined> {
    const { TemplateBody } = await this.client.send(
      new GetTemplateCommand({ ...of, TemplateStage: 'Original' }),
    );
    return TemplateBody || undefined;
  }
}

function meaning({
  ChangeSetId = '',
  Status,
  ExecutionStatus,
  StatusReason,
}: DescribeChangeSetCommandOutput): ChangeSet {
  const id = ChangeSetId;
  if (Status === 'FAILED')
    return { id, status: NO_CHANGES.test(StatusReason ?? '') ? 'empty' : 'failed', reason: StatusReason };
  switch (ExecutionStatus) {
    case 'AVAILABLE':
      return { id, status: 'ready' };
    case 'EXECUTE_COMPLETE':
    case 'EXECUTE_IN_PROGRESS':
      return { id, status: 'executed' };
    default:
      return { id, status: 'obsolete', reason: `${Status}, ${ExecutionStatus}` };
  }
}
