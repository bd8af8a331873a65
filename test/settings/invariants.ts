import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import type { Settings } from '../../config';
import { judge } from '../../lib/review/judge';
import type { Plan, PlannedStack } from '../../lib/review/plan';
import { circles } from '../../scripts/docs/circles';
import { broken, type Template } from '../compositions/invariants';
import { FACTS } from '../facts/all';
import type { Resources } from '../support/environment';
import { overlyPrivileged } from './privileges';

/** Number of things that CloudFormation takes in one template. */
const LIMITS = { Resources: 500, Outputs: 200, Parameters: 200, Mappings: 200 } as const;
const LARGEST = 1_000_000;

/** A resource with its logical id. */
interface Found {
  readonly id: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are read, not typed
  readonly properties: any;
}

/** Everything in an assembly that no settings may lead to, as `stack, resource: reason`. */
export function violations(assembly: CloudAssembly, settings: Settings): string[] {
  const plan = planOf(assembly);
  return [
    ...assembly.stacks.flatMap((stack) =>
      ofStack(stack, settings).map((violation) => `${stack.stackName}, ${violation}`),
    ),
    ...circles(new Map(assembly.stacks.map(needs))).map(
      (circle) => `stacks depend on each other: ${circle.join(' ')}`,
    ),
    ...untold(assembly.stacks, settings),
    ...judge(plan, structuredClone(plan)).findings.map(
      (finding) => `the review of the plan against itself finds ${JSON.stringify(finding)}`,
    ),
  ];
}

/** A stack with the stacks that it needs: by the manifest, and by the exports that its template imports. */
function needs(stack: CloudFormationStackArtifact, _: number, all: readonly CloudFormationStackArtifact[]) {
  const imports = new Set(
    [...JSON.stringify(stack.template).matchAll(/"Fn::ImportValue":"([^"]+)/g)].map(([, name]) => name),
  );
  const exporters = all.filter(({ template }) =>
    Object.values((template.Outputs ?? {}) as Record<string, { Export?: { Name: unknown } }>).some(
      ({ Export }) => imports.has(String(Export?.Name)),
    ),
  );
  const declared = stack.dependencies.filter((each) => all.includes(each as CloudFormationStackArtifact));
  return [stack.id, [...new Set([...declared, ...exporters].map(({ id }) => id))]] as const;
}

/** An assembly as the review reads it. */
export function planOf(assembly: CloudAssembly): Plan {
  return { stacks: assembly.stacks.map(planned) };
}

const planned = ({ stackName, environment, template }: CloudFormationStackArtifact): PlannedStack => ({
  name: stackName,
  region: environment.region,
  template,
  constructPaths: {},
});

function ofStack(stack: CloudFormationStackArtifact, settings: Settings): string[] {
  const { template, stackName } = stack;
  const resources = Object.entries(template.Resources as Resources).map(
    ([id, { Type, Properties = {} }]) => ({
      id,
      type: Type,
      properties: Properties,
    }),
  );
  const checks = [isPublic, openPolicy, unencrypted, unkept, ambiguousVariables];
  const fact = { stackName, region: stack.environment.region, resources: template.Resources };
  return [
    ...tooLarge(template),
    ...overlyPrivileged(template.Resources as Resources),
    ...broken(template as Template, { boundary: false }),
    ...stack.messages.filter(({ level }) => level === 'error').map(({ entry }) => String(entry.data)),
    ...resources.flatMap((resource) =>
      checks.flatMap((check) => check(resource, settings).map((reason) => `${resource.id}: ${reason}`)),
    ),
    ...FACTS.flatMap(({ fact: text, violations: against }) =>
      against(fact).map((found) => `${found} (${text})`),
    ),
  ];
}

function tooLarge(template: object): string[] {
  const bytes = JSON.stringify(template).length;
  return [
    ...(bytes > LARGEST ? [`has ${bytes} bytes`] : []),
    ...Object.entries(LIMITS).flatMap(([part, most]) => {
      const count = Object.keys((template as Record<string, object>)[part] ?? {}).length;
      return count > most ? [`has ${count} ${part}`] : [];
    }),
  ];
}

