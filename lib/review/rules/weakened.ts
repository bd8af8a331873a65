import { same } from '../canonical';
import type { LeafChange, ResourceChange } from '../change';
import { matches } from '../iam/conditions';
import { schemaOf, schemaPath } from '../resource-schemas';
import { isLater, step } from '../words-of-services';
import { opening } from './opening';
import type { GeneralSetting, Rule } from './rule';
import { changed, isAsOften, isOn, isSomething, less, more, number, turnedOn } from './setting';

/** Matches names of switches that are safer off. */
const SAFER_OFF =
  /(^|\.)(Allow\w*|\w*PullRequestPreview|Disable(?!Api(Termination|Stop)|ExecuteApi|PasswordAuth)\w*|\w*Disabled|Bypass\w*|Skip\w*|Ignore\w*|Force\w*|Exclude\w*|\w*Public\w*|Insecure\w*|Suppress\w*|Overwrite\w*|Delete(On|With|Associated|All|Reports|Source)\w*|EmptyOnDelete|AutoMinorVersionUpgrade|TerminateInstance\w*|No[A-Z]\w*|Inverted?|Negated?|DryRun|Debug\w*|ReplaceComputeEnvironment|UsePrevious\w*|\w*Suspended|IsPaused|Blackhole|ExpiredObjectDeleteMarker)$/;

/** Matches names of numbers that may decrease without harm. */
const LESS_IS_FINE =
  /(^|\.)(\w*(Threshold|Cutoff\w*|Ttl|TTL|Priority|Weight|Interval|Delay|Age|Latency|Order|Port|Jitter|Offset|Timeout\w*|Period|Cooldown|Window\w*|Duration\w*|Expiration|BatchSize|Price|Amount|Cost\w*|Percent(age)?|Version|Level|Rate|Row|Column|Width|Height|Degree|Id|Index|Percentile))$/;

const GENERAL: readonly GeneralSetting[] = [
  {
    property: SAFER_OFF,
    worse: turnedOn,
    severity: 'caution',
    why: 'By the name of the property, a check or a safeguard is turned off.',
    fix: 'Leave it off, or explain in the change which safeguard replaces it.',
  },
  {
    property: /^(Definition|Content|SchemaDefinition|Body)$/,
    types: /^AWS::(AppSync::GraphQLSchema|EventSchemas::Schema|Glue::Schema(Version)?|ApiGateway(V2)?::\w+)$/,
    worse: hasFewerWords,
    severity: 'caution',
    why: 'Programs that use a removed type, field or path get an error.',
    fix: 'Keep it until no client uses it any more.',
  },
  {
    property: /(^|\.)ServerProperties$/,
    worse: changed,
    severity: 'caution',
    why: 'The brokers get other properties, such as the number of replicas, access and retention.',
    fix: 'Compare the properties one by one.',
    link: 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html',
  },
  {
    property: /(^|\.)(Branch|BranchName|SourceVersion)$/,
    worse: changed,
    severity: 'caution',
    why: 'Another branch or version is built and deployed.',
    fix: 'Check who may push to that branch.',
  },
  {
    property: /(^|\.)IntrospectionConfig$/,
    worse: turnedOn,
    severity: 'caution',
    why: 'Everybody who may send a query can list all types, fields and mutations.',
    fix: 'Keep introspection DISABLED in production.',
    link: 'https://docs.aws.amazon.com/appsync/latest/devguide/security-best-practices.html',
  },
  {
    property: /^Condition(\.|$)/,
    worse: (now, before) => !same(now, before),
    severity: 'caution',
    why: 'If the condition is false in this environment, CloudFormation deletes the resource.',
    fix: 'Check the value of the condition in each environment.',
    link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html',
  },
];

/**
 * Returns true if some words occur less often in the new text, such as an interface definition that lost a type or a
 * field.
 */
function hasFewerWords(after: unknown, before: unknown): boolean {
  if (typeof before !== 'string' || typeof after !== 'string') return false;
  const left = new Map<string, number>();
  for (const word of words(after)) left.set(word, (left.get(word) ?? 0) + 1);
  return words(before).some((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count === 0;
  });
}

