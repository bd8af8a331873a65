import type { LeafChange, ResourceChange } from './change';
import { schemaPath } from './resource-schemas';

/** Why nobody needs to look at a resource that goes. */
interface HarmlessType {
  readonly types: RegExp;
  readonly removed?: string;
  readonly replaced?: string;
}

/** The types that may go, or be made anew, without anybody noticing. Each says why. */
const TYPES: readonly HarmlessType[] = [
  {
    types: /^AWS::(CDK::Metadata|CloudFormation::WaitCondition(Handle)?)$/,
    removed: 'It does nothing once the stack is there.',
    replaced: 'It does nothing once the stack is there.',
  },
  {
    types:
      /^AWS::(Lambda::(Version|LayerVersion)|Serverless::LayerVersion|ECS::(Daemon)?TaskDefinition|ApiGateway(V2)?::Deployment|Batch::JobDefinition|EC2::LaunchTemplate|AutoScaling::LaunchConfiguration|SageMaker::(Model|EndpointConfig|ImageVersion)|Bedrock::\w+Version|Lex::BotVersion|AppConfig::Deployment|Greengrass\w*::\w+Version|GreengrassV2::Deployment|StepFunctions::StateMachineVersion|ImageBuilder::\w+|ElasticBeanstalk::ApplicationVersion|CloudFormation::(Resource|Module|Hook)Version)$/,
    replaced: 'Each change of its content makes a new one; what uses it moves over to that.',
  },
  {
    types:
      /^AWS::(IAM::(Policy|RolePolicy|UserPolicy|GroupPolicy)|Lambda::Permission|S3::BucketPolicy|SQS::Queue(Inline)?Policy|SNS::Topic(Inline)?Policy|(SecretsManager|Kinesis|Logs)::ResourcePolicy|Events::EventBusPolicy)$/,
    removed: 'The permissions of a plan are compared as a whole, wherever they are written.',
    replaced: 'The permissions of a plan are compared as a whole, wherever they are written.',
  },
  {
    types: /^AWS::EC2::SecurityGroup(Ingress|Egress)$/,
    removed: 'The rules of a security group are compared as a whole, wherever they are written.',
    replaced: 'The rules of a security group are compared as a whole, wherever they are written.',
  },
  {
    types:
      /^AWS::(Athena::(NamedQuery|PreparedStatement)|Logs::QueryDefinition|Config::StoredQuery|ResourceGroups::Group|XRay::Group|ServiceCatalogAppRegistry::\w+|ApiGateway::Documentation(Part|Version)|CloudWatch::Dashboard|ApplicationInsights::Application|ResourceExplorer2::\w+|CE::CostCategory|ComputeOptimizer::\w+)$/,
    removed: 'People look things up with it; no program depends on it.',
    replaced: 'People look things up with it; no program depends on it.',
  },
  {
    types:
      /^AWS::(ApplicationAutoScaling|AutoScaling)::(ScalableTarget|ScalingPolicy|ScheduledAction|LifecycleHook)$/,
    replaced: 'CloudFormation makes the new one before it deletes the old one; scaling goes on.',
  },
  {
    types: /^AWS::Budgets::Budget$/,
    replaced:
      'CloudFormation makes the new one before it deletes the old one; whom it tells of what is judged.',
  },
  {
    types: /^AWS::Backup::BackupSelection$/,
    replaced:
      'CloudFormation makes the new one before it deletes the old one; what it no longer selects is judged.',
  },
  {
    types: /^AWS::(ECS::(Daemon)?TaskDefinition|Lambda::Version|ApiGateway(V2)?::Deployment)$/,
    removed: 'Only what runs it matters, and that is judged by itself.',
  },
  {
    types:
      /^AWS::(RDS::DBSubnetGroup|RDS::DB(Cluster)?ParameterGroup|RDS::OptionGroup|(DocDB|Neptune)::DB\w*(Parameter|Subnet)Group|(ElastiCache|MemoryDB|DAX|Redshift)::\w*(Parameter|Subnet)Group|DMS::ReplicationSubnetGroup)$/,
    removed: 'RDS and its like refuse to delete one that is in use.',
  },
];

/** Why nobody needs to look at this resource that goes; undefined when somebody should. */
export function harmlessFate({ resourceType, kind }: ResourceChange): string | undefined {
  const fate = kind === 'removed' ? 'removed' : 'replaced';
  return TYPES.find((one) => one[fate] !== undefined && one.types.test(resourceType))?.[fate];
}

type HarmlessProperty = readonly [property: RegExp, reason: string];

/** The properties that may differ without anybody noticing. Each says why. */
const PROPERTIES: readonly HarmlessProperty[] = [
  [
    /(^|\.)\w*(Description|Comment|Notes?|Label|Title|DisplayName|Color|Icon|Documentation|ReadMe|Summary)s?(\.|$)/,
    'People read it, no program.',
  ],
  [
    /(^|\.)(?!LFTags)(\w*Tags|Tag(Set|List)?|TagSpecifications|PropagateTags|\w*TagKeys?)(\.|$)/,
    'A tag is a note on a resource.',
  ],
  [
    /(^|\.)(\w*(LogLevel|LoggingLevel|LogVerbosity)|\w*Log\w*\.Level)$/,
    'More or fewer lines in the same log.',
  ],
  [/(^|\.)\w*(Backup|Maintenance|Snapshot)Window$/, 'The same work at another hour.'],
  [
    /(^|\.)\w*(Compression\w*|ContentEncoding|Compress|BufferingHints\.\w+)$/,
    'The same content in other bytes.',
  ],
  [/(^|\.)(DashboardBody|QueryString|QueryDefinition)$/, 'People look at it.'],
  [
    /(^|\.)(Code|FunctionCode|CodeUri|ContentUri|Content|ZipFile|CodeSha256|ImageUri)(\.|$)/,
    'New code in the same place; a review does not read code.',
  ],
  [/^Environment\.ComputeType$/, 'A build takes longer or shorter.'],
  [/(^|\.)(PriceClass|HttpVersion|IPV6Enabled|IpAddressType)$/, 'The same answers on other ways.'],
  [/(^|\.)\w*(Subject|Message|MessageBody|Greeting|Placeholder)$/, 'People read it.'],
  [/^Name$/, 'A name that CloudFormation changes in place is a label.'],
  [/(^|\.)awslogs-stream-prefix$/, 'The name of new log streams in the same group.'],
  [/^(Metadata)(\.|$)/, 'CloudFormation keeps it for tools.'],
];

/** Returns true for a text that only people read, wherever it stands. */
export function isForPeople({ path }: Pick<LeafChange, 'path'>): boolean {
  return /[.\]](\w*[dD]escription|\w*[cC]omment)$/.test(path);
}

/** Why nobody needs to look at a change of this property; undefined when somebody should. */
export function harmlessProperty({ path, after }: LeafChange): string | undefined {
  const at = schemaPath(path);
  if (at === 'Layers' && after !== undefined) return 'Another version of code that the function has already.';
  return PROPERTIES.find(([property]) => property.test(at))?.[1];
}
