import { circles } from '../../scripts/docs/circles';

/** A template as CloudFormation receives it. */
export interface Template {
  /** Absent from the template of a stack that has none. */
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

/** Returns everything in a template that CloudFormation would refuse, or that is obviously unintended. */
export function broken(template: Template, { boundary }: { readonly boundary: boolean }): string[] {
  const all = template.Resources ?? {};
  const resources = Object.entries(all);
  const graph = new Map(
    resources.map(([id, resource]) => [
      id,
      [...references(resource), ...[resource.DependsOn ?? []].flat()].filter((to) => to in all),
    ]),
  );
  return [
    ...dangling(template),
    ...circles(graph).map((circle) => `resources depend on each other: ${circle.join(' ')}`),
    ...resources.flatMap(([id, resource]) =>
      [...wrongTexts(resource), ...longNames(resource)].map((problem) => `${id}: ${problem}`),
    ),
    ...sharedNames(resources),
    ...resources
      .filter(
        ([, { Type, Properties }]) =>
          boundary && Type === 'AWS::IAM::Role' && !Properties?.['PermissionsBoundary'],
      )
      .map(([id]) => `${id} has no permissions boundary`),
  ];
}

function dangling(template: Template): string[] {
  const resources = template.Resources ?? {};
  const known = (name: string) =>
    name.startsWith('AWS::') || name in resources || name in (template.Parameters ?? {});
  return [
    ...new Set([
      ...references(template).filter((name) => !known(name)),
      ...Object.values(resources)
        .flatMap(({ DependsOn = [] }) => [DependsOn].flat())
        .filter((name) => !(name in resources)),
    ]),
  ].map((name) => `nothing is called ${name}`);
}

/** The logical ids that a value refers to. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref' && typeof inner === 'string') return [inner];
    if (key === 'Fn::GetAtt')
      return [typeof inner === 'string' ? inner.split('.')[0]! : (inner as string[])[0]!];
    if (key === 'Fn::Sub') {
      const [text, variables = {}] = [inner].flat() as [string, object?];
      const names = [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name]) => name!.split('.')[0]!);
      return [...names.filter((name) => !(name in variables)), ...references(variables)];
    }
    return references(inner);
  });
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(texts);
}

function wrongTexts({ Properties = {} }: Resource): string[] {
  return texts(Properties)
    .filter(
      (text) =>
        /[$#]\{Token\[/.test(text) ||
        // Neither code nor prose.
        (!/\s|[;(]/.test(text) && /undefined|\bNaN\b|\[object/.test(text)),
    )
    .map((text) => `'${text.slice(0, 80)}'`);
}

/** Properties that name a resource, and the characters CloudFormation takes. */
const NAMES: Readonly<Record<string, readonly [property: string, most: number]>> = {
  'AWS::CloudWatch::Alarm': ['AlarmName', 255],
  'AWS::CloudWatch::CompositeAlarm': ['AlarmName', 255],
  'AWS::CloudWatch::Dashboard': ['DashboardName', 255],
  'AWS::DynamoDB::Table': ['TableName', 255],
  'AWS::ECS::Cluster': ['ClusterName', 255],
  'AWS::ECS::Service': ['ServiceName', 255],
  'AWS::ECS::TaskDefinition': ['Family', 255],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Name', 32],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name', 32],
  'AWS::Events::Rule': ['Name', 64],
  'AWS::IAM::Role': ['RoleName', 64],
  'AWS::Lambda::Function': ['FunctionName', 64],
  'AWS::Logs::LogGroup': ['LogGroupName', 512],
  'AWS::RDS::DBCluster': ['DBClusterIdentifier', 63],
  'AWS::RDS::DBProxy': ['DBProxyName', 63],
  'AWS::S3::Bucket': ['BucketName', 63],
  'AWS::SecretsManager::Secret': ['Name', 512],
  'AWS::SNS::Topic': ['TopicName', 256],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 80],
  'AWS::Synthetics::Canary': ['Name', 255],
  'AWS::WAFv2::WebACL': ['Name', 128],
};

function nameOf({ Type, Properties }: Resource): string | undefined {
  const [property] = NAMES[Type] ?? [];
  const name = property === undefined ? undefined : Properties?.[property];
  return typeof name === 'string' ? name : undefined;
}

function longNames(resource: Resource): string[] {
  const name = nameOf(resource);
  const most = NAMES[resource.Type]?.[1] ?? 0;
  return name !== undefined && name.length > most ? [`'${name}' is longer than ${most}`] : [];
}

function sharedNames(resources: readonly (readonly [string, Resource])[]): string[] {
  const seen = new Map<string, string>();
  return resources.flatMap(([id, resource]) => {
    const name = nameOf(resource);
    if (name === undefined) return [];
    const key = `${resource.Type} '${name}'`;
    const other = seen.get(key);
    seen.set(key, id);
    return other === undefined ? [] : [`${other} and ${id} are both ${key}`];
  });
}