const words = (text: string): string[] =>
  text.replace(/#.*|"""[\s\S]*?"""/g, '').match(/[^\s"'`,;:!?(){}[\]]+/g) ?? [];

/** Finds weaker values in properties that no other rule covers: a switch turned off, a weaker mode, a lower number. */
export const weakened: Rule = {
  name: 'weakened',
  severities: ['caution'],
  summary:
    'In any service, a switch is turned off, a mode changes, a number is lower, or another resource is referenced, and no other rule covers the property.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html',
  general: GENERAL,
};

/**
 * Returns a sentence if a value is weaker, for a property that no other rule covers. Returns undefined if it is not,
 * or if nobody can tell.
 */
export function weakness(
  { resourceType }: ResourceChange,
  { path, before, after }: LeafChange,
  isKnown: boolean,
): string | undefined {
  const at = schemaPath(path);
  const opened = opening(path, after, before);
  if (opened !== undefined) return opened;
  if (before === undefined || after === undefined) return undefined;
  if (OF_PROGRAMS.test(at) && !OF_GROUPS.test(resourceType))
    return NAMES_ADDRESS.test(variableOf(path)) && isAddress(before) && isAddress(after)
      ? 'Programs use another address or resource than before.'
      : undefined;
  if (typeof before === 'string' && typeof after === 'string' && step(after) < step(before))
    return 'By its name, the new value is weaker.';
  if (/SecurityGroup(Id)?s$/.test(at)) return 'Another security group is used.';
  if (isWider(after, before))
    return 'The new pattern matches more: everything below that path, or everything that fits.';
  if (isArn(before) && isArn(after)) return 'Another resource is used.';
  if (isKnown) return undefined;
  if (isSwitch(before) && isSwitch(after))
    return String(before) === 'true' && !SAFER_OFF.test(at) ? 'The setting is turned off.' : undefined;
  if (number(after) === 0 && more(before, 0) && !NOTHING_IS_FINE.test(at))
    return 'The value zero turns it off.';
  // A change of a number in a parameter group is tuning.
  if (OF_GROUPS.test(resourceType)) return number(after) === undefined ? 'The mode changes.' : undefined;
  if (LIMITS_WORK.test(at) && less(after, before) && !more(number(after)! * 4, before))
    return 'The value is a quarter of the former one, or less.';
  if (less(after, before)) return LESS_IS_FINE.test(at) ? undefined : 'The value is lower.';
  if (typeof before === 'object' || typeof after === 'object')
    return isSomething(before) && isSomething(after) ? 'Another resource is used.' : undefined;
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  if (NAMES_ANOTHER.test(at)) return 'Another resource is used.';
  const name = at.slice(at.lastIndexOf('.') + 1);
  const isChoice =
    schemaOf(resourceType)?.choices?.includes(name) === true ||
    (CONSTANT.test(before) && CONSTANT.test(after));
  if (isChoice) return step(after) === step(before) ? 'The mode changes.' : undefined;
  return isAnotherText(resourceType, at, after, before);
}

/**
 * Returns a sentence if a text has an unknown new value. Returns undefined for longer texts, later versions and texts
 * for people.
 */
function isAnotherText(type: string, at: string, after: string, before: string): string | undefined {
  if (type.startsWith('Custom::') || (type === 'AWS::SSM::Parameter' && at === 'Value')) return undefined;
  if (/^\s*[[{]|\n/.test(before))
    return hasFewerWords(after, before) ? 'The new text omits some of the former words.' : undefined;
  if (number(before) !== undefined && number(after) !== undefined) return undefined;
  if (/ScheduleExpression$|Schedule$/.test(at) && isAsOften(after, before)) return undefined;
  if (step(after) === 2 && (isOn(before) || isOn(after))) return undefined;
  if (OF_VERSIONS.test(at) && isLater(after, before)) return undefined;
  return 'The value changes.';
}

/** Matches properties that select a version. */
const OF_VERSIONS = /(Version|Runtime|Image|Release|Revision|Label|EndpointConfigName|Tag|Model\w*)$/;

/** Matches types of parameter groups, whose parameters a database or cache uses. */
const OF_GROUPS = /ParameterGroup$/;

/** Matches properties that name a role, a key, a location or another resource. */
const NAMES_ANOTHER =
  /(^|\.)\w*(Arn|ARN|Arns|ARNs|Roles?|RoleName|InstanceProfile|Bucket|BucketName|TableName|TopicName|StreamName|FunctionName|RepositoryName|KeyId|GroupIds?|SecurityGroups?|Groups|PolicyId|CertificateId|HomeDirectory|InvocationEndpoint)$/;

/** Matches timeouts and sampling rates. */
const LIMITS_WORK = /(^|\.)\w*(Rate|Timeout|TimeoutInMinutes|TimeoutSeconds|AttemptDurationSeconds)$/;

/** Matches numbers that may be zero without harm. */
const NOTHING_IS_FINE =
  /(^|\.)\w*(Delay\w*|Cooldown\w*|Offset|Order|Jitter\w*|Priority|Row|Column|Index|\w*Batching\w*|Compression\w*|FromPort|X|Y)$/;

/** Matches the properties that a program receives. Only the program knows their meaning. */
const OF_PROGRAMS =
  /(^|\.)(Environment(?=\.(Variables|Name|Value)\b|$)|\w*Variables|DefaultArguments|Input|Definition\w*|DashboardBody|Payload|Command|EntryPoint|UserData|BuildSpec)(\.|$)/;

/** Matches environment variables with the address of a resource that the program calls. */
const NAMES_ADDRESS =
  /(^|[._])\w*?(HOST(NAME)?|ENDPOINT|ADDRESS|ARN|TABLE(_?NAME)?|BUCKET(_?NAME)?|QUEUE(_?URL|_?NAME)?|TOPIC(_?ARN)?|ROLE|DATABASE|DB_?NAME|STREAM(_?NAME)?|CLUSTER|FUNCTION(_?NAME)?)$/i;

/** Matches an enumeration value in capitals. */
const CONSTANT = /^[A-Z][A-Z0-9]+(_[A-Z0-9]+)*$/;

/**
 * Returns true if the new pattern includes the former text: `/inbox` after `/inbox/partner`, or `geo:*` after
 * `geo:GetMap*`.
 */
function isWider(after: unknown, before: unknown): boolean {
  if (typeof after !== 'string' || typeof before !== 'string') return false;
  if (after.includes('*') && !/^(cron|rate)\(/.test(after)) return matches(after, before);
  if (!/^(s3:\/)?\/[\w${}.*-]/.test(before)) return false;
  return after.length < before.length && before.startsWith(after.endsWith('/') ? after : `${after}/`);
}

const isArn = (value: unknown): boolean => typeof value === 'string' && value.startsWith('arn:');

const isSwitch = (value: unknown): boolean => /^(true|false)$/.test(String(value));

/** Returns the path with the variable's name as its last part; some services write the name beside the value. */
const variableOf = (path: string): string => path.replace(/\[([^\]]+)\]\.Value$/, '.$1');

const isAddress = (value: unknown): boolean => typeof value === 'object' || /[^\d]/.test(String(value));
