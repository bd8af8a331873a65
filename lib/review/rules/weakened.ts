import { same } from '../canonical';
import type { LeafChange, ResourceChange } from '../change';
import { matches } from '../iam/conditions';
import { schemaOf, schemaPath } from '../resource-schemas';
import { isLater, step } from '../words-of-services';
import { opening } from './opening';
import type { GeneralSetting, Rule } from './rule';
import { changed, isAsOften, isOn, isSomething, less, more, number, turnedOn } from './setting';

/** Switches that are safer off, by their names. */
const SAFER_OFF =
  /(^|\.)(Allow\w*|\w*PullRequestPreview|Disable(?!Api(Termination|Stop)|ExecuteApi|PasswordAuth)\w*|\w*Disabled|Bypass\w*|Skip\w*|Ignore\w*|Force\w*|Exclude\w*|\w*Public\w*|Insecure\w*|Suppress\w*|Overwrite\w*|Delete(On|With|Associated|All|Reports|Source)\w*|EmptyOnDelete|AutoMinorVersionUpgrade|TerminateInstance\w*|No[A-Z]\w*|Inverted?|Negated?|DryRun|Debug\w*|ReplaceComputeEnvironment|UsePrevious\w*|\w*Suspended|IsPaused|Blackhole|ExpiredObjectDeleteMarker)$/;

/** Numbers of which less is no loss, by their names. */
const LESS_IS_FINE =
  /(^|\.)(\w*(Threshold|Cutoff\w*|Ttl|TTL|Priority|Weight|Interval|Delay|Age|Latency|Order|Port|Jitter|Offset|Timeout\w*|Period|Cooldown|Window\w*|Duration\w*|Expiration|BatchSize|Price|Amount|Cost\w*|Percent(age)?|Version|Level|Rate|Row|Column|Width|Height|Degree|Id|Index|Percentile))$/;

