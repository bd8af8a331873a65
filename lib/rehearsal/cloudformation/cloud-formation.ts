import type { Assembly, PlannedStack } from '../core/assembly';
import type { ResourceHandler, ResourceHandlers } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import type { Permissions } from '../iam/permissions';
import { customResource, type Functions } from './custom-resource';
import { type DeploymentContext, type Progress, StackDeployment } from './stack-deployment';
import type { Published } from './template';

/** Custom resources of the CDK itself that do nothing until something is deleted. */
const IDLE = new Set(['Custom::S3AutoDeleteObjects', 'Custom::LogRetention', 'Custom::VpcRestrictDefaultSG']);

/** CloudFormation: stacks, and the handlers that make their resources. */
export class CloudFormation implements DeploymentContext {
  /** Statuses such as `UPDATE_COMPLETE`, by stack name. */
  readonly statuses = new Map<string, string>();
  readonly published: Published = { outputs: new Map(), exports: new Map() };
  private readonly stacks = new Map<string, StackDeployment>();
  private readonly customResource: ResourceHandler;

  /**
   * @param handlers handlers of the resource types that services make
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

  /** Creates or updates a stack. Throws the error of a failure, once the stack is back where it was. */
  async deploy(assembly: Assembly, stack: PlannedStack): Promise<void> {
    const deployment = this.stacks.get(stack.name) ?? new StackDeployment(this);
    this.stacks.set(stack.name, deployment);
    await deployment.deploy(assembly, stack);
  }

  /** The handler of a resource type; nothing for types that a rehearsal leaves out. */
  handlerOf(type: string): ResourceHandler | undefined {
    if (IDLE.has(type)) return undefined;
    const isCustom = /^(Custom::|AWS::CloudFormation::CustomResource)/.test(type);
    return this.handlers[type] ?? (isCustom ? this.customResource : undefined);
  }
}