/** Only the distribution and the page that acknowledges are public. */
function isPublic({ id, type, properties }: Found): string[] {
  const refused: Record<string, () => boolean> = {
    'AWS::ElasticLoadBalancingV2::LoadBalancer': () => properties.Scheme !== 'internal',
    'AWS::RDS::DBInstance': () => properties.PubliclyAccessible === true,
    'AWS::ECS::Service': () =>
      properties.NetworkConfiguration?.AwsvpcConfiguration?.AssignPublicIp === 'ENABLED',
    'AWS::S3::Bucket': () =>
      !['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every(
        (block) => properties.PublicAccessBlockConfiguration?.[block] === true,
      ),
    'AWS::Lambda::Url': () => properties.AuthType !== 'AWS_IAM' && !/Acknowledge/.test(id),
    'AWS::Lambda::Permission': () => properties.Principal === '*' && !/Acknowledge/.test(id),
    'AWS::EC2::SecurityGroup': () => openRules(properties.SecurityGroupIngress),
    'AWS::EC2::SecurityGroupIngress': () => openRules([properties]),
    'AWS::ApiGateway::RestApi': () => true,
    'AWS::ApiGatewayV2::Api': () => true,
  };
  return refused[type]?.() ? ['is public'] : [];
}

const openRules = (rules: readonly { CidrIp?: string; CidrIpv6?: string }[] = []) =>
  rules.some(({ CidrIp, CidrIpv6 }) => CidrIp === '0.0.0.0/0' || CidrIpv6 === '::/0');

/** A policy of a resource allows everybody something. */
function openPolicy({ properties }: Found): string[] {
  const document = properties.PolicyDocument ?? properties.Policy ?? properties.KeyPolicy;
  const statements = [document?.Statement ?? []].flat();
  return statements
    .filter(
      ({ Effect, Principal, Condition }) =>
        Effect === 'Allow' && (Principal === '*' || Principal?.AWS === '*') && !Condition,
    )
    .map(({ Action }) => `allows everybody ${JSON.stringify(Action)}`);
}

/** Stores of data, secrets and logs have the environment's key, if it has one; everything is encrypted anyway. */
function unencrypted({ type, properties }: Found, { customerKeys }: Settings): string[] {
  const keyed: Record<string, unknown> = {
    'AWS::RDS::DBCluster': properties.KmsKeyId,
    'AWS::SecretsManager::Secret': properties.KmsKeyId,
    'AWS::Logs::LogGroup': properties.KmsKeyId,
  };
  const encrypted: Record<string, unknown> = {
    'AWS::RDS::DBCluster': properties.StorageEncrypted,
    'AWS::S3::Bucket': properties.BucketEncryption,
    'AWS::SNS::Topic': properties.KmsMasterKeyId,
    'AWS::SQS::Queue': properties.KmsMasterKeyId ?? properties.SqsManagedSseEnabled,
    'AWS::DynamoDB::Table': properties.SSESpecification?.SSEEnabled,
    'AWS::DynamoDB::GlobalTable': properties.SSESpecification?.SSEEnabled,
  };
  return [
    ...(customerKeys && type in keyed && !keyed[type] ? ["is not encrypted with the environment's key"] : []),
    ...(type in encrypted && !encrypted[type] ? ['is not encrypted'] : []),
  ];
}

function unkept({ type, properties }: Found, { logRetentionDays }: Settings): string[] {
  if (type !== 'AWS::Logs::LogGroup') return [];
  return [
    ...(properties.RetentionInDays === logRetentionDays
      ? []
      : [`keeps logs ${properties.RetentionInDays} days`]),
    ...(properties.DataProtectionPolicy ? [] : ['masks nothing']),
  ];
}

/** ECS refuses a variable that has a value and a secret, or two values. */
function ambiguousVariables({ type, properties }: Found): string[] {
  if (type !== 'AWS::ECS::TaskDefinition') return [];
  return properties.ContainerDefinitions.flatMap(
    ({ Environment = [], Secrets = [] }: Record<string, { Name: string }[]>) => {
      const names = [...Environment, ...Secrets].map(({ Name }) => Name);
      return names
        .filter((name, index) => names.indexOf(name) < index)
        .map((name) => `has two variables ${name}`);
    },
  );
}

/** If somebody is paged, each alarm has an action or is part of another alarm. */
function untold(stacks: readonly CloudFormationStackArtifact[], { escalation }: Settings): string[] {
  if (escalation.tiers.length === 0) return [];
  return stacks.flatMap(({ stackName, template }) => {
    const alarms = Object.entries(template.Resources as Resources).filter(([, { Type }]) =>
      /^AWS::CloudWatch::(Composite)?Alarm$/.test(Type),
    );
    const rules = JSON.stringify(
      alarms.map(([, { Properties }]) => [Properties.AlarmRule, Properties.ActionsSuppressor]),
    );
    const rest = JSON.stringify(
      Object.values(template.Resources as Resources).filter(({ Type }) => !/^AWS::CloudWatch::/.test(Type)),
    );
    return alarms
      .filter(([id, { Properties }]) => {
        const acts = (Properties.AlarmActions ?? []).length > 0 && Properties.ActionsEnabled !== false;
        return !acts && !rules.includes(`"${id}"`) && !rest.includes(`"${id}"`);
      })
      .map(([id]) => `${stackName}, ${id}: tells nobody`);
  });
}
