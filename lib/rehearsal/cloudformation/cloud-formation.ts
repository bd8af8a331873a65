import type { Assembly, PlannedStack } from '../core/assembly';
import type { ResourceHandler, ResourceHandlers } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import type { Permissions } from '../iam/permissions';
import { customResource, type Functions } from './custom-resource';
import { type DeploymentContext, type Progress, StackDeployment } from './stack-deployment';
import type { Published } from './template';

/** Custom resources of the CDK that only act on a deletion. */
const IDLE = new Set(['Custom::S3AutoDeleteObjects', 'Custom::LogRetention', 'Custom::VpcRestrictDefaultSG']);

/** CloudFormation: its stacks, and the handlers of its resource types. */
export class CloudFormation implements DeploymentContext {
  /** Statuses such as `UPDATE_COMPLETE`, by stack name. */
  readonly statuses = new Map<string, string>();
  readonly published: Published = { outputs: new Map(), exports: new Map() };
  private readonly stacks = new Map<string, StackDeployment>();
  private readonly customResource: ResourceHandler;

  /**
   * @param handlers handlers of the resource types, from the emulated services
   * @param functions Lambda functions, by ARN
   */
  constructor(
    readonly stage: Stage,
    private readonly handlers: ResourceHandlers,
    functions: Functions,
    readonly progress: Progress,
    readonly permissions: Permissions,
  ) {
    this.customResource = customResource(stage.api, functions);
  }

  /** Creates or updates a stack. If that fails, rolls the stack back and throws the error. */
  async deploy(assembly: Assembly, stack: PlannedStack): Promise<void> {
    const deployment = this.stacks.get(stack.name) ?? new StackDeployment(this);
    this.stacks.set(stack.name, deployment);
    await deployment.deploy(assembly, stack);
  }

  /** Returns the handler of a resource type, or undefined for a type that a rehearsal does not emulate. */
  handlerOf(type: string): ResourceHandler | undefined {
    if (IDLE.has(type)) return undefined;
    const isCustom = /^(Custom::|AWS::CloudFormation::CustomResource)/.test(type);
    return this.handlers[type] ?? (isCustom ? this.customResource : undefined);
  }
}
