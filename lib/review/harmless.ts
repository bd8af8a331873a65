import type { LeafChange, ResourceChange } from './change';
import { schemaPath } from './resource-schemas';

/** A type whose resources may be removed or replaced without an effect on anybody, with the reason. */
interface HarmlessType {
  readonly types: RegExp;
  readonly removed?: string;
  readonly replaced?: string;
}

/** Resource types that may be removed or replaced without an effect. Each entry gives the reason. */
const TYPES: readonly HarmlessType[] = [
  {
    types: /^AWS::(CDK::Metadata|CloudFormation::WaitCondition(Handle)?)$/,
    removed: 'The resource does nothing after the deployment.',
    replaced: 'The resource does nothing after the deployment.',
  },
  {
    types:
      /^AWS::(Lambda::(Version|LayerVersion)|Serverless::LayerVersion|ECS::(Daemon)?TaskDefinition|ApiGateway(V2)?::Deployment|Batch::JobDefinition|EC2::LaunchTemplate|AutoScaling::LaunchConfiguration|SageMaker::(Model|EndpointConfig|ImageVersion)|Bedrock::\w+Version|Lex::BotVersion|AppConfig::Deployment|Greengrass\w*::\w+Version|GreengrassV2::Deployment|StepFunctions::StateMachineVersion|ImageBuilder::\w+|ElasticBeanstalk::ApplicationVersion|CloudFormation::(Resource|Module|Hook)Version)$/,
    replaced: 'Each content change creates a new version, and references move to it.',
  },
  {
    types:
      /^AWS::(IAM::(Policy|RolePolicy|UserPolicy|GroupPolicy)|Lambda::Permission|S3::BucketPolicy|SQS::Queue(Inline)?Policy|SNS::Topic(Inline)?Policy|(SecretsManager|Kinesis|Logs)::ResourcePolicy|Events::EventBusPolicy)$/,
    removed: 'Other rules compare the permissions of the whole plan, wherever they are defined.',
    replaced: 'Other rules compare the permissions of the whole plan, wherever they are defined.',
  },
  {
    types: /^AWS::EC2::SecurityGroup(Ingress|Egress)$/,
    removed: 'Other rules compare all rules of a security group, wherever they are defined.',
    replaced: 'Other rules compare all rules of a security group, wherever they are defined.',
  },
  {
    types:
      /^AWS::(Athena::(NamedQuery|PreparedStatement)|Logs::QueryDefinition|Config::StoredQuery|ResourceGroups::Group|XRay::Group|ServiceCatalogAppRegistry::\w+|ApiGateway::Documentation(Part|Version)|CloudWatch::Dashboard|ApplicationInsights::Application|ResourceExplorer2::\w+|CE::CostCategory|ComputeOptimizer::\w+)$/,
    removed: 'Only people use it; no program depends on it.',
    replaced: 'Only people use it; no program depends on it.',
  },
  {
    types:
      /^AWS::(ApplicationAutoScaling|AutoScaling)::(ScalableTarget|ScalingPolicy|ScheduledAction|LifecycleHook)$/,
    replaced: 'CloudFormation creates the new one before it deletes the old one, so scaling continues.',
  },
  {
    types: /^AWS::Budgets::Budget$/,
    replaced:
      'CloudFormation creates the new one before it deletes the old one. Other rules judge its subscriptions.',
  },
  {
    types: /^AWS::Backup::BackupSelection$/,
    replaced:
      'CloudFormation creates the new one before it deletes the old one. Other rules judge its selection.',
  },
  {
    types: /^AWS::(ECS::(Daemon)?TaskDefinition|Lambda::Version|ApiGateway(V2)?::Deployment)$/,
    removed: 'Other rules judge the resource that runs it.',
  },
  {
    types:
      /^AWS::(RDS::DBSubnetGroup|RDS::DB(Cluster)?ParameterGroup|RDS::OptionGroup|(DocDB|Neptune)::DB\w*(Parameter|Subnet)Group|(ElastiCache|MemoryDB|DAX|Redshift)::\w*(Parameter|Subnet)Group|DMS::ReplicationSubnetGroup)$/,
    removed: 'The service refuses to delete one that is in use.',
  },
];

/** Returns the reason why the removal or replacement of a resource is harmless, or undefined if it may not be. */
export function harmlessFate({ resourceType, kind }: ResourceChange): string | undefined {
  const fate = kind === 'removed' ? 'removed' : 'replaced';
  return TYPES.find((one) => one[fate] !== undefined && one.types.test(resourceType))?.[fate];
}

type HarmlessProperty = readonly [property: RegExp, reason: string];

/** Properties that may change without an effect. Each entry gives the reason. */
const PROPERTIES: readonly HarmlessProperty[] = [
  [
    /(^|\.)\w*(Description|Comment|Notes?|Label|Title|DisplayName|Color|Icon|Documentation|ReadMe|Summary)s?(\.|$)/,
    'Only people read the text.',
  ],
  [
    /(^|\.)(?!LFTags)(\w*Tags|Tag(Set|List)?|TagSpecifications|PropagateTags|\w*TagKeys?)(\.|$)/,
    'A tag only describes a resource.',
  ],
  [
    /(^|\.)(\w*(LogLevel|LoggingLevel|LogVerbosity)|\w*Log\w*\.Level)$/,
    'The same log gets more or fewer lines.',
  ],
  [/(^|\.)\w*(Backup|Maintenance|Snapshot)Window$/, 'The same task runs at another hour.'],
  [
    /(^|\.)\w*(Compression\w*|ContentEncoding|Compress|BufferingHints\.\w+)$/,
    'The same content has another encoding.',
  ],
  [/(^|\.)(DashboardBody|QueryString|QueryDefinition)$/, 'Only people look at it.'],
  [
    /(^|\.)(Code|FunctionCode|CodeUri|ContentUri|Content|ZipFile|CodeSha256|ImageUri)(\.|$)/,
    'The code is new; a review does not read code.',
  ],
  [/^Environment\.ComputeType$/, 'Only the duration of a build changes.'],
  [
    /(^|\.)(PriceClass|HttpVersion|IPV6Enabled|IpAddressType)$/,
    'The same responses take another network path.',
  ],
  [/(^|\.)\w*(Subject|Message|MessageBody|Greeting|Placeholder)$/, 'Only people read the text.'],
  [/^Name$/, 'CloudFormation updates this name in place, so it is only a label.'],
  [/(^|\.)awslogs-stream-prefix$/, 'Only the names of new log streams in the same group change.'],
  [/^(Metadata)(\.|$)/, 'CloudFormation only stores it for tools.'],
];

/** Returns true for text that only people read, in any resource. */
export function isForPeople({ path }: Pick<LeafChange, 'path'>): boolean {
  return /[.\]](\w*[dD]escription|\w*[cC]omment)$/.test(path);
}

/** Returns the reason why the change of a property is harmless, or undefined if it may not be. */
export function harmlessProperty({ path, after }: LeafChange): string | undefined {
  const at = schemaPath(path);
  if (at === 'Layers' && after !== undefined)
    return 'The value only selects another existing version of the function.';
  return PROPERTIES.find(([property]) => property.test(at))?.[1];
}