const GENERAL: readonly GeneralSetting[] = [
  {
    property: SAFER_OFF,
    worse: turnedOn,
    severity: 'caution',
    why: 'A check or a safeguard no longer holds, by the name of the property.',
    fix: 'Leave it off, or say in the change what protects instead.',
  },
  {
    property: /^(Definition|Content|SchemaDefinition|Body)$/,
    types: /^AWS::(AppSync::GraphQLSchema|EventSchemas::Schema|Glue::Schema(Version)?|ApiGateway(V2)?::\w+)$/,
    worse: losesWords,
    severity: 'caution',
    why: 'Programs that ask for a type, a field or a path that is gone get an error.',
    fix: 'Keep what is gone until no client asks for it any more.',
  },
  {
    property: /(^|\.)ServerProperties$/,
    worse: changed,
    severity: 'caution',
    why: 'The brokers obey other properties: how many copies a record has, who may connect, what is kept.',
    fix: 'Compare the properties one by one.',
    link: 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html',
  },
  {
    property: /(^|\.)(Branch|BranchName|SourceVersion)$/,
    worse: changed,
    severity: 'caution',
    why: 'Other sources are built and deployed from then on.',
    fix: 'Check who may push to that branch.',
  },
  {
    property: /(^|\.)IntrospectionConfig$/,
    worse: turnedOn,
    severity: 'caution',
    why: 'Everybody who may send a query can list all types, fields and mutations.',
    fix: 'Keep it DISABLED in production.',
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

/** A text in which some of its words occur less often: a definition of an interface that lost a type or a field. */
function losesWords(after: unknown, before: unknown): boolean {
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

/** The net for values: a switch that is off, a weaker word, a smaller number, in any service. */
export const weakened: Rule = {
  name: 'weakened',
  severities: ['caution'],
  summary:
    'In any service, a switch that was on is off, a mode is weaker or another, a number is lower, or another resource is named, and no rule knows the property better.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html',
  general: GENERAL,
};

/** How a value that no other rule is about got weaker; undefined when it did not, or nobody can tell. */
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
      ? 'Programs reach another address or resource than before.'
      : undefined;
  if (typeof before === 'string' && typeof after === 'string' && step(after) < step(before))
    return 'It is weaker than before, by the words for it.';
  if (/SecurityGroup(Id)?s$/.test(at)) return 'It names another security group than before.';
  if (isWider(after, before)) return 'It reaches more than before: all below that path, or all that fits.';
  if (isArn(before) && isArn(after)) return 'It names another resource than before.';
  if (isKnown) return undefined;
  if (isSwitch(before) && isSwitch(after))
    return String(before) === 'true' && !SAFER_OFF.test(at) ? 'It was on and is off.' : undefined;
  if (number(after) === 0 && more(before, 0) && !NOTHING_IS_FINE.test(at))
    return 'It is off: there is none of it.';
  // More or less of a parameter is fine-tuning.
  if (OF_GROUPS.test(resourceType))
    return number(after) === undefined ? 'It is another mode than before.' : undefined;
  if (LIMITS_WORK.test(at) && less(after, before) && !more(number(after)! * 4, before))
    return 'It is a quarter of what it was, or less.';
  if (less(after, before)) return LESS_IS_FINE.test(at) ? undefined : 'It is lower than before.';
  if (typeof before === 'object' || typeof after === 'object')
    return isSomething(before) && isSomething(after) ? 'It names another resource than before.' : undefined;
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  if (NAMES_ANOTHER.test(at)) return 'It names another resource than before.';
  const name = at.slice(at.lastIndexOf('.') + 1);
  const isChoice =
    schemaOf(resourceType)?.choices?.includes(name) === true ||
    (CONSTANT.test(before) && CONSTANT.test(after));
  if (isChoice) return step(after) === step(before) ? 'It is another mode than before.' : undefined;
  return isAnotherText(resourceType, at, after, before);
}

/** How a text got another one that nobody knows; undefined for those that say more, later or to people. */
function isAnotherText(type: string, at: string, after: string, before: string): string | undefined {
  if (type.startsWith('Custom::') || (type === 'AWS::SSM::Parameter' && at === 'Value')) return undefined;
  if (/^\s*[[{]|\n/.test(before))
    return losesWords(after, before) ? 'The text loses something that it said before.' : undefined;
  if (number(before) !== undefined && number(after) !== undefined) return undefined;
  if (/ScheduleExpression$|Schedule$/.test(at) && isAsOften(after, before)) return undefined;
  if (step(after) === 2 && (isOn(before) || isOn(after))) return undefined;
  if (OF_VERSIONS.test(at) && isLater(after, before)) return undefined;
  return 'It is another value than before.';
}

/** Properties that name one of several versions. */
const OF_VERSIONS = /(Version|Runtime|Image|Release|Revision|Label|EndpointConfigName|Tag|Model\w*)$/;

/** Groups of parameters, each of which a database or cache obeys. */
const OF_GROUPS = /ParameterGroup$/;

/** Properties that name a role, a key, a place or another resource. */
const NAMES_ANOTHER =
  /(^|\.)\w*(Arn|ARN|Arns|ARNs|Roles?|RoleName|InstanceProfile|Bucket|BucketName|TableName|TopicName|StreamName|FunctionName|RepositoryName|KeyId|GroupIds?|SecurityGroups?|Groups|PolicyId|CertificateId|HomeDirectory|InvocationEndpoint)$/;

/** Times after which work is ended, and shares of what is looked at. */
const LIMITS_WORK = /(^|\.)\w*(Rate|Timeout|TimeoutInMinutes|TimeoutSeconds|AttemptDurationSeconds)$/;

/** Numbers that may as well be zero. */
const NOTHING_IS_FINE =
  /(^|\.)\w*(Delay\w*|Cooldown\w*|Offset|Order|Jitter\w*|Priority|Row|Column|Index|\w*Batching\w*|Compression\w*|FromPort|X|Y)$/;

/** Matches the properties that a program receives. Only the program knows their meaning. */
const OF_PROGRAMS =
  /(^|\.)(Environment(?=\.(Variables|Name|Value)\b|$)|\w*Variables|DefaultArguments|Input|Definition\w*|DashboardBody|Payload|Command|EntryPoint|UserData|BuildSpec)(\.|$)/;

/** Variables of programs that name what the program calls. */
const NAMES_ADDRESS =
  /(^|[._])\w*?(HOST(NAME)?|ENDPOINT|ADDRESS|ARN|TABLE(_?NAME)?|BUCKET(_?NAME)?|QUEUE(_?URL|_?NAME)?|TOPIC(_?ARN)?|ROLE|DATABASE|DB_?NAME|STREAM(_?NAME)?|CLUSTER|FUNCTION(_?NAME)?)$/i;

/** A word of a few that a service knows. */
const CONSTANT = /^[A-Z][A-Z0-9]+(_[A-Z0-9]+)*$/;

/** `/inbox` after `/inbox/partner`, or `geo:*` after `geo:GetMap*`: the new text takes the former one in. */
function isWider(after: unknown, before: unknown): boolean {
  if (typeof after !== 'string' || typeof before !== 'string') return false;
  if (after.includes('*') && !/^(cron|rate)\(/.test(after)) return matches(after, before);
  if (!/^(s3:\/)?\/[\w${}.*-]/.test(before)) return false;
  return after.length < before.length && before.startsWith(after.endsWith('/') ? after : `${after}/`);
}

const isArn = (value: unknown): boolean => typeof value === 'string' && value.startsWith('arn:');

const isSwitch = (value: unknown): boolean => /^(true|false)$/.test(String(value));

/** The path up to the name of a variable, which some services write beside its value. */
const variableOf = (path: string): string => path.replace(/\[([^\]]+)\]\.Value$/, '.$1');

const isAddress = (value: unknown): boolean => typeof value === 'object' || /[^\d]/.test(String(value));
