import { edgeResources } from './cloudfront/resources';
import { PlanError } from './core/template';
import { serverResources } from './ecs/resources';
import { eventResources } from './events/resources';
import { askCustomResource } from './lambda/custom-resource';
import { databaseResources } from './rds/resources';
import { need, type ResourceHandler } from './resource-handler';

const customResource: ResourceHandler = {
  supportedProperties: [''],
  async apply(turn) {
    const { cloud, id, type, properties, before, stack } = turn;
    const token = need(turn, 'ServiceToken');
    const event = {
      RequestType: before ? ('Update' as const) : ('Create' as const),
      StackId: stack.id,
      LogicalResourceId: id,
      ResourceType: type,
      ResourceProperties: strings(properties) as object,
      ...(before && {
        PhysicalResourceId: before.attributes.Ref,
        OldResourceProperties: strings(before.properties) as object,
      }),
    };
    const answer = await askCustomResource(cloud, token, event).catch((error: Error) => {
      throw new PlanError(id, '', `(${type}) failed: ${error.message}`);
    });
    const data = Object.entries(answer.Data ?? {}).map(([name, value]) => [name, String(value)]);
    return { Ref: answer.PhysicalResourceId ?? id, ...Object.fromEntries(data) };
  },
};

/** CloudFormation hands numbers and booleans to custom resources as text. */
function strings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strings);
  if (value === null || typeof value !== 'object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, strings(item)]));
}

const RESOURCE_HANDLERS: Readonly<Record<string, ResourceHandler>> = {
  ...databaseResources,
  ...serverResources,
  ...edgeResources,
  ...eventResources,
};

/** Custom resources of the CDK itself that do nothing until something is deleted. */
const IDLE = new Set(['Custom::S3AutoDeleteObjects', 'Custom::LogRetention']);

/** What plays a resource type; none for those that a rehearsal has no use for. */
export function resourceHandlerOf(type: string): ResourceHandler | undefined {
  if (IDLE.has(type)) return undefined;
  return (
    RESOURCE_HANDLERS[type] ??
    (/^(Custom::|AWS::CloudFormation::CustomResource)/.test(type) ? customResource : undefined)
  );
}
